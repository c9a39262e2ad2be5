/*
 * traffic: sends and receives through TCP and UDP in each way that there is, in a network namespace with only a loopback device.
 *
 * Prints what it counted itself by local port, from the results of its calls: sent_PORT and received_PORT, bytes, and, where a call is
 * one call of the kernel's function, send_calls_PORT and receive_calls_PORT. The local port of a client is 10000 above its server's.
 *
 * traffic many: one byte from each of 12007 UDP sockets with different ports, more than nettop's map holds.
 *
 * Not counted: what is peeked, what the error queue holds, Unix sockets, raw sockets.
 */
#include "workload.h"
#include "network.h"
#include "ring.h"
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

enum { CLIENT = 10000, PORTS = 16384, BUFFER = 1 << 17 };

static struct {
	unsigned long sent, received, send_calls, receive_calls;
	int calls_unknown;
} counted[PORTS];

static char buffer[BUFFER], other[BUFFER];

static ssize_t sent(int port, ssize_t bytes)
{
	MUST(bytes >= 0);
	__atomic_add_fetch(&counted[port].sent, bytes, __ATOMIC_RELAXED);
	__atomic_add_fetch(&counted[port].send_calls, 1, __ATOMIC_RELAXED);
	return bytes;
}

static ssize_t received(int port, ssize_t bytes)
{
	MUST(bytes >= 0);
	counted[port].received += bytes;
	counted[port].receive_calls++;
	return bytes;
}

struct pair {
	int port, client, server;
};

static struct pair tcp_pair(const char *listening, const char *text, int port)
{
	int listener = bound_socket(SOCK_STREAM, listening, port);
	struct address address = address_of(text, port);
	struct pair pair = { .port = port, .client = bound_socket(SOCK_STREAM, text, port + CLIENT) };
	MUST(listen(listener, 1) == 0);
	MUST(connect(pair.client, &address.any, address.size) == 0);
	pair.server = accept(listener, NULL, NULL);
	MUST(pair.server >= 0);
	close(listener);
	return pair;
}

static struct pair udp_pair(const char *text, int port, int connected)
{
	struct address address = address_of(text, port);
	struct pair pair = {
		.port = port,
		.client = bound_socket(SOCK_DGRAM, text, port + CLIENT),
		.server = bound_socket(SOCK_DGRAM, text, port),
	};
	MUST(!connected || connect(pair.client, &address.any, address.size) == 0);
	return pair;
}

static void close_pair(struct pair pair)
{
	close(pair.client);
	close(pair.server);
}

/* Receives exactly this many bytes of a stream. */
static void receive_all(struct pair pair, size_t bytes)
{
	while (bytes)
		bytes -= received(pair.port, recv(pair.server, other, bytes < BUFFER ? bytes : BUFFER, 0));
}

static void send_and_recv(void)
{
	struct pair pair = tcp_pair("127.0.0.1", "127.0.0.1", 1009);
	int on = 1;
	for (int i = 0; i < 101; i++) {
		sent(pair.port + CLIENT, send(pair.client, buffer, 1009 + i, 0));
		MUST(recv(pair.server, other, 1, MSG_PEEK) == 1);
		receive_all(pair, 1009 + i);
		MUST(setsockopt(pair.server, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on)) == 0);
		MUST_FAIL(recv(pair.server, other, 1, MSG_DONTWAIT), EAGAIN);
	}
	for (int i = 0; i < 11; i++) {
		sent(pair.port, send(pair.server, buffer, 7, 0));
		received(pair.port + CLIENT, recv(pair.client, other, 7, MSG_WAITALL));
	}
	shutdown(pair.client, SHUT_WR);
	MUST(recv(pair.server, other, 1, 0) == 0);
	close_pair(pair);
}

static void messages(void)
{
	struct pair pair = tcp_pair("::1", "::1", 1013);
	for (int i = 0; i < 53; i++) {
		struct iovec parts[2] = { { buffer, 211 }, { other, 100 + i } };
		struct mmsghdr many[2] = {
			{ .msg_hdr = { .msg_iov = parts, .msg_iovlen = 1 } },
			{ .msg_hdr = { .msg_iov = parts + 1, .msg_iovlen = 1 } },
		};
		struct msghdr one = { .msg_iov = parts, .msg_iovlen = 2 };
		sent(pair.port + CLIENT, sendmsg(pair.client, &one, 0));
		received(pair.port, recvmsg(pair.server, &one, MSG_WAITALL));
		MUST(sendmmsg(pair.client, many, 2, 0) == 2);
		sent(pair.port + CLIENT, many[0].msg_len);
		sent(pair.port + CLIENT, many[1].msg_len);
		MUST(recvmmsg(pair.server, many, 2, MSG_WAITALL, NULL) == 2);
		received(pair.port, many[0].msg_len);
		received(pair.port, many[1].msg_len);
		sent(pair.port + CLIENT, writev(pair.client, parts, 2));
		received(pair.port, readv(pair.server, parts, 2));
	}
	close_pair(pair);
}

