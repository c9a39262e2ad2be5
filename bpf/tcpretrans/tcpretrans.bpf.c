// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * tcpretrans: each retransmission of TCP, with the connection and its owner.
 *
 * Hooks by tier
 *   all         tcp_retransmit_skb, tcp_retransmit_synack; inet_sock_set_state, for the owner of a connection that a program makes or a
 *               port that it listens at: tp_btf, or raw tracepoints if tp_btf does not load
 *   and those of lib/accept.bpf.h, for the owner of an accepted connection; and for that of one made before the programs were attached:
 *   fentry      tcp_sendmsg, and before 6.5 tcp_sendpage
 *   kprobe      the same
 *   tracepoint  sock_send_length (6.3); without it such owners are unknown
 *
 * Maps
 *   owners   LRU hash, 32768: address of a sock -> struct tcp_owner: 3.1 MB. The entry is deleted when the connection is closed; of more
 *            connections the owners last noted are known
 *   accepts  lib/accept.bpf.h
 *   events   ring buffer, 512 KiB: struct tcpretrans_event
 *
 * Cost: a hash lookup when a program sends through TCP. A retransmission writes a record of 80 bytes.
 *
 * Caveats
 *   - A retransmission that fails locally, without a route for example, is not reported: RetransSegs of /proc/net/snmp counts it,
 *     TCPRetransFail of /proc/net/netstat too. Older kernels do not pass it to tcp_retransmit_skb either.
 *   - A tail loss probe is known by the pending timer and the state of congestion control; one that sends new data is no
 *     retransmission.
 *   - Of MPTCP the subflows are reported.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/accept.bpf.h"
#include "lib/argument.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/tcp.bpf.h"
#include "lib/tcp_owner.bpf.h"
#include "tcpretrans.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* tcp_retransmit_skb has a third argument, the error; it then also reports what was not sent. */
const volatile bool has_error = false;

LRU_HASH(owners, 32768, __u64, struct tcp_owner);

EVENTS(512 * 1024, struct tcpretrans_event);

/* include/net/inet_connection_sock.h: the timer that runs; include/uapi/linux/tcp.h: enum tcp_ca_state */
#define ICSK_TIME_LOSS_PROBE 5
#define TCP_CA_RECOVERY 3

/* Notes the current thread, in a system call on the socket, as its owner. */
static __always_inline void note_owner(struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct tcp_owner owner = {};

	set_owner(&owner);
	bpf_map_update_elem(&owners, &key, &owner, BPF_ANY);
}

static __always_inline void note_first_use(struct sock *sk)
{
	__u64 key = (__u64)sk;

	if (!bpf_map_lookup_elem(&owners, &key))
		note_owner(sk);
}

/* A probe is sent from its timer before the recovery of losses starts: net/ipv4/tcp_output.c, tcp_schedule_loss_probe() */
static __always_inline bool is_loss_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;

	return BPF_CORE_READ(icsk, icsk_pending) == ICSK_TIME_LOSS_PROBE &&
	       BPF_CORE_READ_BITFIELD_PROBED(icsk, icsk_ca_state) < TCP_CA_RECOVERY;
}

/* An event with connection and owner; the caller fills in the rest and submits it. NULL: it is not reported. */
static __always_inline struct tcpretrans_event *begin_event(struct sock *owned, const struct tcp_ends *ends)
{
	__u64 key = (__u64)owned;
	struct tcp_owner *owner = bpf_map_lookup_elem(&owners, &key);
	struct tcpretrans_event *event;

	if (!owner_passes_filters(owner) || !ip_passes_filter(ends))
		return 0;
	event = reserve_event(&events, sizeof(*event));
	if (count_if_lost(event))
		return 0;
	event->time_ns = bpf_ktime_get_ns();
	__builtin_memcpy(event->laddr, ends->local, sizeof(event->laddr));
	__builtin_memcpy(event->raddr, ends->remote, sizeof(event->raddr));
	event->lport = ends->local_port;
	event->rport = ends->remote_port;
	event->pid = 0;
	event->cgroup_id = 0;
	event->uid = 0;
	event->comm[0] = 0;
	if (owner) {
		event->pid = owner->pid;
		event->cgroup_id = owner->cgroup_id;
		event->uid = owner->uid;
		__builtin_memcpy(event->comm, owner->comm, sizeof(event->comm));
	}
	return event;
}

