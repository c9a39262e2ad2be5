/*
 * connections: prime numbers of TCP connections and of connects that fail, in a network namespace with only a loopback device, in
 * which nothing else runs. One process connects and accepts.
 *
 *   connected   101 IPv4, 53 IPv6, 31 IPv4 through an IPv6 socket, 19 IPv4 without blocking, 5 IPv4 by another thread
 *   refused     37 IPv4, 23 IPv6, 11 IPv4 through an IPv6 socket: ECONNREFUSED
 *   no answer   7 IPv4 to a listener whose queue is full: ETIMEDOUT; 13 more are closed before the time is over
 *   no port     3 IPv4 while the only local port is in use: EADDRNOTAVAIL
 *   no route    17 IPv4: ENETUNREACH, before TCP sends anything
 *
 * Accepted by turns with accept, accept4 and, where the kernel has the calls of 32-bit programs, socketcall and their accept4:
 * 209, of which 53 are IPv6 and 31 IPv4 through the IPv6 listener. 29 accepts find no connection (EAGAIN), and 3 are of Unix
 * sockets.
 *
 * Prints what the kernel counted in the namespace (/proc/net/snmp), active_opens and passive_opens, and connect_us: how long the
 * blocking connects that succeeded took, rounded up.
 */
#include "workload.h"
#include "call32.h"
#include "network.h"
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/un.h>
#include <time.h>

/* Ports: nothing listens at CLOSED, nothing connects to IDLE, and FULL accepts no more connections. */
enum { OPEN_V4 = 1009, OPEN_V6 = 2003, CLOSED = 3001, FULL = 4001, IDLE = 5003 };

static int listener_v4, listener_v6;

/* In blocking connects that succeeded. */
static long connect_ns;

static long now_ns(void)
{
	struct timespec now;
	MUST(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	return now.tv_sec * 1000000000 + now.tv_nsec;
}

static int tcp_socket(const struct address *address, int flags)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | flags, 0);
	MUST(fd >= 0);
	return fd;
}

static int listen_at(const char *text, int port, int backlog)
{
	int fd = bound_socket(SOCK_STREAM, text, port);
	MUST(listen(fd, backlog) == 0);
	return fd;
}

/* The arguments of socketcall; NULL without calls of 32-bit programs. */
static int32_t *socketcall_arguments;

static int accept_by_turns(int listener, int turn)
{
	if (turn % 4 == 1)
		return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	/* 102: socketcall; 5: SYS_ACCEPT of include/uapi/linux/net.h; 364: accept4 */
	if (turn % 4 == 2 && socketcall_arguments) {
		socketcall_arguments[0] = listener;
		return call32(102, 5, low_address(socketcall_arguments));
	}
	if (turn % 4 == 3 && socketcall_arguments)
		return call32(364, listener);
	return accept(listener, NULL, NULL);
}

/* Connects, accepts and closes, `times` times. */
static void connect_to(const char *text, int port, int times)
{
	int listener = port == OPEN_V4 ? listener_v4 : listener_v6;
	struct address address = address_of(text, port);
	for (int i = 0; i < times; i++) {
		int client = tcp_socket(&address, 0);
		long start = now_ns();
		MUST(connect(client, &address.any, address.size) == 0);
		connect_ns += now_ns() - start;
		int server = accept_by_turns(listener, i);
		MUST(server >= 0);
		close(client);
		close(server);
	}
}

static void *connect_in_thread(void *unused)
{
	connect_to("127.0.0.1", OPEN_V4, 5);
	return unused;
}

static void connect_without_blocking(const char *text, int port, int times)
{
	struct address address = address_of(text, port);
	for (int i = 0; i < times; i++) {
		int client = tcp_socket(&address, SOCK_NONBLOCK);
		MUST(connect(client, &address.any, address.size) == 0 || errno == EINPROGRESS);
		int server = accept(listener_v4, NULL, NULL);
		struct pollfd ready = {.fd = client, .events = POLLOUT};
		MUST(server >= 0 && poll(&ready, 1, -1) == 1);
		close(client);
		close(server);
	}
}

static void connect_failing(const char *text, int port, int times, int error)
{
	struct address address = address_of(text, port);
	for (int i = 0; i < times; i++) {
		int client = tcp_socket(&address, 0);
		MUST_FAIL(connect(client, &address.any, address.size), error);
		close(client);
	}
}