/* In pieces, for a receiver that waits for all of them. */
static void *send_pieces(void *pair_pointer)
{
	struct pair *pair = pair_pointer;
	for (int i = 0; i < 13; i++) {
		int queued = 1;
		sent(pair->port + CLIENT, write(pair->client, buffer, 307));
		/* Until the receiver has taken the piece and waits for the next. */
		while (queued)
			MUST(ioctl(pair->server, FIONREAD, &queued) == 0);
	}
	return NULL;
}

static void receive_waiting_for_all(void)
{
	struct pair pair = tcp_pair("::", "::ffff:127.0.0.1", 1019);
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, send_pieces, &pair) == 0);
	MUST(received(pair.port, recv(pair.server, other, 13 * 307, MSG_WAITALL)) == 13 * 307);
	MUST(pthread_join(thread, NULL) == 0);
	close_pair(pair);
}

/* Files longer than a pipe. */
static int file_of(size_t bytes)
{
	int fd = open("traffic.dat", O_RDWR | O_CREAT | O_TRUNC, 0600);
	MUST(fd >= 0 && write(fd, buffer, bytes) == (ssize_t)bytes);
	return fd;
}

static void send_files(void)
{
	struct pair pair = tcp_pair("127.0.0.1", "127.0.0.1", 1021);
	int file = file_of(100003);
	counted[pair.port + CLIENT].calls_unknown = 1;
	for (int i = 0; i < 7; i++) {
		off_t offset = 0;
		MUST(sent(pair.port + CLIENT, sendfile(pair.client, file, &offset, 100003)) == 100003);
		receive_all(pair, 100003);
	}
	close(file);
	close_pair(pair);
}

static void splice_both_ways(const char *text, int port)
{
	struct pair pair = tcp_pair(text, text, port);
	int in[2], out[2];
	MUST(pipe(in) == 0 && pipe(out) == 0);
	counted[pair.port + CLIENT].calls_unknown = counted[pair.port].calls_unknown = 1;
	for (int i = 0; i < 17; i++) {
		ssize_t bytes = 20011, left = bytes;
		MUST(write(in[1], buffer, bytes) == bytes);
		MUST(sent(pair.port + CLIENT, splice(in[0], NULL, pair.client, NULL, bytes, 0)) == bytes);
		while (left) {
			ssize_t moved = received(pair.port, splice(pair.server, NULL, out[1], NULL, left, 0));
			MUST(read(out[0], other, moved) == moved);
			left -= moved;
		}
	}
	for (int end = 0; end < 2; end++) {
		close(in[end]);
		close(out[end]);
	}
	close_pair(pair);
}

static void through_io_uring(void)
{
	struct pair pair = tcp_pair("::1", "::1", 1033);
	struct ring ring;
	ring_open(&ring);
	for (int i = 0; i < 29; i++) {
		struct io_uring_sqe send = {
			.opcode = IORING_OP_SEND, .fd = pair.client, .addr = (uintptr_t)buffer, .len = 503 };
		struct io_uring_sqe receive = {
			.opcode = IORING_OP_RECV, .fd = pair.server, .addr = (uintptr_t)other, .len = 503 };
		sent(pair.port + CLIENT, operate(&ring, &send));
		received(pair.port, operate(&ring, &receive));
	}
	close(ring.fd);
	close_pair(pair);
}

static void without_copying(void)
{
	struct pair pair = tcp_pair("127.0.0.1", "127.0.0.1", 1049);
	int on = 1;
	MUST(setsockopt(pair.client, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)) == 0);
	for (int i = 0; i < 5; i++) {
		char control[256];
		struct msghdr notice = { .msg_control = control, .msg_controllen = sizeof(control) };
		struct pollfd ready = { .fd = pair.client };
		sent(pair.port + CLIENT, send(pair.client, buffer, 40009, MSG_ZEROCOPY));
		receive_all(pair, 40009);
		MUST(poll(&ready, 1, -1) == 1 && (ready.revents & POLLERR));
		MUST(recvmsg(pair.client, &notice, MSG_ERRQUEUE) == 0);
	}
	close_pair(pair);
}

