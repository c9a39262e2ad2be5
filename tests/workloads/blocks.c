/*
 * blocks DEVICE: direct block I/O on the first MiB of a device: 1009 synchronous reads and 503 synchronous writes of 4096 bytes, then
 * 61 times eight adjacent writes of 4096 bytes submitted together, which the kernel may merge. Prints how long the synchronous calls
 * took, in total and the longest: "total_us N", "longest_us N".
 */
#include "workload.h"
#include <linux/aio_abi.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#define BLOCK 4096
#define BLOCKS 256
#define TOGETHER 8

static char *block;
static uint64_t total, longest;

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void took(uint64_t ns)
{
	total += ns;
	if (ns > longest)
		longest = ns;
}

/* Not adjacent, so that nothing is merged. */
static off_t place(int i)
{
	return (off_t)(i * 37 % BLOCKS) * BLOCK;
}

static void write_together(int fd, aio_context_t context)
{
	struct iocb requests[TOGETHER], *list[TOGETHER];
	struct io_event events[TOGETHER];
	memset(requests, 0, sizeof(requests));
	for (int i = 0; i < TOGETHER; i++) {
		requests[i].aio_fildes = fd;
		requests[i].aio_lio_opcode = IOCB_CMD_PWRITE;
		requests[i].aio_buf = (uintptr_t)block;
		requests[i].aio_nbytes = BLOCK;
		requests[i].aio_offset = (long long)i * BLOCK;
		list[i] = &requests[i];
	}
	MUST(syscall(SYS_io_submit, context, TOGETHER, list) == TOGETHER);
	MUST(syscall(SYS_io_getevents, context, TOGETHER, TOGETHER, events, NULL) == TOGETHER);
	for (int i = 0; i < TOGETHER; i++)
		MUST(events[i].res == BLOCK);
}

int main(int argc, char **argv)
{
	aio_context_t context = 0;
	gate_block();
	MUST(posix_memalign((void **)&block, BLOCK, BLOCK) == 0);
	memset(block, 1, BLOCK);
	MUST(argc == 2);
	int fd = open(argv[1], O_RDWR | O_DIRECT);
	MUST(fd >= 0);
	MUST(syscall(SYS_io_setup, TOGETHER, &context) == 0);
	ready();
	gate_wait();
	for (int i = 0; i < 1009; i++) {
		uint64_t start = now();
		MUST(pread(fd, block, BLOCK, place(i)) == BLOCK);
		took(now() - start);
	}
	for (int i = 0; i < 503; i++) {
		uint64_t start = now();
		MUST(pwrite(fd, block, BLOCK, place(i)) == BLOCK);
		took(now() - start);
	}
	for (int i = 0; i < 61; i++)
		write_together(fd, context);
	dprintf(1, "total_us %lu\nlongest_us %lu\n", (unsigned long)(total / 1000 + 1),
		(unsigned long)(longest / 1000 + 1));
	return 0;
}
