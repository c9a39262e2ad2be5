// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * nettop: the bytes that processes send and receive through TCP and UDP sockets, and the calls, by connection.
 *
 * Hooks by tier
 *   fentry      fexit of inet_sendmsg, inet6_sendmsg, inet_recvmsg, inet6_recvmsg, tcp_splice_read; before 6.5 also inet_sendpage, for
 *               sendfile and splice (dc97391e6610: they call inet_sendmsg)
 *   kprobe      the same functions and their returns
 *   tracepoint  sock_send_length and sock_recv_length (6.3, 6e6eda44b939): tp_btf, or raw tracepoints; sys_exit of splice, because
 *               tcp_splice_read does not pass sock_recv_length
 *   The sendmsg and recvmsg functions of both protocols have one caller each, through which all calls of programs go: read, recv,
 *   recvmmsg, io_uring, and the kernel's own kernel_recvmsg(). tcp_cleanup_rbuf, which other programs use, is called with sums
 *   while a call waits, and with 1 by setsockopt(TCP_QUICKACK).
 *
 * Maps
 *   flows  two hashes, 10240 each: struct nettop_key -> struct nettop_value. Elements of 48 + 48 + 48 bytes: 3.2 MB with the buckets
 *   calls  calls in flight, 8192 outside the tracepoint tier: struct thread_call -> struct start
 *
 * Cost: a hash lookup and two atomic additions per call. On the kprobe tier a call also inserts into `calls`, looks it up and deletes
 * from it. A call on another kind of socket ends after reading its protocol.
 *
 * Caveats
 *   - Bytes are those that calls returned: retransmissions, headers, and what is still in a send buffer make a difference to the wire.
 *   - A peeked byte (MSG_PEEK) is counted when it is read, and messages of the error queue are not counted.
 *   - A UDP socket that is not connected has no remote address here; a datagram to another address than the connected one counts
 *     for the latter.
 *   - TCP_ZEROCOPY_RECEIVE, zero-copy receives of io_uring, and kernel code that calls tcp_read_sock (nvme-tcp, sockmap) pass none of
 *     these functions; neither does MPTCP, which has another protocol number.
 *   - tracepoint: not splices by io_uring.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/tcp.bpf.h"
#include "nettop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only this protocol, IPPROTO_TCP or IPPROTO_UDP; 0: both. */
const volatile __u32 filter_protocol = 0;
/* The kernel has inet_sendpage. */
const volatile bool has_sendpage = false;

/* include/linux/socket.h */
#define MSG_PEEK 0x2
#define MSG_ERRQUEUE 0x2000

/* include/linux/net.h: enum sock_type. A raw socket can have any protocol. */
enum { SOCK_STREAM = 1, SOCK_DGRAM = 2 };

DOUBLE_HASH(flows, 10240, struct nettop_key, struct nettop_value);

enum call_function { IN_SEND, IN_RECEIVE, IN_SENDPAGE, IN_SPLICE_READ };

struct start {
	struct sock *sk;
	/* MSG_*; 0 if the call has none that matter. */
	__u32 flags;
	/* IN_SENDPAGE: the sendmsg that it called has counted its bytes. */
	__u32 counted;
};

/* User space sets the size: 1 on the tracepoint tier. */
IN_FLIGHT(calls, 8192, struct thread_call, struct start);

enum direction { SEND, RECEIVE };

/* The socket's protocol; 0: it is not counted. `direct`: sk is a pointer that the verifier knows. */
static __always_inline __u32 counted_protocol(struct sock *sk, const bool direct)
{
	__u32 protocol = MEMBER(direct, sk, sk_protocol);
	__u32 type = MEMBER(direct, sk, sk_type);

	if (!(protocol == IPPROTO_TCP && type == SOCK_STREAM) && !(protocol == IPPROTO_UDP && type == SOCK_DGRAM))
		return 0;
	return !is_inet(sk) || (filter_protocol && protocol != filter_protocol) ? 0 : protocol;
}