static void datagrams(void)
{
	struct pair pair = udp_pair("127.0.0.1", 2003, 1);
	for (int i = 0; i < 37; i++) {
		/* The first is empty. */
		sent(pair.port + CLIENT, send(pair.client, buffer, 41 * i, 0));
		MUST(recv(pair.server, other, BUFFER, MSG_PEEK) == 41 * i);
		received(pair.port, recv(pair.server, other, BUFFER, 0));
	}
	MUST_FAIL(recv(pair.server, other, BUFFER, MSG_DONTWAIT), EAGAIN);
	close_pair(pair);
}

static void datagrams_without_connection(void)
{
	struct pair pair = udp_pair("::1", 2011, 0);
	struct address address = address_of("::1", 2011);
	for (int i = 0; i < 43; i++) {
		sent(pair.port + CLIENT, sendto(pair.client, buffer, 1201, 0, &address.any, address.size));
		received(pair.port, recvfrom(pair.server, other, BUFFER, 0, NULL, NULL));
	}
	close_pair(pair);
}

static void send_files_as_datagrams(const char *text, int port)
{
	struct pair pair = udp_pair(text, port, 1);
	int file = file_of(3001);
	counted[pair.port + CLIENT].calls_unknown = 1;
	for (int i = 0; i < 3; i++) {
		off_t offset = 0;
		MUST(sent(pair.port + CLIENT, sendfile(pair.client, file, &offset, 3001)) == 3001);
		received(pair.port, recv(pair.server, other, BUFFER, 0));
	}
	close(file);
	close_pair(pair);
}

/* The kernel returns the datagram through the error queue. */
static void refused_datagrams(void)
{
	struct pair pair = udp_pair("127.0.0.1", 2029, 1);
	int on = 1;
	close(pair.server);
	MUST(setsockopt(pair.client, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) == 0);
	sent(pair.port + CLIENT, send(pair.client, buffer, 307, 0));
	struct pollfd ready = { .fd = pair.client };
	MUST(poll(&ready, 1, -1) == 1 && (ready.revents & POLLERR));
	MUST(recv(pair.client, other, BUFFER, MSG_ERRQUEUE) == 307);
	close(pair.client);
}

/* Sockets of other kinds. A raw socket receives the datagram that it sends. */
static void others(void)
{
	int ends[2];
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	MUST(send(ends[0], buffer, 4001, 0) == 4001 && recv(ends[1], other, BUFFER, 0) == 4001);
	close(ends[0]);
	close(ends[1]);
	struct address address = address_of("127.0.0.1", 0);
	struct udphdr header = { .source = htons(3001), .dest = htons(3011), .len = htons(sizeof(header)) };
	int raw = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	MUST(raw >= 0 && sendto(raw, &header, sizeof(header), 0, &address.any, address.size) == sizeof(header));
	MUST(recv(raw, other, BUFFER, 0) > 0);
	close(raw);
}

static void print_counted(void)
{
	for (int port = 0; port < PORTS; port++) {
		if (!counted[port].send_calls && !counted[port].receive_calls)
			continue;
		printf("sent_%d %lu\nreceived_%d %lu\n", port, counted[port].sent, port, counted[port].received);
		if (counted[port].calls_unknown)
			continue;
		printf("send_calls_%d %lu\nreceive_calls_%d %lu\n", port, counted[port].send_calls, port,
		       counted[port].receive_calls);
	}
}

static void send_from_many(void)
{
	struct address address = address_of("127.0.0.1", 9);
	for (int i = 0; i < 12007; i++) {
		int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", 20000 + i);
		MUST(sendto(fd, buffer, 1, 0, &address.any, address.size) == 1);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	gate_block();
	enter_directory("traffic");
	enter_network();
	ready();
	gate_wait();
	if (argc > 1) {
		MUST(strcmp(argv[1], "many") == 0);
		send_from_many();
		return 0;
	}
	send_and_recv();
	messages();
	receive_waiting_for_all();
	send_files();
	splice_both_ways("127.0.0.1", 1031);
	splice_both_ways("::1", 1063);
	through_io_uring();
	without_copying();
	datagrams();
	datagrams_without_connection();
	send_files_as_datagrams("127.0.0.1", 2017);
	send_files_as_datagrams("::1", 2027);
	refused_datagrams();
	others();
	print_counted();
	return 0;
}
