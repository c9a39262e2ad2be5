/*
 * Sockets of workloads in a network namespace with only a loopback device.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t size;
};

static inline struct address address_of(const char *text, int port)
{
	struct address address = {0};
	if (strchr(text, ':')) {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons(port);
		MUST(inet_pton(AF_INET6, text, &address.v6.sin6_addr) == 1);
		address.size = sizeof(address.v6);
	} else {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons(port);
		MUST(inet_pton(AF_INET, text, &address.v4.sin_addr) == 1);
		address.size = sizeof(address.v4);
	}
	return address;
}

static inline int bound_socket(int type, const char *text, int port)
{
	struct address address = address_of(text, port);
	int fd = socket(address.any.sa_family, type, 0);
	int on = 1;
	MUST(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
	MUST(bind(fd, &address.any, address.size) == 0);
	return fd;
}

/* A namespace in which only the loopback device is up, and nothing has been sent. */
static inline void enter_network(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	MUST(unshare(CLONE_NEWNET) == 0);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0);
	close(fd);
}
