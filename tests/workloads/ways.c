/*
 * ways: every way in which a program can read, write and open a regular file, each on a file named after it, with blocks of 512
 * bytes. How often: ways.ts, which has the same numbers. Argument: the directory to work in (default: /tmp).
 *
 * Prints what the counts depend on: "compat 1" if the kernel runs 32-bit system calls, "direct 1" if the file system has direct
 * I/O, otherwise 0; and the kernel's version. "aio_ns" is the time of all requests of Linux AIO.
 */
#include "cached.h"
#include "ring.h"
#include "call32.h"
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#define BLOCK 512

static char *block;
static struct ring ring;
static aio_context_t aio;
static int pipes[2];

static int create(const char *name, int flags)
{
	int fd = open(name, O_RDWR | O_CREAT | flags, 0600);
	MUST(fd >= 0);
	/* Long enough for all reads and copies. */
	for (int i = 0; i < 256 * BLOCK; i += 4096)
		MUST(pwrite(fd, block, 4096, i) == 4096);
	/* So that io_uring reads at its first attempt. */
	keep_cached(fd, 256 * BLOCK);
	return fd;
}

#define TIMES(count, call)                                                                                       \
	do {                                                                                                     \
		for (int i = 0; i < (count); i++)                                                                \
			MUST((call) == BLOCK);                                                                   \
	} while (0)

static void synchronous(int plain, int positioned, int vector, int both, int flags)
{
	struct iovec parts[2] = {{block, BLOCK / 2}, {block + BLOCK / 2, BLOCK / 2}};
	TIMES(11, read(plain, block, BLOCK));
	TIMES(13, write(plain, block, BLOCK));
	TIMES(17, pread(positioned, block, BLOCK, i));
	TIMES(19, pwrite(positioned, block, BLOCK, i));
	TIMES(23, readv(vector, parts, 2));
	TIMES(29, writev(vector, parts, 2));
	TIMES(31, preadv(both, parts, 2, i));
	TIMES(37, pwritev(both, parts, 2, i));
	TIMES(41, preadv2(flags, parts, 2, i, RWF_HIPRI));
	TIMES(43, pwritev2(flags, parts, 2, -1, RWF_DSYNC));
}

static void spliced(int sendfile_from, int sendfile_to, int splice_from, int splice_to, int copy_from, int copy_to)
{
	TIMES(47, sendfile(sendfile_to, sendfile_from, NULL, BLOCK));
	for (int i = 0; i < 53; i++) {
		MUST(splice(splice_from, NULL, pipes[1], NULL, BLOCK, 0) == BLOCK);
		MUST(read(pipes[0], block, BLOCK) == BLOCK);
	}
	for (int i = 0; i < 59; i++) {
		MUST(write(pipes[1], block, BLOCK) == BLOCK);
		MUST(splice(pipes[0], NULL, splice_to, NULL, BLOCK, 0) == BLOCK);
	}
	TIMES(61, copy_file_range(copy_from, NULL, copy_to, NULL, BLOCK, 0));
}

/* Submits one request and waits for its result. */
static long aio_run(int fd, int opcode, void *buffer, long size, long offset)
{
	struct iocb request = { .aio_fildes = fd, .aio_lio_opcode = opcode, .aio_buf = (uintptr_t)buffer };
	struct iocb *list = &request;
	struct io_event event;
	request.aio_nbytes = size;
	request.aio_offset = offset;
	MUST(syscall(SYS_io_submit, aio, 1, &list) == 1);
	MUST(syscall(SYS_io_getevents, aio, 1, 1, &event, NULL) == 1);
	return event.res;
}

static void refused(int fd)
{
	struct iocb request = { .aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (uintptr_t)block };
	struct iocb *list = &request;
	request.aio_nbytes = BLOCK;
	request.aio_offset = -1;
	MUST_FAIL(syscall(SYS_io_submit, aio, 1, &list), EINVAL);
}

