/*
 * flood COUNT [RATE [OPERATION [DIRECTORY]]]: COUNT operations on "file", RATE per second (0: as fast as possible), in a new directory
 * in DIRECTORY (/tmp). Prints "made COUNT" and "ms N", the time it took. It sleeps until each hundredth operation is due, with exec
 * until each one.
 *
 *   open    openat and close (the default)
 *   control openat of a path of 4,020 control characters, which fails
 *   stat    newfstatat
 *   read    pread of one byte
 *   write   pwrite of one byte
 *   rename  to another name, and back with the next one
 *   live    creates and removes a file
 *   exec    starts a child that ends at once
 *   block   direct read of 4096 bytes of the block device DIRECTORY
 */
#include "workload.h"
#include <spawn.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define BLOCK 4096
/* Not adjacent, so that nothing is merged. */
#define BLOCKS 256

static long long now_ns(void)
{
	struct timespec time;
	MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void sleep_until(long long ns)
{
	struct timespec time = { ns / 1000000000LL, ns % 1000000000LL };
	MUST(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == 0);
}

static void open_file(long i, int fd)
{
	(void)i, (void)fd;
	int opened = syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY);
	MUST(opened >= 0 && close(opened) == 0);
}

static void open_control(long i, int fd)
{
	static char path[4021];
	(void)fd;
	if (i == 0)
		memset(path, 1, sizeof(path) - 1);
	MUST(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) < 0 && errno == ENAMETOOLONG);
}

static void stat_file(long i, int fd)
{
	struct stat status;
	(void)i, (void)fd;
	MUST(syscall(SYS_newfstatat, AT_FDCWD, "file", &status, 0) == 0);
}

static void read_file(long i, int fd)
{
	char byte;
	(void)i;
	MUST(pread(fd, &byte, 1, 0) == 1);
}

static void write_file(long i, int fd)
{
	(void)i;
	MUST(pwrite(fd, "x", 1, 0) == 1);
}

static void rename_file(long i, int fd)
{
	(void)fd;
	MUST(i % 2 ? rename("other", "file") == 0 : rename("file", "other") == 0);
}

static void live_file(long i, int fd)
{
	(void)i, (void)fd;
	int made = syscall(SYS_openat, AT_FDCWD, "short", O_RDWR | O_CREAT | O_EXCL, 0600);
	MUST(made >= 0 && close(made) == 0 && unlink("short") == 0);
}

static void exec_child(long i, int fd)
{
	char *const arguments[] = { "flood", "child", NULL };
	pid_t child;
	int status;
	(void)i, (void)fd;
	MUST(posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, NULL) == 0);
	MUST(waitpid(child, &status, 0) == child && status == 0);
}

static void read_block(long i, int fd)
{
	static char block[BLOCK] __attribute__((aligned(BLOCK)));
	MUST(pread(fd, block, BLOCK, i * 37 % BLOCKS * BLOCK) == BLOCK);
}

static const struct {
	const char *name;
	void (*act)(long i, int fd);
} operations[] = {
	{ "open", open_file },	 { "control", open_control }, { "stat", stat_file }, { "read", read_file },
	{ "write", write_file }, { "rename", rename_file }, { "live", live_file },   { "exec", exec_child },
	{ "block", read_block },
};

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 100003;
	long rate = argc > 2 ? atol(argv[2]) : 0;
	unsigned chosen = 0;
	if (argc == 2 && !strcmp(argv[1], "child"))
		return 0;
	gate_block();
	/* Not every test reads the output. */
	signal(SIGPIPE, SIG_IGN);
	while (argc > 3 && strcmp(operations[chosen].name, argv[3]))
		MUST(++chosen < sizeof(operations) / sizeof(*operations));
	bool on_device = operations[chosen].act == read_block;
	int fd;
	if (on_device) {
		fd = open(argv[4], O_RDONLY | O_DIRECT);
		MUST(fd >= 0);
	} else {
		enter_directory_in(argc > 4 ? argv[4] : "/tmp", "flood");
		fd = open("file", O_RDWR | O_CREAT, 0600);
		MUST(fd >= 0 && write(fd, "x", 1) == 1);
	}
	int together = operations[chosen].act == exec_child ? 1 : 100;
	ready();
	gate_wait();
	long long began = now_ns();
	for (long done = 0; done < count; done++) {
		if (rate && done % together == 0)
			sleep_until(began + done * (1000000000LL / rate));
		operations[chosen].act(done, fd);
	}
	/* write() instead of dprintf(), which calls fstat. */
	char text[64];
	int length = snprintf(text, sizeof(text), "made %ld\nms %lld\n", count, (now_ns() - began) / 1000000);
	/* A closed pipe is not an error. */
	return write(1, text, length) < 0 && errno != EPIPE;
}
