/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What tcpconnect passes to user space. */
#ifndef KTOP_TCPCONNECT_H
#define KTOP_TCPCONNECT_H

/* ret of a connect that the caller gave up, or for which the kernel found no local port. */
#define TCPCONNECT_UNKNOWN 1

/* A finished connect. */
struct tcpconnect_event {
	/* CLOCK_MONOTONIC when it ended, nanoseconds. */
	__u64 time_ns;
	/* From before the SYN until time_ns, nanoseconds. */
	__u64 lat_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d */
	__u8 saddr[16];
	__u8 daddr[16];
	/* In host byte order; lport 0: unknown. */
	__u16 lport;
	__u16 dport;
	/* 0: established; negative: error number; TCPCONNECT_UNKNOWN. */
	__s32 ret;
	/* The caller. */
	__u32 pid;
	__u32 tid;
	__u32 uid;
	char comm[16];
};

#endif
