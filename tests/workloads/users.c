/*
 * users [DEVICE]: prime numbers of operations of two users, by child processes named "of-users", one after the other.
 *
 *                                               uid 65534   uid 54321
 *   openat of "file" (in DIR)                          13          19
 *   execve of itself with the argument "of-users"       3           5
 *   write of 512 bytes to "file"                       17          23
 *   read of 4096 bytes of DEVICE, if given, O_DIRECT    7          11
 *   connect to a local port that is closed              5           2
 *   milliseconds of CPU time                         1000        1000
 *
 * Then a process makes 29 openat of "file" as uid 0, and after setuid(2) 31 as uid 65534.
 */
#include "workload.h"
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#define BLOCK 4096

struct amounts {
	uid_t uid;
	int opens, execs, writes, reads, connects;
};

static const struct amounts users[] = { { 65534, 13, 3, 17, 7, 5 }, { 54321, 19, 5, 23, 11, 2 } };
static char block[BLOCK] __attribute__((aligned(BLOCK)));
static struct sockaddr_in closed = { .sin_family = AF_INET };

static void open_file(int times)
{
	for (int i = 0; i < times; i++) {
		int fd = open("file", O_WRONLY);
		MUST(fd >= 0 && close(fd) == 0);
	}
}

static void wait_for(pid_t child)
{
	int status;
	MUST(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void execute(int times)
{
	for (int i = 0; i < times; i++) {
		pid_t child = fork();
		if (!child) {
			execl("/proc/self/exe", "users", "of-users", NULL);
			_exit(1);
		}
		wait_for(child);
	}
}

static void use_cpu(void)
{
	struct timespec now;
	do
		MUST(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
	while (now.tv_sec < 1);
}

static void work(const struct amounts *user, int file, int device)
{
	MUST(setresuid(user->uid, user->uid, user->uid) == 0);
	open_file(user->opens);
	execute(user->execs);
	for (int i = 0; i < user->writes; i++)
		MUST(write(file, block, 512) == 512);
	for (int i = 0; device >= 0 && i < user->reads; i++)
		MUST(pread(device, block, BLOCK, (off_t)i * BLOCK) == BLOCK);
	for (int i = 0; i < user->connects; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		MUST(fd >= 0);
		MUST_FAIL(connect(fd, (struct sockaddr *)&closed, sizeof(closed)), ECONNREFUSED);
		close(fd);
	}
	use_cpu();
}

/* A port that is bound, and on which nothing listens. */
static void bind_closed(void)
{
	socklen_t size = sizeof(closed);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	closed.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	MUST(fd >= 0 && bind(fd, (struct sockaddr *)&closed, size) == 0);
	MUST(getsockname(fd, (struct sockaddr *)&closed, &size) == 0);
}

static pid_t named_child(void)
{
	pid_t child = fork();
	if (!child)
		MUST(prctl(PR_SET_NAME, "of-users") == 0);
	return child;
}

int main(int argc, char **argv)
{
	int file, device = -1;
	pid_t child;

	if (argc == 2 && !strcmp(argv[1], "of-users"))
		return 0;
	enter_directory("users");
	MUST(chmod(".", 0711) == 0);
	MUST((file = open("file", O_RDWR | O_CREAT, 0600)) >= 0 && fchmod(file, 0666) == 0);
	MUST(argc < 2 || (device = open(argv[1], O_RDONLY | O_DIRECT)) >= 0);
	bind_closed();
	gate_block();
	MUST(write(1, "ready\n", 6) == 6);
	gate_wait();
	for (int i = 0; i < 2; i++) {
		child = named_child();
		if (!child) {
			work(&users[i], file, device);
			_exit(0);
		}
		wait_for(child);
	}
	child = named_child();
	if (!child) {
		open_file(29);
		MUST(setuid(users[0].uid) == 0);
		open_file(31);
		_exit(0);
	}
	wait_for(child);
	return 0;
}