/* Not inlined, for its stack. */
static __noinline struct nettop_value *find_flow(struct sock *sk, __u32 protocol)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct nettop_key key = { .pid = bpf_get_current_pid_tgid() >> 32, .protocol = protocol };
	struct nettop_value none = {};
	struct nettop_value *value;
	struct tcp_ends ends = {};

	read_tcp_ends(sk, &ends);
	if (!ip_passes_filter(&ends))
		return 0;
	__builtin_memcpy(key.laddr, ends.local, sizeof(key.laddr));
	__builtin_memcpy(key.raddr, ends.remote, sizeof(key.raddr));
	key.lport = ends.local_port;
	key.rport = ends.remote_port;
	value = bpf_map_lookup_elem(ACTIVE(flows), &key);
	if (value)
		return value;
	none.cgroup_id = current_cgroup_id();
	none.uid = current_uid();
	BPF_CORE_READ_STR_INTO(&none.comm, task, group_leader, comm);
	return find_or_insert(ACTIVE(flows), &key, &none);
}

/* Counts a call of the current thread, which passes the filters. `ret`: bytes or a negative error number. */
static __always_inline void count_call(struct sock *sk, long ret, const enum direction direction, const bool direct)
{
	__u32 protocol;
	struct nettop_value *flow;

	if (ret < 0)
		return;
	protocol = counted_protocol(sk, direct);
	/* 0 is an empty datagram, but the end of a stream. */
	if (!protocol || (!ret && protocol == IPPROTO_TCP))
		return;
	flow = find_flow(sk, protocol);
	if (!flow)
		return;
	if (direction == SEND) {
		ADD(flow->tx_bytes, ret);
		ADD(flow->tx_calls, 1);
	} else {
		ADD(flow->rx_bytes, ret);
		ADD(flow->rx_calls, 1);
	}
}

static __always_inline void count_receive(struct sock *sk, long ret, __u32 flags, const bool direct)
{
	if (!(flags & (MSG_PEEK | MSG_ERRQUEUE)))
		count_call(sk, ret, RECEIVE, direct);
}

/*
 * Counts a sendmsg. One that a sendpage of the same socket called (sock_no_sendpage() in net/core/sock.c, if the socket cannot send
 * pages) marks the sendpage as counted: its bytes would be counted twice.
 */
static __always_inline void count_send(struct sock *sk, long ret, const bool direct)
{
	if (has_sendpage && ret > 0) {
		struct thread_call call = current_call(IN_SENDPAGE);
		struct start *outer = find_in_flight(&calls, &call);

		if (outer && outer->sk == sk)
			outer->counted = true;
	}
	count_call(sk, ret, SEND, direct);
}

static __always_inline void begin_call(enum call_function function, struct socket *socket, __u32 flags)
{
	struct thread_call call = current_call(function);
	struct start start = { .flags = flags };

	if (!current_passes_filters())
		return;
	start.sk = BPF_CORE_READ(socket, sk);
	begin_in_flight(&calls, &call, &start);
}

/* Ends a call and returns its start in `start`; false: it is not traced. */
static __always_inline bool end_call(enum call_function function, struct start *start)
{
	struct thread_call call = current_call(function);
	struct start *found;

	if (!current_passes_filters())
		return false;
	found = find_in_flight(&calls, &call);
	if (!found)
		return false;
	*start = *found;
	end_in_flight(&calls, &call);
	return true;
}

static __always_inline void end_sendpage(long ret)
{
	struct start start;

	if (end_call(IN_SENDPAGE, &start) && !start.counted)
		count_call(start.sk, ret, SEND, false);
}

#define SENDMSG_PROGRAMS(name)                                                                                      \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, struct socket *socket, void *message, __u64 size, int ret)                \
	{                                                                                                           \
		if (current_passes_filters())                                                                       \
			count_send(socket->sk, ret, true);                                                          \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct socket *socket)                                                 \
	{                                                                                                           \
		begin_call(IN_SEND, socket, 0);                                                                     \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, int ret)                                                             \
	{                                                                                                           \
		struct start start;                                                                                 \
                                                                                                                    \
		if (end_call(IN_SEND, &start))                                                                      \
			count_send(start.sk, ret, false);                                                           \
		return 0;                                                                                           \
	}

