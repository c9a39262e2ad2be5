// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * tcpconnect: each active TCP connection, with its caller, its result and how long it took to connect.
 *
 * Hooks by tier
 *   tracepoint  inet_sock_set_state: tp_btf, or a raw tracepoint if tp_btf does not load. The change to SYN_SENT is made by the
 *               caller of connect(2), sendto(2) with MSG_FASTOPEN, or io_uring; the next one is the result
 *   No other tier: the tracepoint is stable and cheap.
 *
 * Maps
 *   connects  hash, 10240: address of a sock -> struct connect_start: 1.3 MB. The entry is deleted when the connect ends
 *   events    ring buffer, 512 KiB: struct tcpconnect_event
 *
 * Cost: a connect inserts into a hash, deletes from it and writes a record of 88 bytes; an accepted connection looks up the hash once.
 * Other changes of state run a few instructions.
 *
 * Caveats
 *   - A connect is reported when it ends. One that was under way when the programs were attached is not.
 *   - A connect that fails before SYN_SENT (no route, an invalid address) changes no state and is not seen.
 *   - The error is sk_err, which a socket without an answer does not have when its caller closes it, nor one for which no local port
 *     was free: net/ipv4/tcp_ipv4.c, tcp_v4_connect().
 *   - Of MPTCP the subflows are reported, those that the kernel adds with a thread of the kernel as their caller.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/emit.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/tcp.bpf.h"
#include "tcpconnect.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct connect_start {
	__u64 time_ns;
	__u64 cgroup_id;
	struct tcp_ends ends;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	char comm[16];
};

IN_FLIGHT(connects, 10240, __u64, struct connect_start);

EVENTS(512 * 1024, struct tcpconnect_event);

/* Whether the current thread's connect is reported. Fills in its ends. */
static __always_inline bool connect_passes_filters(struct sock *sk, struct connect_start *start)
{
	if (!current_passes_filters())
		return false;
	read_tcp_ends(sk, &start->ends);
	return ip_passes_filter(&start->ends) && port_passes_filter(start->ends.remote_port);
}

static __always_inline void begin_connect(struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct connect_start start = {};

	if (!connect_passes_filters(sk, &start)) {
		discard_stale(&connects, &key);
		return;
	}
	start.time_ns = bpf_ktime_get_ns();
	SET_CURRENT_THREAD(&start);
	begin_in_flight(&connects, &key, &start);
}

/* 0 if the connect succeeded, a negative error number, or TCPCONNECT_UNKNOWN. */
static __always_inline int connect_result(struct sock *sk, int state, const bool direct)
{
	int error;

	if (state == TCP_ESTABLISHED)
		return 0;
	error = MEMBER(direct, sk, sk_err);
	return error ? -error : TCPCONNECT_UNKNOWN;
}

static __always_inline void end_connect(struct sock *sk, int state, const bool direct)
{
	__u64 key = (__u64)sk;
	struct connect_start *start = find_in_flight(&connects, &key);
	struct tcpconnect_event *event;

	if (!start)
		return;
	event = reserve_event(&events, sizeof(*event));
	if (!count_if_lost(event)) {
		event->time_ns = bpf_ktime_get_ns();
		event->lat_ns = event->time_ns - start->time_ns;
		__builtin_memcpy(event->saddr, start->ends.local, sizeof(event->saddr));
		__builtin_memcpy(event->daddr, start->ends.remote, sizeof(event->daddr));
		/* The kernel chooses the port after SYN_SENT. */
		event->lport = local_port(sk);
		event->dport = start->ends.remote_port;
		event->ret = connect_result(sk, state, direct);
		event->pid = start->pid;
		event->tid = start->tid;
		event->uid = start->uid;
		event->cgroup_id = start->cgroup_id;
		__builtin_memcpy(event->comm, start->comm, sizeof(event->comm));
		submit_event(&events, event);
	}
	end_in_flight(&connects, &key);
}

static __always_inline void on_state(struct sock *sk, int old, int new, const bool direct)
{
	if (new == TCP_SYN_SENT) {
		if (MEMBER(direct, sk, sk_protocol) == IPPROTO_TCP)
			begin_connect(sk);
	} else if (old == TCP_SYN_SENT || old == TCP_SYN_RECV) {
		/* Two ends that connect to each other at once pass through SYN_RECV. */
		if (new != TCP_SYN_RECV)
			end_connect(sk, new, direct);
	}
}

#define STATE_PROGRAM(kind, section, direct)                                                                        \
	SEC(section "/inet_sock_set_state")                                                                         \
	int BPF_PROG(inet_sock_set_state_##kind##__tracepoint, struct sock *sk, int old, int new)                   \
	{                                                                                                           \
		on_state(sk, old, new, direct);                                                                     \
		return 0;                                                                                           \
	}

STATE_PROGRAM(btf, "tp_btf", true)
STATE_PROGRAM(raw, "raw_tp", false)
