/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What tcpaccept passes to user space. */
#ifndef KTOP_TCPACCEPT_H
#define KTOP_TCPACCEPT_H

/* An accepted connection. */
struct tcpaccept_event {
	/* CLOCK_MONOTONIC when it was accepted, nanoseconds. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d */
	__u8 raddr[16];
	__u8 laddr[16];
	/* In host byte order. */
	__u16 rport;
	__u16 lport;
	/* The caller. */
	__u32 pid;
	__u32 tid;
	__u32 uid;
	char comm[16];
};

#endif
