/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What tcplife passes to user space. */
#ifndef KTOP_TCPLIFE_H
#define KTOP_TCPLIFE_H

/* A connection that was closed. */
struct tcplife_event {
	/* CLOCK_MONOTONIC when it was closed, nanoseconds. */
	__u64 time_ns;
	/* From its establishment until time_ns, nanoseconds. */
	__u64 life_ns;
	/* Bytes of data that the other end acknowledged, and that were received in order. */
	__u64 tx_bytes;
	__u64 rx_bytes;
	/* Of the process. */
	__u64 cgroup_id;
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d */
	__u8 laddr[16];
	__u8 raddr[16];
	/* In host byte order. */
	__u16 lport;
	__u16 rport;
	/* The owner; pid 0: unknown. */
	__u32 pid;
	__u32 uid;
	char comm[16];
};

#endif
