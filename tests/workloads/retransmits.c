/*
 * retransmits: TCP connections whose segments a socket filter of the other end drops for a while, in a network namespace with only
 * a loopback device:
 *
 *   established   data by clients and by servers, IPv4, IPv6 and IPv4 through IPv6; one connection is made before the start
 *   FIN_WAIT1     a FIN
 *   SYN_SENT      SYNs to a listener whose queue is full, and one whose answer is dropped
 *   NEW_SYN_RECV  that answer
 *
 * retransmits veth: one connection between two network namespaces, whose link is taken down for a while.
 *
 * Prints what the kernel counted in the namespace: retrans_segs (RetransSegs of /proc/net/snmp), failed_segs and loss_probes
 * (TCPRetransFail and TCPLossProbes of /proc/net/netstat); and of each connection that sent data segs_PORT, by its local port, from TCP_INFO.
 */
#include "workload.h"
#include "network.h"
#include <linux/filter.h>
#include <linux/tcp.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>

enum { CLIENT = 10000, EARLY = 1009, FULL = 4001, DROPPED_ANSWER = 4003, DROPPED_FIN = 4007 };

struct pair {
	int port, client, server;
};

/* Drops what the socket receives, from the filter's point on: net/ipv4/tcp_ipv4.c, tcp_filter() */
static void drop_received(int fd)
{
	struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &none };
	MUST(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0);
}

static void stop_dropping(int fd)
{
	int unused = 0;
	MUST(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused)) == 0);
}

static void nap(void)
{
	struct timespec time = { .tv_nsec = 5000000 };
	nanosleep(&time, NULL);
}

static unsigned retransmitted(int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);
	MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
	return info.tcpi_total_retrans;
}

/* A counter of the namespace. Its file has lines of names, each followed by a line of values. */
static unsigned long counter(const char *path, const char *name)
{
	static char names[8192], values[8192];
	FILE *file = fopen(path, "r");
	MUST(file);
	while (fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file)) {
		char *next_name, *next_value;
		char *each = strtok_r(names, " \n", &next_name), *value = strtok_r(values, " \n", &next_value);
		for (; each && value; each = strtok_r(NULL, " \n", &next_name), value = strtok_r(NULL, " \n", &next_value)) {
			if (strcmp(each, name) == 0) {
				fclose(file);
				return strtoul(value, NULL, 10);
			}
		}
	}
	MUST(!"no such counter");
	return 0;
}

static unsigned long retransmitted_segments(void)
{
	return counter("/proc/thread-self/net/snmp", "RetransSegs");
}

static void wait_for_segments(unsigned long count)
{
	while (retransmitted_segments() < count)
		nap();
}

static struct pair connected_pair(const char *listening, const char *text, int port)
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

/* Sends while the other end drops what it receives, until this many segments were sent again. */
static void lose(int sender, int receiver, int port, unsigned segments)
{
	static char data[1009], received[1009];
	drop_received(receiver);
	MUST(send(sender, data, sizeof(data), 0) == sizeof(data));
	while (retransmitted(sender) < segments)
		nap();
	stop_dropping(receiver);
	MUST(recv(receiver, received, sizeof(received), MSG_WAITALL) == sizeof(received));
	printf("segs_%d %u\n", port, retransmitted(sender));
}

static void lose_and_close(struct pair pair, unsigned by_client, unsigned by_server)
{
	lose(pair.client, pair.server, pair.port + CLIENT, by_client);
	if (by_server)
		lose(pair.server, pair.client, pair.port, by_server);
	close(pair.client);
	close(pair.server);
}

static void lose_fin(void)
{
	struct pair pair = connected_pair("127.0.0.1", "127.0.0.1", DROPPED_FIN);
	unsigned long before = retransmitted_segments();
	char byte;
	drop_received(pair.server);
	close(pair.client);
	wait_for_segments(before + 2);
	stop_dropping(pair.server);
	MUST(recv(pair.server, &byte, 1, 0) == 0);
	close(pair.server);
}

/* One connection, which is never accepted, fills the queue; the others give up after one repeated SYN. */
static void lose_syns(void)
{
	struct address address = address_of("127.0.0.1", FULL);
	int listener = bound_socket(SOCK_STREAM, "127.0.0.1", FULL);
	int filler = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd waiting[3];
	int repeats = 1;
	MUST(filler >= 0 && listen(listener, 0) == 0 && connect(filler, &address.any, address.size) == 0);
	for (int i = 0; i < 3; i++) {
		waiting[i] = (struct pollfd){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .events = POLLOUT };
		MUST(setsockopt(waiting[i].fd, IPPROTO_TCP, TCP_SYNCNT, &repeats, sizeof(repeats)) == 0);
		MUST_FAIL(connect(waiting[i].fd, &address.any, address.size), EINPROGRESS);
	}
	for (int i = 0; i < 3; i++) {
		MUST(poll(&waiting[i], 1, -1) == 1);
		close(waiting[i].fd);
	}
	close(filler);
	close(listener);
}

