/*
 * calls: a prime number of each call that vfsstat counts, of similar calls that it must not count, and of calls that fail before and
 * after they reach the kernel's vfs_* function.
 *
 *   READ   101 read + 13 pread      + 3 at the end of the file (0 bytes); 5 EBADF do not reach vfs_read
 *   WRITE  103 write + 17 pwrite;                                         7 EBADF do not reach vfs_write
 *   FSYNC  107 fsync + 19 fdatasync
 *   OPEN   109 existing + 23 openat(O_CREAT) existing + 113 open(O_CREAT) new + 11 creat new; 29 ENOENT do not open
 *   CREATE 113 open(O_CREAT) new + 11 creat new + 31 mknod of regular files; 23 O_CREAT on existing files do not count
 *   UNLINK 37 unlink + 41 unlinkat; 43 ENOENT do not reach vfs_unlink
 *   MKDIR  47 mkdir + 53 mkdirat; 59 EEXIST do not reach vfs_mkdir
 *   RMDIR  61 rmdir + 2 unlinkat(AT_REMOVEDIR)
 *   none   67 rename, 71 fstat, 73 stat
 */
#include "workload.h"

static void name(char *buffer, const char *prefix, int i)
{
	snprintf(buffer, 32, "%s%d", prefix, i);
}

static void reads_and_writes(int fd)
{
	char block[64] = {0};
	for (int i = 0; i < 103; i++)
		MUST(write(fd, block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 17; i++)
		MUST(pwrite(fd, block, sizeof(block), 0) == sizeof(block));
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < 101; i++)
		MUST(read(fd, block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 13; i++)
		MUST(pread(fd, block, sizeof(block), 0) == sizeof(block));
	MUST(lseek(fd, 0, SEEK_END) > 0);
	for (int i = 0; i < 3; i++)
		MUST(read(fd, block, sizeof(block)) == 0);
	for (int i = 0; i < 5; i++)
		MUST_FAIL(read(999, block, sizeof(block)), EBADF);
	for (int i = 0; i < 7; i++)
		MUST_FAIL(write(999, block, sizeof(block)), EBADF);
	for (int i = 0; i < 107; i++)
		MUST(fsync(fd) == 0);
	for (int i = 0; i < 19; i++)
		MUST(fdatasync(fd) == 0);
}

static void opens(void)
{
	char path[32];
	int fd;
	for (int i = 0; i < 109; i++) {
		MUST((fd = open("file", O_RDONLY)) >= 0);
		close(fd);
	}
	for (int i = 0; i < 23; i++) {
		MUST((fd = openat(AT_FDCWD, "file", O_RDWR | O_CREAT, 0600)) >= 0);
		close(fd);
	}
	for (int i = 0; i < 113; i++) {
		name(path, "new", i);
		MUST((fd = open(path, O_RDWR | O_CREAT | (i & 1 ? O_EXCL : 0), 0600)) >= 0);
		close(fd);
	}
	for (int i = 0; i < 11; i++) {
		name(path, "creat", i);
		MUST((fd = creat(path, 0600)) >= 0);
		close(fd);
	}
	for (int i = 0; i < 29; i++)
		MUST_FAIL(open("absent", O_RDONLY), ENOENT);
	for (int i = 0; i < 31; i++) {
		name(path, "node", i);
		MUST(mknod(path, S_IFREG | 0600, 0) == 0);
	}
}

static void names(void)
{
	struct stat status;
	char path[32], other[32];
	for (int i = 0; i < 37; i++) {
		name(path, "new", i);
		MUST(unlink(path) == 0);
	}
	for (int i = 37; i < 37 + 41; i++) {
		name(path, "new", i);
		MUST(unlinkat(AT_FDCWD, path, 0) == 0);
	}
	for (int i = 0; i < 43; i++)
		MUST_FAIL(unlink("absent"), ENOENT);
	for (int i = 0; i < 47; i++) {
		name(path, "dir", i);
		MUST(mkdir(path, 0700) == 0);
	}
	for (int i = 47; i < 47 + 53; i++) {
		name(path, "dir", i);
		MUST(mkdirat(AT_FDCWD, path, 0700) == 0);
	}
	for (int i = 0; i < 59; i++)
		MUST_FAIL(mkdir("dir0", 0700), EEXIST);
	for (int i = 0; i < 67; i++) {
		name(path, "dir", i);
		name(other, "renamed", i);
		MUST(rename(path, other) == 0);
	}
	for (int i = 0; i < 61; i++) {
		name(path, "renamed", i);
		MUST(rmdir(path) == 0);
	}
	for (int i = 61; i < 61 + 2; i++) {
		name(path, "renamed", i);
		MUST(unlinkat(AT_FDCWD, path, AT_REMOVEDIR) == 0);
	}
	for (int i = 0; i < 71; i++)
		MUST(fstat(1, &status) == 0);
	for (int i = 0; i < 73; i++)
		MUST(stat("file", &status) == 0);
}

int main(void)
{
	gate_block();
	enter_directory("calls");
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	ready();
	gate_wait();
	reads_and_writes(fd);
	opens();
	names();
	return 0;
}
