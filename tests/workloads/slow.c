/*
 * slow DIRECTORY: known numbers of reads, writes, opens and fsyncs of files in a new directory in DIRECTORY, each timed.
 *
 *   big.dat    7 write and 5 read of 32 MiB, each longer than a millisecond
 *   small.dat  307 write, 67 pwrite, 37 writev and 211 read, 61 pread, 31 readv of 100 bytes; opened 109 times;
 *              13 fsync, 11 fdatasync; 1 write that fails with EFAULT
 *   sync.dat   17 write of 100 bytes with O_SYNC
 *
 * Prints the total time of each kind of call, and how many took a millisecond or longer: "read_ns N", "write_ns N",
 * "open_ns N", "fsync_ns N", "slow N" (reads and writes of at least a millisecond).
 */
#include "workload.h"
#include <stdint.h>
#include <sys/uio.h>
#include <time.h>

#define BIG (32 << 20)
#define MILLISECOND 1000000

enum kind { READ, WRITE, OPEN, FSYNC };

static char block[100];
static char *volatile nowhere = (char *)1;
static uint64_t total[4], slow;

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void add(enum kind kind, uint64_t ns)
{
	total[kind] += ns;
	if (kind <= WRITE && ns >= MILLISECOND)
		slow++;
}

/* Evaluates `call` `times` times and times each; it must not fail. */
#define TIMED(times, kind, call)                                                                                 \
	for (int i = 0; i < (times); i++) {                                                                      \
		uint64_t start = now();                                                                          \
		long result = (call);                                                                            \
		add(kind, now() - start);                                                                        \
		MUST(result >= 0);                                                                               \
	}

static int create(const char *name, int flags)
{
	int fd = open(name, O_RDWR | O_CREAT | flags, 0600);
	MUST(fd >= 0);
	return fd;
}

static void small(int fd)
{
	struct iovec parts[2] = {{block, 50}, {block + 50, 50}};
	TIMED(307, WRITE, write(fd, block, 100));
	TIMED(67, WRITE, pwrite(fd, block, 100, i));
	TIMED(37, WRITE, writev(fd, parts, 2));
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	TIMED(211, READ, read(fd, block, 100));
	TIMED(61, READ, pread(fd, block, 100, i));
	TIMED(31, READ, readv(fd, parts, 2));
	TIMED(13, FSYNC, fsync(fd));
	TIMED(11, FSYNC, fdatasync(fd));
	int opened;
	for (int n = 0; n < 109; n++) {
		TIMED(1, OPEN, opened = open("small.dat", O_RDONLY));
		close(opened);
	}
}

int main(int argc, char **argv)
{
	char path[512];
	MUST(argc == 2);
	gate_block();
	snprintf(path, sizeof(path), "%s/ktop-lab-slow-%d", argv[1], getpid());
	MUST(mkdir(path, 0700) == 0 && chdir(path) == 0);
	int big = create("big.dat", 0), little = create("small.dat", 0), sync = create("sync.dat", O_SYNC);
	char *large = malloc(BIG);
	MUST(large);
	memset(large, 1, BIG);
	ready();
	gate_wait();
	TIMED(7, WRITE, pwrite(big, large, BIG, 0));
	TIMED(5, READ, pread(big, large, BIG, 0));
	small(little);
	TIMED(17, WRITE, write(sync, block, 100));
	MUST_FAIL(write(little, nowhere, 100), EFAULT);
	dprintf(1, "read_ns %lu\nwrite_ns %lu\nopen_ns %lu\nfsync_ns %lu\nslow %lu\n", (unsigned long)total[READ],
		(unsigned long)total[WRITE], (unsigned long)total[OPEN], (unsigned long)total[FSYNC],
		(unsigned long)slow);
	return 0;
}
