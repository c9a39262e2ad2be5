/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Accepted TCP connections, in the thread that accepts them.
 *
 * Hooks by tier
 *   fentry      fexit of inet_csk_accept
 *   kprobe      inet_csk_accept and its return
 *   tracepoint  sys_exit of accept, accept4 and, for 32-bit programs, socketcall: the socket of the new descriptor
 *
 * Maps
 *   accepts  hash, 4096 on the kprobe tier, else 1: thread id -> unused
 */
#ifndef KTOP_ACCEPT_BPF_H
#define KTOP_ACCEPT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "argument.bpf.h"
#include "file.bpf.h"
#include "in_flight.bpf.h"
#include "sys_tracepoints.bpf.h"
#include "tcp.bpf.h"

/* Defined by the tool: whether the current thread's accepts are traced, and what it does with the socket of one. */
static __always_inline bool accept_is_traced(void);
static __always_inline void on_accepted(struct sock *sk);

/* Arguments of inet_csk_accept, from the kernel's BTF: 2 since 6.10 (92ef0fd55ac8: struct proto_accept_arg), 4 before. */
const volatile __u32 accept_argument_count = 2;

/* Calls of which the kprobe tier saw the start. User space sets the size on the kprobe tier. */
IN_FLIGHT(accepts, 1, __u32, __u8);

SEC("fexit/inet_csk_accept")
int inet_csk_accept_exit__fentry(__u64 *ctx)
{
	struct sock *sk = (struct sock *)trampoline_argument(ctx, accept_argument_count);

	if (sk && accept_is_traced())
		on_accepted(sk);
	return 0;
}

SEC("kprobe/inet_csk_accept")
int BPF_KPROBE(inet_csk_accept_enter__kprobe)
{
	__u32 tid = current_tid();
	__u8 unused = 0;

	if (accept_is_traced())
		begin_in_flight(&accepts, &tid, &unused);
	return 0;
}

SEC("kretprobe/inet_csk_accept")
int BPF_KRETPROBE(inet_csk_accept_exit__kprobe, struct sock *sk)
{
	__u32 tid = current_tid();

	if (!accept_is_traced() || !find_in_flight(&accepts, &tid))
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

	if (ret < 0 || is_other_socketcall(call) || !accept_is_traced())
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

#endif
