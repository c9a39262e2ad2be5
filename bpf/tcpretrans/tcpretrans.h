/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What tcpretrans passes to user space. */
#ifndef KTOP_TCPRETRANS_H
#define KTOP_TCPRETRANS_H

/* Why it was sent again. */
enum tcpretrans_type {
	TCPRETRANS_RETRANSMISSION,
	/* As a tail loss probe, RFC 8985. */
	TCPRETRANS_LOSS_PROBE,
	/* A SYN-ACK. */
	TCPRETRANS_SYNACK,
};

/* A retransmission. */
struct tcpretrans_event {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d */
	__u8 laddr[16];
	__u8 raddr[16];
	/* In host byte order. */
	__u16 lport;
	__u16 rport;
	/* The sequence number of its first byte; of a SYN-ACK 0. */
	__u32 seq;
	/* Segments in it. */
	__u32 segs;
	/* enum tcp_state */
	__u32 state;
	/* enum tcpretrans_type */
	__u32 type;
	/* The owner; pid 0: unknown. */
	__u32 pid;
	__u32 uid;
	char comm[16];
};

#endif
