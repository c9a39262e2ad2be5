// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * tcplife: each TCP connection when it is closed, with its owner, how long it was established, and the bytes of data in both directions.
 *
 * Hooks by tier
 *   all  inet_sock_set_state: tp_btf, or a raw tracepoint if tp_btf does not load
 *   and those of lib/accept.bpf.h, for the owner of an accepted connection
 *
 * Maps
 *   connections  hash, 32768: address of a sock -> struct connection: 3.7 MB. The entry is deleted when the connection is closed
 *   accepts      lib/accept.bpf.h
 *   events       ring buffer, 512 KiB: struct tcplife_event
 *
 * Cost: a connection inserts into a hash, looks it up three to five times, deletes from it, and writes a record of 104 bytes. Data costs
 * nothing: the kernel counts it.
 *
 * Caveats
 *   - A connection that was under way when the programs were attached is not reported.
 *   - One that was never established is not reported: tcpconnect shows it.
 *   - Data that the other end had not acknowledged when it reset the connection is not in tx_bytes.
 *   - The owner is the process that connected or accepted, or else the one that closed the connection or shut it down. It is unknown
 *     if the accept was not seen (the caveats of lib/accept.bpf.h) and the other end reset the connection.
 *   - Of MPTCP the subflows are reported.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/accept.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/tcp.bpf.h"
#include "lib/tcp_owner.bpf.h"
#include "tcplife.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only these remote ports, one bit each; used when filter_remote_ports_on. The local ones are filter_ports. */
const volatile __u8 filter_remote_ports[65536 / 8] = {};
const volatile bool filter_remote_ports_on = false;

struct connection {
	/* CLOCK_MONOTONIC; 0: not yet. */
	__u64 established_ns;
	struct tcp_owner owner;
	/* This end sent the first SYN. */
	bool active;
};

IN_FLIGHT(connections, 32768, __u64, struct connection);

EVENTS(512 * 1024, struct tcplife_event);

/* include/net/sock.h: enum sock_flags. Set when the FIN of the other end is received: net/ipv4/tcp_input.c, tcp_fin() */
#define SOCK_DONE 1

static __always_inline bool has_received_fin(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE & 1;
}

/* A FIN is the last byte of the sequence. `state`: before TCP_CLOSE. */
static __always_inline bool fin_was_acknowledged(struct tcp_sock *tcp, int state)
{
	if (state != TCP_FIN_WAIT1 && state != TCP_FIN_WAIT2 && state != TCP_CLOSING && state != TCP_LAST_ACK &&
	    state != TCP_TIME_WAIT)
		return false;
	return BPF_CORE_READ(tcp, snd_una) == BPF_CORE_READ(tcp, write_seq);
}

/* The kernel counts SYN and FIN as one byte each, but not the SYN of an accepted connection. */
static __always_inline __u64 without_control(__u64 bytes, __u64 control)
{
	return bytes > control ? bytes - control : 0;
}

static __always_inline bool ends_pass_filters(struct sock *sk)
{
	struct tcp_ends ends = {};

	read_tcp_ends(sk, &ends);
	return ip_passes_filter(&ends) && port_passes_filter(ends.local_port) &&
	       (!filter_remote_ports_on || has_port(filter_remote_ports, ends.remote_port));
}

static __always_inline void begin_active(struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct connection connection = { .active = true };

	if (set_owner(&connection.owner))
		begin_in_flight(&connections, &key, &connection);
	else
		discard_stale(&connections, &key);
}

/* Notes the current thread as owner, if the connection is traced and has none. */
static __always_inline void note_owner(struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct connection *connection = find_in_flight(&connections, &key);

	if (connection && !connection->owner.pid && !set_owner(&connection->owner))
		end_in_flight(&connections, &key);
}

/* An active connection has an entry; a passive one gets it now, from the interrupt of a packet. */
static __always_inline void establish(struct sock *sk, int old)
{
	__u64 key = (__u64)sk;
	struct connection *active = find_in_flight(&connections, &key);
	struct connection passive = {};

	if (!ends_pass_filters(sk)) {
		if (active)
			end_in_flight(&connections, &key);
	} else if (active) {
		active->established_ns = bpf_ktime_get_ns();
	} else if (old == TCP_SYN_RECV) {
		passive.established_ns = bpf_ktime_get_ns();
		begin_in_flight(&connections, &key, &passive);
	}
}

static __always_inline void report(struct sock *sk, int state, const struct connection *connection)
{
	struct tcplife_event *event = reserve_event(&events, sizeof(*event));
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct tcp_ends ends = {};

	if (count_if_lost(event))
		return;
	read_tcp_ends(sk, &ends);
	event->time_ns = bpf_ktime_get_ns();
	event->life_ns = event->time_ns - connection->established_ns;
	event->tx_bytes = without_control(BPF_CORE_READ(tcp, bytes_acked), connection->active + fin_was_acknowledged(tcp, state));
	event->rx_bytes = without_control(BPF_CORE_READ(tcp, bytes_received), has_received_fin(sk));
	__builtin_memcpy(event->laddr, ends.local, sizeof(event->laddr));
	__builtin_memcpy(event->raddr, ends.remote, sizeof(event->raddr));
	event->lport = ends.local_port;
	event->rport = ends.remote_port;
	event->pid = connection->owner.pid;
	event->cgroup_id = connection->owner.cgroup_id;
	event->uid = connection->owner.uid;
	__builtin_memcpy(event->comm, connection->owner.comm, sizeof(event->comm));
	submit_event(&events, event);
}

static __always_inline void end_connection(struct sock *sk, int state)
{
	__u64 key = (__u64)sk;
	struct connection *connection = find_in_flight(&connections, &key);

	if (!connection)
		return;
	if (connection->established_ns && owner_passes_filters(&connection->owner))
		report(sk, state, connection);
	end_in_flight(&connections, &key);
}

static __always_inline void on_state(struct sock *sk, int old, int new, const bool direct)
{
	if (MEMBER(direct, sk, sk_protocol) != IPPROTO_TCP)
		return;
	switch (new) {
	case TCP_SYN_SENT:
		begin_active(sk);
		break;
	case TCP_ESTABLISHED:
		establish(sk, old);
		break;
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		/* By close(2), shutdown(2) or the end of the process: net/ipv4/tcp.c, tcp_close_state() */
		note_owner(sk);
		break;
	case TCP_CLOSE:
		end_connection(sk, old);
		break;
	}
}

static __always_inline bool accept_is_traced(void)
{
	return true;
}

static __always_inline void on_accepted(struct sock *sk)
{
	note_owner(sk);
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
