/*
 * names: creates, removes, renames and links files in every way: with plain system calls, io_uring, 32-bit system calls and message
 * queues. Each file name starts with the name of the way. Then the program executes itself. names.ts has the same counts.
 *
 * Prints for each way and call 1 if the kernel has it, otherwise 0: "uring_rename 1"; and the kernel's version.
 */
#include "workload.h"
#include "ring.h"
#include "call32.h"
#include <mqueue.h>
#include <sys/utsname.h>

static struct ring ring;
/* Buffers for two paths, below 4 GiB for 32-bit calls. */
static char *low;

/* Each returns a negative errno if it fails. NULL: the kernel does not have the call. */
struct way {
	const char *name;
	int (*create)(const char *path);
	int (*unlink)(const char *path);
	int (*rename)(const char *from, const char *to);
	int (*link)(const char *from, const char *to);
	int (*mkdir)(const char *path);
	int (*rmdir)(const char *path);
};

struct counts {
	int files, renames, links, directories;
};

static int result(int ret)
{
	return ret < 0 ? -errno : ret;
}

static int plain_create(const char *path)
{
	return result(open(path, O_RDWR | O_CREAT | O_EXCL, 0600));
}

static int plain_unlink(const char *path)
{
	return result(unlink(path));
}

static int plain_rename(const char *from, const char *to)
{
	return result(rename(from, to));
}

static int plain_link(const char *from, const char *to)
{
	return result(link(from, to));
}

static int plain_mkdir(const char *path)
{
	return result(mkdir(path, 0700));
}

static int plain_rmdir(const char *path)
{
	return result(rmdir(path));
}

static int uring(int opcode, const char *path, const char *other, unsigned int length, unsigned int flags)
{
	struct io_uring_sqe sqe = {
		.opcode = opcode, .fd = AT_FDCWD, .addr = (uintptr_t)path, .off = (uintptr_t)other, .len = length,
		.open_flags = flags,
	};
	return operate(&ring, &sqe);
}

static int uring_create(const char *path)
{
	return uring(IORING_OP_OPENAT, path, NULL, 0600, O_RDWR | O_CREAT | O_EXCL);
}

static int uring_unlink(const char *path)
{
	return uring(IORING_OP_UNLINKAT, path, NULL, 0, 0);
}

/* IORING_OP_RENAMEAT takes the directory of the second path in `len`. */
static int uring_rename(const char *from, const char *to)
{
	return uring(IORING_OP_RENAMEAT, from, to, AT_FDCWD, 0);
}

static int uring_link(const char *from, const char *to)
{
	return uring(IORING_OP_LINKAT, from, to, AT_FDCWD, 0);
}

static int uring_mkdir(const char *path)
{
	return uring(IORING_OP_MKDIRAT, path, NULL, 0700, 0);
}

static int uring_rmdir(const char *path)
{
	return uring(IORING_OP_UNLINKAT, path, NULL, 0, AT_REMOVEDIR);
}

static long low_path(const char *path, int position)
{
	char *copy = low + position * 2048;
	strcpy(copy, path);
	return low_address(copy);
}

/*
 * i386 system call numbers: 5 open, 8 creat, 9 link, 10 unlink, 38 rename, 39 mkdir, 40 rmdir, 277 mq_open, 278 mq_unlink, 295 openat,
 * 296 mkdirat, 301 unlinkat, 302 renameat, 303 linkat, 353 renameat2
 */