static __always_inline void on_retransmit(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *segment = (struct tcp_skb_cb *)&skb->cb;
	struct tcpretrans_event *event;
	struct tcp_ends ends = {};

	read_tcp_ends(sk, &ends);
	event = begin_event(sk, &ends);
	if (!event)
		return;
	event->seq = BPF_CORE_READ(segment, seq);
	event->segs = BPF_CORE_READ(segment, tcp_gso_segs);
	event->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	event->type = is_loss_probe(sk) ? TCPRETRANS_LOSS_PROBE : TCPRETRANS_RETRANSMISSION;
	submit_event(&events, event);
}

/* `listener` has no connection yet. */
static __always_inline void on_retransmit_synack(struct sock *listener, struct request_sock *request)
{
	struct tcpretrans_event *event;
	struct tcp_ends ends = {};

	read_common_ends(&request->__req_common, &ends);
	ends.local_port = BPF_CORE_READ(request, __req_common.skc_num);
	event = begin_event(listener, &ends);
	if (!event)
		return;
	event->seq = 0;
	event->segs = 1;
	event->state = TCP_NEW_SYN_RECV;
	event->type = TCPRETRANS_SYNACK;
	submit_event(&events, event);
}

static __always_inline void on_state(struct sock *sk, int new, const bool direct)
{
	__u64 key = (__u64)sk;

	if (MEMBER(direct, sk, sk_protocol) != IPPROTO_TCP)
		return;
	if (new == TCP_SYN_SENT || new == TCP_LISTEN)
		note_owner(sk);
	else if (new == TCP_CLOSE)
		bpf_map_delete_elem(&owners, &key);
}

static __always_inline bool accept_is_traced(void)
{
	return true;
}

static __always_inline void on_accepted(struct sock *sk)
{
	note_owner(sk);
}

static __always_inline void on_send(struct sock *sk, const bool direct)
{
	if (MEMBER(direct, sk, sk_protocol) == IPPROTO_TCP && is_inet(sk))
		note_first_use(sk);
}

#define TCP_PROGRAMS(kind, section, direct)                                                                         \
	SEC(section "/tcp_retransmit_skb")                                                                          \
	int BPF_PROG(tcp_retransmit_skb_##kind##__tracepoint, struct sock *sk, struct sk_buff *skb)                 \
	{                                                                                                           \
		if (!has_error || !(int)CONTEXT_WORD(ctx, 16))                                                      \
			on_retransmit(sk, skb);                                                                     \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/tcp_retransmit_synack")                                                                       \
	int BPF_PROG(tcp_retransmit_synack_##kind##__tracepoint, struct sock *sk, struct request_sock *request)     \
	{                                                                                                           \
		on_retransmit_synack(sk, request);                                                                  \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/inet_sock_set_state")                                                                         \
	int BPF_PROG(inet_sock_set_state_##kind##__tracepoint, struct sock *sk, int old, int new)                   \
	{                                                                                                           \
		on_state(sk, new, direct);                                                                          \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/sock_send_length")                                                                            \
	int BPF_PROG(sock_send_length_##kind##__tracepoint, struct sock *sk)                                        \
	{                                                                                                           \
		on_send(sk, direct);                                                                                \
		return 0;                                                                                           \
	}

TCP_PROGRAMS(btf, "tp_btf", true)
TCP_PROGRAMS(raw, "raw_tp", false)

#define SEND_PROGRAMS(name)                                                                                         \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, struct sock *sk)                                                         \
	{                                                                                                           \
		note_first_use(sk);                                                                                 \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct sock *sk)                                                       \
	{                                                                                                           \
		note_first_use(sk);                                                                                 \
		return 0;                                                                                           \
	}

SEND_PROGRAMS(tcp_sendmsg)
SEND_PROGRAMS(tcp_sendpage)