static void lose_answer(void)
{
	struct address address = address_of("::1", DROPPED_ANSWER);
	int listener = bound_socket(SOCK_STREAM, "::1", DROPPED_ANSWER);
	int client = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	unsigned long before = retransmitted_segments();
	MUST(client >= 0 && listen(listener, 1) == 0);
	drop_received(client);
	MUST_FAIL(connect(client, &address.any, address.size), EINPROGRESS);
	/* The SYN and its answer, at least. */
	wait_for_segments(before + 2);
	stop_dropping(client);
	struct pollfd ready = { .fd = client, .events = POLLOUT };
	MUST(poll(&ready, 1, -1) == 1);
	int server = accept(listener, NULL, NULL);
	MUST(server >= 0);
	close(client);
	close(server);
	close(listener);
}

static void run(const char *command)
{
	MUST(system(command) == 0);
}

/* Accepts one connection and takes its link down until the parent process has closed the pipe. */
static void serve(int parent_waits, int until)
{
	char data[1009], byte;
	MUST(unshare(CLONE_NEWNET) == 0);
	MUST(write(parent_waits, "n", 1) == 1);
	MUST(read(until, &byte, 1) == 1);
	run("ip addr add 192.0.2.2/24 dev ktop1 && ip link set ktop1 up");
	int listener = bound_socket(SOCK_STREAM, "192.0.2.2", EARLY);
	MUST(listen(listener, 1) == 0);
	MUST(write(parent_waits, "l", 1) == 1);
	int server = accept(listener, NULL, NULL);
	MUST(server >= 0);
	run("ip link set ktop1 down");
	MUST(write(parent_waits, "d", 1) == 1);
	MUST(read(until, &byte, 1) == 1);
	run("ip link set ktop1 up");
	MUST(recv(server, data, sizeof(data), MSG_WAITALL) == sizeof(data));
	MUST(write(parent_waits, "r", 1) == 1);
	MUST(recv(server, &byte, 1, 0) == 0);
	exit(0);
}

static void lose_link(void)
{
	static char data[1009];
	int from_child[2], to_child[2], status;
	char byte, command[128];
	struct address address = address_of("192.0.2.2", EARLY);
	MUST(pipe(from_child) == 0 && pipe(to_child) == 0);
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0)
		serve(from_child[1], to_child[0]);
	MUST(read(from_child[0], &byte, 1) == 1 && byte == 'n');
	snprintf(command, sizeof(command), "ip link add ktop0 type veth peer name ktop1 netns %d", child);
	run(command);
	run("ip addr add 192.0.2.1/24 dev ktop0 && ip link set ktop0 up");
	MUST(write(to_child[1], "u", 1) == 1);
	MUST(read(from_child[0], &byte, 1) == 1 && byte == 'l');
	int client = bound_socket(SOCK_STREAM, "192.0.2.1", EARLY + CLIENT);
	MUST(connect(client, &address.any, address.size) == 0);
	MUST(read(from_child[0], &byte, 1) == 1 && byte == 'd');
	MUST(send(client, data, sizeof(data), 0) == sizeof(data));
	while (retransmitted(client) < 3)
		nap();
	MUST(write(to_child[1], "u", 1) == 1);
	MUST(read(from_child[0], &byte, 1) == 1 && byte == 'r');
	printf("segs_%d %u\n", EARLY + CLIENT, retransmitted(client));
	close(client);
	MUST(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
	struct pair early;
	gate_block();
	enter_network();
	if (argc == 1)
		early = connected_pair("127.0.0.1", "127.0.0.1", EARLY);
	ready();
	gate_wait();
	if (argc > 1) {
		MUST(strcmp(argv[1], "veth") == 0);
		lose_link();
	} else {
		lose_and_close(early, 2, 0);
		lose_and_close(connected_pair("127.0.0.1", "127.0.0.1", 1013), 3, 2);
		lose_and_close(connected_pair("::1", "::1", 1019), 2, 1);
		lose_and_close(connected_pair("::", "::ffff:127.0.0.1", 1021), 1, 1);
		lose_fin();
		lose_syns();
		lose_answer();
	}
	printf("retrans_segs %lu\nfailed_segs %lu\nloss_probes %lu\n", retransmitted_segments(),
	       counter("/proc/thread-self/net/netstat", "TCPRetransFail"),
	       counter("/proc/thread-self/net/netstat", "TCPLossProbes"));
	return 0;
}