/* Starts a connect that gets no answer, and gives up after one repeated SYN. */
static int connect_unanswered(void)
{
	struct address address = address_of("127.0.0.1", FULL);
	int fd = tcp_socket(&address, SOCK_NONBLOCK);
	int repeats = 1;
	MUST(setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &repeats, sizeof(repeats)) == 0);
	MUST_FAIL(connect(fd, &address.any, address.size), EINPROGRESS);
	return fd;
}

static void connect_without_answer(void)
{
	struct pollfd waiting[7];
	for (int i = 0; i < 7; i++)
		waiting[i] = (struct pollfd){.fd = connect_unanswered(), .events = POLLOUT};
	for (int i = 0; i < 13; i++)
		close(connect_unanswered());
	for (int i = 0; i < 7; i++) {
		int error = 0;
		socklen_t size = sizeof(error);
		MUST(poll(&waiting[i], 1, -1) == 1);
		MUST(getsockopt(waiting[i].fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == ETIMEDOUT);
		close(waiting[i].fd);
	}
}

static void accept_nothing(int times)
{
	int idle = listen_at("127.0.0.1", IDLE, 1);
	MUST(fcntl(idle, F_SETFL, O_NONBLOCK) == 0);
	for (int i = 0; i < times; i++)
		MUST_FAIL(accept(idle, NULL, NULL), EAGAIN);
	close(idle);
}

static void accept_unix(int times)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0ktop-connections"};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(listener, 1) == 0);
	for (int i = 0; i < times; i++) {
		int client = socket(AF_UNIX, SOCK_STREAM, 0);
		MUST(client >= 0 && connect(client, (struct sockaddr *)&address, sizeof(address)) == 0);
		int server = accept(listener, NULL, NULL);
		MUST(server >= 0);
		close(client);
		close(server);
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* The line above the values names the columns: net/ipv4/proc.c */
static void print_measured(void)
{
	unsigned long active, passive;
	char line[1024];
	FILE *file = fopen("/proc/thread-self/net/snmp", "r");
	MUST(file);
	do
		MUST(fgets(line, sizeof(line), file));
	while (sscanf(line, "Tcp: %*d %*d %*d %*d %lu %lu", &active, &passive) != 2);
	fclose(file);
	printf("active_opens %lu\npassive_opens %lu\nconnect_us %ld\n", active, passive, connect_ns / 1000 + 1);
}

int main(void)
{
	gate_block();
	if (has_call32())
		socketcall_arguments = (int32_t *)low_page();
	enter_network();
	listener_v4 = listen_at("127.0.0.1", OPEN_V4, 128);
	listener_v6 = listen_at("::", OPEN_V6, 128);
	listen_at("127.0.0.1", FULL, 0);
	ready();
	gate_wait();
	connect_to("127.0.0.1", OPEN_V4, 101);
	connect_to("::1", OPEN_V6, 53);
	connect_to("::ffff:127.0.0.1", OPEN_V6, 31);
	connect_without_blocking("127.0.0.1", OPEN_V4, 19);
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, connect_in_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
	accept_nothing(29);
	accept_unix(3);
	connect_failing("127.0.0.1", CLOSED, 37, ECONNREFUSED);
	connect_failing("::1", CLOSED, 23, ECONNREFUSED);
	connect_failing("::ffff:127.0.0.1", CLOSED, 11, ECONNREFUSED);
	connect_failing("192.0.2.1", CLOSED, 17, ENETUNREACH);
	/* One connection, which is never accepted, fills the queue. */
	struct address full = address_of("127.0.0.1", FULL);
	int filler = tcp_socket(&full, 0);
	MUST(connect(filler, &full.any, full.size) == 0);
	connect_without_answer();
	write_file("/proc/sys/net/ipv4/ip_local_port_range", "6007 6007");
	int only = tcp_socket(&full, SOCK_NONBLOCK);
	MUST_FAIL(connect(only, &full.any, full.size), EINPROGRESS);
	connect_failing("127.0.0.1", FULL, 3, EADDRNOTAVAIL);
	close(only);
	print_measured();
	return 0;
}
