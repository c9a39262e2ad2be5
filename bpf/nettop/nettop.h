/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What nettop passes to user space. */
#ifndef KTOP_NETTOP_H
#define KTOP_NETTOP_H

/* The sockets of a process with the same protocol, ports and addresses. */
struct nettop_key {
	__u32 pid;
	/* IPPROTO_TCP or IPPROTO_UDP. */
	__u32 protocol;
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d; zero: none. */
	__u8 laddr[16];
	__u8 raddr[16];
	/* In host byte order. */
	__u16 lport;
	__u16 rport;
};

/* In an interval. */
struct nettop_value {
	__u64 rx_bytes;
	__u64 tx_bytes;
	/* Calls that moved bytes or a datagram. */
	__u64 rx_calls;
	__u64 tx_calls;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Of the process's main thread. */
	char comm[16];
};

#endif