static int compat_create(const char *path)
{
	return call32(5, low_path(path, 0), O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int compat_unlink(const char *path)
{
	return call32(10, low_path(path, 0));
}

static int compat_rename(const char *from, const char *to)
{
	return call32(38, low_path(from, 0), low_path(to, 1));
}

static int compat_link(const char *from, const char *to)
{
	return call32(9, low_path(from, 0), low_path(to, 1));
}

static int compat_mkdir(const char *path)
{
	return call32(39, low_path(path, 0), 0700);
}

static int compat_rmdir(const char *path)
{
	return call32(40, low_path(path, 0));
}

/* Every second file by creat, the others by openat. */
static int compatat_create(const char *path)
{
	static int calls;

	if (calls++ % 2)
		return call32(8, low_path(path, 0), 0600);
	return call32(295, AT_FDCWD, low_path(path, 0), O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int compatat_unlink(const char *path)
{
	return call32(301, AT_FDCWD, low_path(path, 0));
}

/* Every second time by renameat2. */
static int compatat_rename(const char *from, const char *to)
{
	static int calls;

	return call32(calls++ % 2 ? 353 : 302, AT_FDCWD, low_path(from, 0), AT_FDCWD, low_path(to, 1));
}

static int compatat_link(const char *from, const char *to)
{
	return call32(303, AT_FDCWD, low_path(from, 0), AT_FDCWD, low_path(to, 1));
}

static int compatat_mkdir(const char *path)
{
	return call32(296, AT_FDCWD, low_path(path, 0), 0700);
}

static int compatat_rmdir(const char *path)
{
	return call32(301, AT_FDCWD, low_path(path, 0), AT_REMOVEDIR);
}

static int queue_create(const char *path)
{
	return result(mq_open(path, O_RDWR | O_CREAT | O_EXCL, 0600, NULL));
}

static int queue_unlink(const char *path)
{
	return result(mq_unlink(path));
}

/* The library function takes the name with a leading slash, the system call without it. */
static int queue32_create(const char *path)
{
	return call32(277, low_path(path + 1, 0), O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int queue32_unlink(const char *path)
{
	return call32(278, low_path(path + 1, 0));
}

static void make_file(const struct way *way, const char *path)
{
	int fd = way->create(path);
	MUST(fd >= 0 && close(fd) == 0);
}

static void run(const struct way *way, struct counts counts)
{
	char path[64], other[64];
	snprintf(path, sizeof(path), "%s_old", way->name);
	snprintf(other, sizeof(other), "%s_new", way->name);
	for (int i = 0; way->rename && i < counts.renames; i++)
		MUST(way->rename(i % 2 ? other : path, i % 2 ? path : other) == 0);
	for (int i = 0; way->unlink && i < counts.files; i++) {
		snprintf(path, sizeof(path), "%s_file%d", way->name, i);
		make_file(way, path);
		MUST(way->unlink(path) == 0);
	}
	for (int i = 0; way->unlink && way->link && i < counts.links; i++) {
		snprintf(path, sizeof(path), "%s_first%d", way->name, i);
		snprintf(other, sizeof(other), "%s_second%d", way->name, i);
		make_file(way, path);
		MUST(way->link(path, other) == 0 && way->unlink(path) == 0 && way->unlink(other) == 0);
	}
	for (int i = 0; way->mkdir && way->rmdir && i < counts.directories; i++) {
		snprintf(path, sizeof(path), "%s_directory%d", way->name, i);
		MUST(way->mkdir(path) == 0 && way->rmdir(path) == 0);
	}
}

/* Creates the file that the way renames. */
static void prepare(const struct way *way)
{
	char path[64];
	snprintf(path, sizeof(path), "%s_old", way->name);
	MUST(close(plain_create(path)) == 0);
}

/* Clears the calls that this kernel's io_uring lacks: an unknown opcode fails with EINVAL. */
static void find_uring_calls(struct way *way)
{
	if (way->unlink("absent") == -EINVAL)
		way->unlink = way->rmdir = NULL;
	if (way->rename("absent", "absent") == -EINVAL)
		way->rename = NULL;
	if (way->link("absent", "other") == -EINVAL)
		way->link = NULL;
	if (way->mkdir("/") == -EINVAL)
		way->mkdir = NULL;
}

static void print_calls(const struct way *way)
{
	dprintf(1, "%s_unlink %d\n%s_rename %d\n%s_link %d\n%s_mkdir %d\n", way->name, !!way->unlink, way->name, !!way->rename,
		way->name, way->unlink && way->link, way->name, way->rmdir && way->mkdir);
}

static void print_version(void)
{
	struct utsname kernel;
	int major, minor;
	MUST(uname(&kernel) == 0 && sscanf(kernel.release, "%d.%d", &major, &minor) == 2);
	dprintf(1, "major %d\nminor %d\n", major, minor);
}

/* Executes this program `times` more times; the kernel opens it each time. */
static void execute(int times)
{
	char text[16];
	snprintf(text, sizeof(text), "%d", times);
	execl("/proc/self/exe", "names", text, NULL);
	MUST(!"execl");
}

int main(int argc, char **argv)
{
	struct way plain = {
		"plain", plain_create, plain_unlink, plain_rename, plain_link, plain_mkdir, plain_rmdir,
	};
	struct way async = {
		"uring", uring_create, uring_unlink, uring_rename, uring_link, uring_mkdir, uring_rmdir,
	};
	struct way compat = {
		"compat", compat_create, compat_unlink, compat_rename, compat_link, compat_mkdir, compat_rmdir,
	};
	struct way compatat = {
		"compatat", compatat_create, compatat_unlink, compatat_rename, compatat_link, compatat_mkdir, compatat_rmdir,
	};
	struct way queue = { .name = "/queue", .create = queue_create, .unlink = queue_unlink };
	struct way queue32 = { .name = "/queue32", .create = queue32_create, .unlink = queue32_unlink };
	if (argc > 1) {
		if (atoi(argv[1]) > 1)
			execute(atoi(argv[1]) - 1);
		return 0;
	}
	gate_block();
	enter_directory("names");
	ring_open(&ring);
	find_uring_calls(&async);
	low = low_page();
	if (!has_call32()) {
		compat = (struct way){ .name = "compat" };
		compatat = (struct way){ .name = "compatat" };
		queue32 = (struct way){ .name = "/queue32" };
	}
	prepare(&plain);
	prepare(&async);
	prepare(&compat);
	prepare(&compatat);
	ready();
	gate_wait();
	run(&plain, (struct counts){ .files = 3, .renames = 5, .links = 7, .directories = 2 });
	run(&async, (struct counts){ .files = 11, .renames = 13, .links = 17, .directories = 19 });
	run(&compat, (struct counts){ .files = 23, .renames = 29, .links = 31, .directories = 37 });
	run(&compatat, (struct counts){ .files = 59, .renames = 61, .links = 67, .directories = 71 });
	run(&queue, (struct counts){ .files = 41 });
	run(&queue32, (struct counts){ .files = 43 });
	print_calls(&async);
	print_calls(&compat);
	print_version();
	execute(53);
}
