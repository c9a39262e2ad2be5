// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * tcpaccept: each passive TCP connection, when a program accepts it.
 *
 * Hooks by tier
 *   fentry      fexit of inet_csk_accept
 *   kprobe      inet_csk_accept and its return
 *   tracepoint  sys_exit of accept, accept4 and, for 32-bit programs, socketcall: the socket of the new descriptor
 *
 * Maps
 *   accepts  hash, 4096 on the kprobe tier, else 1: thread id -> unused
 *   events   ring buffer, 512 KiB: struct tcpaccept_event
 *
 * Cost: a record of 72 bytes for each accepted connection. On the tracepoint tier every other system call of the machine runs the program
 * up to the check of its number.
 *
 * Caveats
 *   - fentry, kprobe: a thread that waits in accept when the programs are attached is not traced until it calls accept again.
 *   - kprobe: the kernel traces the returns of a bounded number of waiting threads; the others are counted as lost when they call accept
 *     again.
 *   - tracepoint: not io_uring, MPTCP, and the kernel's own servers (nfsd). A descriptor that another thread closes before accept
 *     returns is counted as lost.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/argument.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/tcp.bpf.h"
#include "tcpaccept.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Arguments of inet_csk_accept, from the kernel's BTF: 2 since 6.10 (92ef0fd55ac8: struct proto_accept_arg), 4 before. */
const volatile __u32 accept_argument_count = 2;

/* Calls of which the kprobe tier saw the start. User space sets the size on the kprobe tier. */
IN_FLIGHT(accepts, 1, __u32, __u8);

EVENTS(512 * 1024, struct tcpaccept_event);

/* The caller passes the filters. */
static __always_inline void on_accepted(struct sock *sk)
{
	struct tcpaccept_event *event;
	struct tcp_ends ends = {};

	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return;
	read_tcp_ends(sk, &ends);
	if (!ip_passes_filter(&ends) || !port_passes_filter(ends.local_port))
		return;
	event = reserve_event(&events, sizeof(*event));
	if (count_if_lost(event))
		return;
	event->time_ns = bpf_ktime_get_ns();
	__builtin_memcpy(event->raddr, ends.remote, sizeof(event->raddr));
	__builtin_memcpy(event->laddr, ends.local, sizeof(event->laddr));
	event->rport = ends.remote_port;
	event->lport = ends.local_port;
	SET_CURRENT_THREAD(event);
	submit_event(event);
}

SEC("fexit/inet_csk_accept")
int inet_csk_accept_exit__fentry(__u64 *ctx)
{
	struct sock *sk = (struct sock *)trampoline_argument(ctx, accept_argument_count);

	if (sk && current_passes_filters())
		on_accepted(sk);
	return 0;
}

SEC("kprobe/inet_csk_accept")
int BPF_KPROBE(inet_csk_accept_enter__kprobe)
{
	__u32 tid = current_tid();
	__u8 unused = 0;

	if (current_passes_filters())
		begin_in_flight(&accepts, &tid, &unused);
	return 0;
}

SEC("kretprobe/inet_csk_accept")
int BPF_KRETPROBE(inet_csk_accept_exit__kprobe, struct sock *sk)
{
	__u32 tid = current_tid();

	if (!current_passes_filters() || !find_in_flight(&accepts, &tid))
		return 0;
	end_in_flight(&accepts, &tid);
	if (sk)
		on_accepted(sk);
	return 0;
}

#define ACCEPT_SYSCALLS(CALL)                                                                                       \
	CALL(SYS_ACCEPT, true)                                                                                      \
	CALL(SYS_ACCEPT4, true)                                                                                     \
	CALL(SYS_SOCKETCALL, true)

REPORTED_SYSCALLS(bool, is_accept, false, ACCEPT_SYSCALLS)

/* First argument of socketcall: include/uapi/linux/net.h */
enum { SOCKETCALL_ACCEPT = 5, SOCKETCALL_ACCEPT4 = 18 };

static __always_inline bool is_other_socketcall(const struct syscall *call)
{
	__u32 function = call->arguments[0];

	return call->number == SYS_SOCKETCALL && function != SOCKETCALL_ACCEPT && function != SOCKETCALL_ACCEPT4;
}

static __always_inline void on_accept_exit(const struct syscall *call, long ret)
{
	struct file *file;
	struct socket *socket;
	struct sock *sk;

	if (ret < 0 || is_other_socketcall(call) || !current_passes_filters())
		return;
	file = file_from_fd((__u32)ret);
	if (!file || file_type(file) != S_IFSOCK) {
		count_lost_key();
		return;
	}
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (sk && is_inet(sk))
		on_accepted(sk);
}

SYS_EXIT_PROGRAM(on_accept_exit)
