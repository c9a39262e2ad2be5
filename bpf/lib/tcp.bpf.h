/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * TCP sockets: the addresses and ports of a connection, and the filters by IP version and port.
 */
#ifndef KTOP_TCP_BPF_H
#define KTOP_TCP_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* include/linux/socket.h, include/uapi/linux/in.h */
#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17

/* include/net/tcp_states.h; the same since 5.10 */
enum tcp_state {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_SYN_RECV = 3,
	TCP_CLOSE = 7,
};

/* Only this IP version, 4 or 6; 0: both. */
const volatile __u8 filter_ip = 0;
/* Only these ports, one bit each; used when filter_ports_on. */
const volatile __u8 filter_ports[65536 / 8] = {};
const volatile bool filter_ports_on = false;

/* The two ends of a connection. */
struct tcp_ends {
	/* In network byte order; an IPv4 address is mapped: ::ffff:a.b.c.d */
	__be32 local[4];
	__be32 remote[4];
	/* In host byte order; 0: none yet. */
	__u16 local_port;
	__u16 remote_port;
};

static __always_inline void map_ipv4(__be32 address[4], __be32 ipv4)
{
	address[0] = 0;
	address[1] = 0;
	address[2] = bpf_htonl(0xffff);
	address[3] = ipv4;
}

static __always_inline bool is_ipv4(const __be32 address[4])
{
	return !address[0] && !address[1] && address[2] == bpf_htonl(0xffff);
}

/* False for a socket of another family: its protocol numbers mean something else. */
static __always_inline bool is_inet(struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return family == AF_INET || family == AF_INET6;
}

/*
 * The local port. Not skc_num: it is already 0 when a socket changes its state to TCP_CLOSE (net/ipv4/inet_hashtables.c:
 * inet_put_port()).
 */
static __always_inline __u16 local_port(struct sock *sk)
{
	return bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
}

/* An IPv4 connection through an IPv6 socket has mapped addresses in the socket, too. */
static __always_inline void read_tcp_ends(struct sock *sk, struct tcp_ends *ends)
{
	struct sock_common *common = &sk->__sk_common;

	if (BPF_CORE_READ(common, skc_family) == AF_INET) {
		map_ipv4(ends->local, BPF_CORE_READ(common, skc_rcv_saddr));
		map_ipv4(ends->remote, BPF_CORE_READ(common, skc_daddr));
	} else if (bpf_core_field_exists(common->skc_v6_daddr)) {
		BPF_CORE_READ_INTO(&ends->local, common, skc_v6_rcv_saddr.in6_u.u6_addr32);
		BPF_CORE_READ_INTO(&ends->remote, common, skc_v6_daddr.in6_u.u6_addr32);
	}
	ends->local_port = local_port(sk);
	ends->remote_port = bpf_ntohs(BPF_CORE_READ(common, skc_dport));
}

static __always_inline bool ip_passes_filter(const struct tcp_ends *ends)
{
	return !filter_ip || (is_ipv4(ends->remote) ? 4 : 6) == filter_ip;
}

static __always_inline bool port_passes_filter(__u16 port)
{
	__u32 index = port / 8;

	/* Keeps the mask, which the compiler knows to be unnecessary and the verifier does not. */
	asm volatile("" : "+r"(index));
	index &= sizeof(filter_ports) - 1;
	return !filter_ports_on || (filter_ports[index] >> port % 8 & 1);
}

#endif
