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
 *   accepts  lib/accept.bpf.h
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

#include "lib/accept.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/tcp.bpf.h"
#include "tcpaccept.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

EVENTS(512 * 1024, struct tcpaccept_event);

static __always_inline bool accept_is_traced(void)
{
	return current_passes_filters();
}

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
	submit_event(&events, event);
}