static long long now_ns(void)
{
	struct timespec time;
	MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void asynchronous(int plain, int vector, int direct)
{
	struct iovec parts[2] = {{block, BLOCK / 2}, {block + BLOCK / 2, BLOCK / 2}};
	TIMES(67, aio_run(plain, IOCB_CMD_PREAD, block, BLOCK, 0));
	TIMES(71, aio_run(plain, IOCB_CMD_PWRITE, block, BLOCK, 0));
	TIMES(73, aio_run(vector, IOCB_CMD_PREADV, parts, 2, 0));
	TIMES(79, aio_run(vector, IOCB_CMD_PWRITEV, parts, 2, 0));
	/* A refused request has no completion. */
	for (int i = 0; i < 7; i++)
		refused(plain);
	if (direct >= 0) {
		for (int i = 0; i < 5; i++)
			MUST(aio_run(direct, IOCB_CMD_PWRITE, block, 4096, 0) == 4096);
		for (int i = 0; i < 7; i++)
			MUST(aio_run(direct, IOCB_CMD_PREAD, block, 4096, 0) == 4096);
	}
}

static int uring(int opcode, int fd, const void *buffer, int size)
{
	struct io_uring_sqe sqe = { .opcode = opcode, .fd = fd, .addr = (uintptr_t)buffer, .len = size };
	return operate(&ring, &sqe);
}

static void ringed(int plain, int vector, int fixed, int spliced_from)
{
	struct iovec parts[2] = {{block, BLOCK / 2}, {block + BLOCK / 2, BLOCK / 2}};
	struct iovec whole = { block, 4096 };
	struct io_uring_sqe splice_in = {
		.opcode = IORING_OP_SPLICE, .fd = pipes[1], .splice_fd_in = spliced_from, .off = -1, .len = BLOCK,
	};
	TIMES(83, uring(IORING_OP_READ, plain, block, BLOCK));
	TIMES(89, uring(IORING_OP_WRITE, plain, block, BLOCK));
	TIMES(97, uring(IORING_OP_READV, vector, parts, 2));
	TIMES(101, uring(IORING_OP_WRITEV, vector, parts, 2));
	MUST(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &whole, 1) == 0);
	TIMES(103, uring(IORING_OP_READ_FIXED, fixed, block, BLOCK));
	TIMES(107, uring(IORING_OP_WRITE_FIXED, fixed, block, BLOCK));
	for (int i = 0; i < 109; i++) {
		MUST(operate(&ring, &splice_in) == BLOCK);
		MUST(read(pipes[0], block, BLOCK) == BLOCK);
	}
	for (int i = 0; i < 181; i++) {
		struct io_uring_sqe sqe = {
			.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)"uring", .open_flags = O_RDONLY,
		};
		int fd = operate(&ring, &sqe);
		MUST(fd >= 0 && close(fd) == 0);
	}
}

struct handle {
	struct file_handle handle;
	char bytes[MAX_HANDLE_SZ];
};

static void nameless(int memory, struct handle *handle, int directory)
{
	int fd = open(".", O_TMPFILE | O_RDWR, 0600);
	MUST(fd >= 0);
	TIMES(113, write(fd, block, BLOCK));
	MUST(linkat(fd, "", AT_FDCWD, "tmpfile", AT_EMPTY_PATH) == 0);
	TIMES(127, write(memory, block, BLOCK));
	TIMES(131, pread(memory, block, BLOCK, 0));
	fd = syscall(SYS_open_by_handle_at, directory, handle, O_RDONLY);
	MUST(fd >= 0);
	TIMES(137, pread(fd, block, BLOCK, 0));
}

/* Not reads or writes. */
static void others(int mapped, int punched, int truncated, mqd_t queue)
{
	char *memory = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, mapped, 0);
	MUST(memory != MAP_FAILED);
	for (int i = 0; i < 139; i++) {
		((volatile char *)memory)[i % 16 * 4096] += 1;
		MUST(msync(memory, 16 * 4096, MS_ASYNC) == 0);
	}
	for (int i = 0; i < 149; i++)
		MUST(fallocate(punched, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, i * BLOCK, BLOCK) == 0);
	for (int i = 0; i < 151; i++)
		MUST(ftruncate(truncated, i) == 0);
	for (int i = 0; i < 179; i++) {
		MUST(mq_send(queue, block, 8, 0) == 0);
		MUST(mq_receive(queue, block, 4096, NULL) == 8);
	}
	for (int i = 0; i < 193; i++) {
		mqd_t other = mq_open("/ktop-ways", O_RDWR);
		MUST(other >= 0 && mq_close(other) == 0);
	}
}

/* 6 GiB: both halves of the position are needed, and the lower one is negative as an int. */
#define FAR_LOW 0x80000000L
#define FAR_HIGH 1

/* i386: 3 read, 4 write, 5 open, 180 pread64, 181 pwrite64 */
static void compat(int fd, int positioned, char *low)
{
	long buffer = low_address(low);
	TIMES(157, call32(3, fd, buffer, BLOCK));
	TIMES(163, call32(4, fd, buffer, BLOCK));
	TIMES(199, call32(181, positioned, buffer, BLOCK, FAR_LOW + i, FAR_HIGH));
	TIMES(197, call32(180, positioned, buffer, BLOCK, FAR_LOW + i, FAR_HIGH));
	/* Calls that fail before they reach the file: negative positions. */
	for (int i = 0; i < 5; i++)
		MUST(call32(180, positioned, buffer, BLOCK, i, -1) == -EINVAL &&
		     call32(181, positioned, buffer, BLOCK, i, 0x80000000L) == -EINVAL);
	strcpy(low, "compat");
	for (int i = 0; i < 191; i++) {
		int opened = call32(5, buffer, O_RDONLY);
		MUST(opened >= 0 && close(opened) == 0);
	}
}

