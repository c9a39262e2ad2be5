/*
 * writes [ramfs | DIRECTORY]: writes to regular files, by what becomes of them: on a new ramfs, or in DIRECTORY, else in /tmp.
 *
 *   buffered   101 pwrite, 19 writev, 11 pwritev and 7 pwritev2 of 100 bytes to one page that is on the disk
 *   delayed     41 write and 3 writev of 4096 bytes at the end of an empty file: delayed allocation, where the file system is ext4
 *   sync        13 pwrite with O_DSYNC, 2 writev with O_SYNC, 5 pwritev2 with RWF_DSYNC
 *   direct      43 pwrite with O_DIRECT, where the file system has it
 *   other       23 write of 0 bytes; 29 write of a file that is open for reading; 31 write to a file in /proc
 *   none        17 write to a pipe, 37 with EBADF, 7 pwrite at a negative position
 *
 * Prints "direct N" and "delayed N"; "syscw N", the writes of its own account in /proc/self/io, which leaves out those of files that
 * are open for reading.
 */
#include "workload.h"
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#define EXT4_SUPER_MAGIC 0xef53

static char block[4096] __attribute__((aligned(4096)));

static long syscw(int io)
{
	char text[512];
	long written, length = pread(io, text, sizeof(text) - 1, 0);
	const char *line;
	MUST(length > 0);
	text[length] = 0;
	MUST((line = strstr(text, "syscw:")) != NULL && sscanf(line, "syscw: %ld", &written) == 1);
	return written;
}

static int reopen(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | flags);
	MUST(fd >= 0);
	return fd;
}

int main(int count, char **arguments)
{
	struct iovec vector[2] = { { block, 60 }, { block, 40 } }, whole = { block, sizeof(block) };
	int fd, grown, dsync, sync_fd, direct, readable, oom, io, pipes[2];
	struct statfs statfs;
	bool ext4;
	long before, after;

	gate_block();
	enter_directory_in(count > 1 && arguments[1][0] == '/' ? arguments[1] : "/tmp", "writes");
	if (count > 1 && arguments[1][0] != '/') {
		char path[256];
		MUST(getcwd(path, sizeof(path)) != NULL);
		MUST(mount("none", path, arguments[1], 0, NULL) == 0);
		MUST(chdir(path) == 0);
		/* Only this program uses it from here on; it is unmounted when the program exits. */
		MUST(umount2(path, MNT_DETACH) == 0);
	}
	MUST((fd = open("page", O_RDWR | O_CREAT, 0600)) >= 0);
	MUST(write(fd, block, sizeof(block)) == sizeof(block));
	MUST(fsync(fd) == 0);
	MUST(fstatfs(fd, &statfs) == 0);
	ext4 = statfs.f_type == EXT4_SUPER_MAGIC;
	MUST((grown = open("grown", O_WRONLY | O_CREAT, 0600)) >= 0);
	dsync = reopen("page", O_DSYNC);
	sync_fd = reopen("page", O_SYNC);
	direct = open("page", O_WRONLY | O_DIRECT);
	MUST(direct >= 0 || errno == EINVAL);
	MUST((readable = open("page", O_RDONLY)) >= 0);
	MUST((oom = open("/proc/self/oom_score_adj", O_WRONLY)) >= 0);
	MUST((io = open("/proc/self/io", O_RDONLY)) >= 0);
	MUST(pipe(pipes) == 0);
	ready();
	gate_wait();
	before = syscw(io);
	for (int i = 0; i < 101; i++)
		MUST(pwrite(fd, block, 100, i) == 100);
	for (int i = 0; i < 19; i++)
		MUST(lseek(fd, i, SEEK_SET) == i && writev(fd, vector, 2) == 100);
	for (int i = 0; i < 11; i++)
		MUST(pwritev(fd, vector, 2, i) == 100);
	for (int i = 0; i < 7; i++)
		MUST(pwritev2(fd, vector, 2, i % 2 ? i : -1, 0) == 100);
	for (int i = 0; i < 41; i++)
		MUST(write(grown, block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 3; i++)
		MUST(writev(grown, &whole, 1) == sizeof(block));
	for (int i = 0; i < 13; i++)
		MUST(pwrite(dsync, block, 100, i) == 100);
	for (int i = 0; i < 2; i++)
		MUST(writev(sync_fd, vector, 2) == 100);
	for (int i = 0; i < 5; i++)
		MUST(pwritev2(fd, vector, 2, i, RWF_DSYNC) == 100);
	for (int i = 0; i < 43 && direct >= 0; i++)
		MUST(pwrite(direct, block, sizeof(block), 0) == sizeof(block));
	for (int i = 0; i < 23; i++)
		MUST(write(fd, block, 0) == 0);
	for (int i = 0; i < 29; i++)
		MUST_FAIL(write(readable, block, 100), EBADF);
	for (int i = 0; i < 31; i++)
		MUST(write(oom, "0", 1) == 1);
	for (int i = 0; i < 17; i++)
		MUST(write(pipes[1], block, 1) == 1);
	for (int i = 0; i < 37; i++)
		MUST_FAIL(write(999, block, 1), EBADF);
	for (int i = 0; i < 7; i++)
		MUST_FAIL(pwrite(fd, block, 1, -1), EINVAL);
	after = syscw(io);
	printf("direct %d\ndelayed %d\nsyscw %ld\n", direct < 0 ? 0 : 43, ext4 ? 44 : 0, after - before);
	return 0;
}
