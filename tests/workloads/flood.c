/*
 * flood COUNT [RATE [OPERATION [DIRECTORY]]]: COUNT operations on "file", RATE per second (0: as fast as possible), in a new directory
 * in DIRECTORY (/tmp). Prints "made COUNT" and "ms N", the time it took.
 *
 *   open    openat and close (the default)
 *   control openat of a path of 4,020 control characters, which fails
 *   stat    newfstatat
 *   read    pread of one byte
 *   write   pwrite of one byte
 *   rename  to another name, and back with the next one
 *   live    creates and removes a file
 */
#include "workload.h"
#include <sys/syscall.h>
#include <time.h>

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

static const struct {
	const char *name;
	void (*act)(long i, int fd);
} operations[] = {
	{ "open", open_file },	 { "control", open_control }, { "stat", stat_file }, { "read", read_file },
	{ "write", write_file }, { "rename", rename_file }, { "live", live_file },
};

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 100003;
	long rate = argc > 2 ? atol(argv[2]) : 0;
	unsigned chosen = 0;
	gate_block();
	/* Not every test reads the output. */
	signal(SIGPIPE, SIG_IGN);
	while (argc > 3 && strcmp(operations[chosen].name, argv[3]))
		MUST(++chosen < sizeof(operations) / sizeof(*operations));
	enter_directory_in(argc > 4 ? argv[4] : "/tmp", "flood");
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && write(fd, "x", 1) == 1);
	ready();
	gate_wait();
	long long began = now_ns();
	for (long done = 0; done < count; done++) {
		/* Every hundred operations, sleep until they are due. */
		if (rate && done % 100 == 0)
			sleep_until(began + done * (1000000000LL / rate));
		operations[chosen].act(done, fd);
	}
	/* write() instead of dprintf(), which calls fstat. */
	char text[64];
	int length = snprintf(text, sizeof(text), "made %ld\nms %lld\n", count, (now_ns() - began) / 1000000);
	/* A closed pipe is not an error. */
	return write(1, text, length) < 0 && errno != EPIPE;
}