/* i386: 145 readv, 146 writev, 333 preadv, 334 pwritev, 378 preadv2, 379 pwritev2 */
static void compat_vector(int fd, char *low)
{
	int parts[4] = { low_address(low), BLOCK / 2, low_address(low) + BLOCK / 2, BLOCK / 2 };
	long vector = low_address(low + 2 * BLOCK);
	memcpy(low + 2 * BLOCK, parts, sizeof(parts));
	TIMES(211, call32(145, fd, vector, 2));
	TIMES(223, call32(146, fd, vector, 2));
	TIMES(227, call32(334, fd, vector, 2, FAR_LOW + i, FAR_HIGH));
	TIMES(229, call32(379, fd, vector, 2, FAR_LOW + i, FAR_HIGH, RWF_DSYNC));
	TIMES(233, call32(379, fd, vector, 2, -1, -1));
	TIMES(223, call32(333, fd, vector, 2, FAR_LOW + i, FAR_HIGH));
	TIMES(227, call32(378, fd, vector, 2, FAR_LOW + i, FAR_HIGH, RWF_HIPRI));
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	TIMES(239, call32(378, fd, vector, 2, -1, -1));
	for (int i = 0; i < 7; i++)
		MUST(call32(333, fd, vector, 2, -1, -1) == -EINVAL && call32(379, fd, vector, 2, -2, -1) == -EINVAL);
}

/* i386: 187 sendfile, 239 sendfile64, 313 splice, 377 copy_file_range */
static void compat_spliced(int from, int to)
{
	TIMES(241, call32(187, to, from, 0, BLOCK));
	MUST(lseek(from, 0, SEEK_SET) == 0);
	TIMES(251, call32(239, to, from, 0, BLOCK));
	MUST(lseek(from, 0, SEEK_SET) == 0);
	for (int i = 0; i < 173; i++) {
		MUST(call32(313, from, 0, pipes[1], 0, BLOCK) == BLOCK);
		MUST(call32(313, pipes[0], 0, to, 0, BLOCK) == BLOCK);
	}
	MUST(lseek(from, 0, SEEK_SET) == 0);
	TIMES(181, call32(377, from, 0, to, 0, BLOCK));
}

int main(int argc, char **argv)
{
	struct handle handle = { .handle.handle_bytes = MAX_HANDLE_SZ };
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 4096 };
	int mount_id, major, minor, compatible = has_call32();
	struct utsname kernel;
	/* Not every test reads the output. */
	signal(SIGPIPE, SIG_IGN);
	gate_block();
	enter_directory_in(argc > 1 ? argv[1] : "/tmp", "ways");
	block = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	MUST(block != MAP_FAILED && pipe(pipes) == 0);
	ring_open(&ring);
	MUST(syscall(SYS_io_setup, 4, &aio) == 0);
	int plain = create("plain", 0), positioned = create("positioned", 0), vector = create("vector", 0);
	int both = create("vector_positioned", 0), flags = create("vector_flags", 0);
	int sendfile_from = create("sendfile_from", 0), sendfile_to = create("sendfile_to", 0);
	int splice_from = create("splice_from", 0), splice_to = create("splice_to", 0);
	int copy_from = create("copy_from", 0), copy_to = create("copy_to", 0);
	int aio_plain = create("aio", 0), aio_vector = create("aio_vector", 0);
	int aio_direct = open("aio_direct", O_RDWR | O_CREAT | O_DIRECT, 0600);
	MUST(aio_direct >= 0 || errno == EINVAL);
	int uring_plain = create("uring", 0), uring_vector = create("uring_vector", 0);
	int uring_fixed = create("uring_fixed", 0), uring_splice = create("uring_splice", 0);
	int mapped = create("mapped", 0), punched = create("punched", 0), truncated = create("truncated", 0);
	int memory = syscall(SYS_memfd_create, "ways", 0);
	int in32 = create("compat", 0), positioned32 = create("compat_positioned", 0), vector32 = create("compat_vector", 0);
	int from32 = create("compat_from", 0), to32 = create("compat_to", 0);
	int directory = open(".", O_RDONLY | O_DIRECTORY);
	mqd_t queue = mq_open("/ktop-ways", O_RDWR | O_CREAT, 0600, &attributes);
	MUST(memory >= 0 && directory >= 0 && queue >= 0);
	close(create("handle", 0));
	MUST(name_to_handle_at(AT_FDCWD, "handle", &handle.handle, &mount_id, 0) == 0);
	ready();
	gate_wait();
	synchronous(plain, positioned, vector, both, flags);
	spliced(sendfile_from, sendfile_to, splice_from, splice_to, copy_from, copy_to);
	long long start_ns = now_ns();
	asynchronous(aio_plain, aio_vector, aio_direct);
	long long aio_ns = now_ns() - start_ns;
	ringed(uring_plain, uring_vector, uring_fixed, uring_splice);
	nameless(memory, &handle, directory);
	others(mapped, punched, truncated, queue);
	if (compatible) {
		char *low = low_page();
		compat(in32, positioned32, low);
		compat_vector(vector32, low);
		compat_spliced(from32, to32);
	}
	MUST(uname(&kernel) == 0 && sscanf(kernel.release, "%d.%d", &major, &minor) == 2);
	dprintf(1, "compat %d\ndirect %d\nmajor %d\nminor %d\naio_ns %lld\n", compatible, aio_direct >= 0, major, minor, aio_ns);
	mq_unlink("/ktop-ways");
	return 0;
}