#define RECVMSG_PROGRAMS(name)                                                                                      \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, struct socket *socket, void *message, __u64 size, int flags, int ret)     \
	{                                                                                                           \
		if (current_passes_filters())                                                                       \
			count_receive(socket->sk, ret, flags, true);                                                \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct socket *socket, void *message, __u64 size, int flags)           \
	{                                                                                                           \
		begin_call(IN_RECEIVE, socket, flags);                                                              \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, int ret)                                                             \
	{                                                                                                           \
		struct start start;                                                                                 \
                                                                                                                    \
		if (end_call(IN_RECEIVE, &start))                                                                   \
			count_receive(start.sk, ret, start.flags, false);                                           \
		return 0;                                                                                           \
	}

SENDMSG_PROGRAMS(inet_sendmsg)
SENDMSG_PROGRAMS(inet6_sendmsg)
RECVMSG_PROGRAMS(inet_recvmsg)
RECVMSG_PROGRAMS(inet6_recvmsg)

SEC("fentry/inet_sendpage")
int BPF_PROG(inet_sendpage_enter__fentry, struct socket *socket)
{
	begin_call(IN_SENDPAGE, socket, 0);
	return 0;
}

SEC("fexit/inet_sendpage")
int BPF_PROG(inet_sendpage_exit__fentry, struct socket *socket, void *page, int offset, __u64 size, int flags, long ret)
{
	end_sendpage(ret);
	return 0;
}

SEC("kprobe/inet_sendpage")
int BPF_KPROBE(inet_sendpage_enter__kprobe, struct socket *socket)
{
	begin_call(IN_SENDPAGE, socket, 0);
	return 0;
}

SEC("kretprobe/inet_sendpage")
int BPF_KRETPROBE(inet_sendpage_exit__kprobe, long ret)
{
	end_sendpage(ret);
	return 0;
}

SEC("fexit/tcp_splice_read")
int BPF_PROG(tcp_splice_read_exit__fentry, struct socket *socket, void *position, void *pipe, __u64 size, __u32 flags, long ret)
{
	if (current_passes_filters())
		count_receive(socket->sk, ret, 0, true);
	return 0;
}

SEC("kprobe/tcp_splice_read")
int BPF_KPROBE(tcp_splice_read_enter__kprobe, struct socket *socket)
{
	begin_call(IN_SPLICE_READ, socket, 0);
	return 0;
}

SEC("kretprobe/tcp_splice_read")
int BPF_KRETPROBE(tcp_splice_read_exit__kprobe, long ret)
{
	struct start start;

	if (end_call(IN_SPLICE_READ, &start))
		count_receive(start.sk, ret, 0, false);
	return 0;
}

#define LENGTH_PROGRAMS(kind, section, direct)                                                                      \
	SEC(section "/sock_send_length")                                                                            \
	int BPF_PROG(sock_send_length_##kind##__tracepoint, struct sock *sk, int ret, int flags)                    \
	{                                                                                                           \
		if (current_passes_filters())                                                                       \
			count_call(sk, ret, SEND, direct);                                                          \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/sock_recv_length")                                                                            \
	int BPF_PROG(sock_recv_length_##kind##__tracepoint, struct sock *sk, int ret, int flags)                    \
	{                                                                                                           \
		if (current_passes_filters())                                                                       \
			count_receive(sk, ret, flags, direct);                                                      \
		return 0;                                                                                           \
	}

LENGTH_PROGRAMS(btf, "tp_btf", true)
LENGTH_PROGRAMS(raw, "raw_tp", false)

#define SPLICE_SYSCALL(CALL) CALL(SYS_SPLICE, true)

REPORTED_SYSCALLS(bool, is_splice, false, SPLICE_SYSCALL)

/* Splices from UDP sockets pass sock_recv_length. */
static __always_inline void on_splice_exit(const struct syscall *call, long ret)
{
	struct file *file;
	struct socket *socket;
	struct sock *sk;

	if (ret <= 0 || !current_passes_filters())
		return;
	file = file_from_fd(call->arguments[0]);
	if (!file) {
		count_lost_key();
		return;
	}
	if (file_type(file) != S_IFSOCK)
		return;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (sk && counted_protocol(sk, false) == IPPROTO_TCP)
		count_call(sk, ret, RECEIVE, false);
}

SYS_EXIT_PROGRAM(on_splice_exit)
