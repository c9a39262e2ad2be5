/*
 * stats: prime numbers of each call of the stat family, with known paths. On arm64, which has neither stat nor lstat, newfstatat
 * replaces them.
 *
 *   "file"          11 stat, 7 lstat, 19 statx, 3 statfs
 *   "inner"         17 newfstatat relative to the descriptor of "sub"
 *   sub/inner open  13 fstat, 5 newfstatat(AT_EMPTY_PATH), 2 statx(AT_EMPTY_PATH), 23 fstatfs
 *   sub/none        43 newfstatat, 3 statx of "none" relative to the descriptor of "sub": ENOENT
 *   none            47 newfstatat of "lost" relative to a descriptor that is not open: EBADF
 *   "absent"        53 newfstatat relative to the working directory: ENOENT
 *   a long path     59 stat of 4999 bytes: ENAMETOOLONG
 *   a pipe          31 fstat
 *   "absent"        29 stat that fail with ENOENT
 *   none            37 fstat that fail with EBADF, 41 newfstatat with an invalid address as the path: EFAULT
 */
#include "workload.h"
#include <sys/syscall.h>
#include <sys/vfs.h>

#ifdef SYS_stat
#define STAT(path, status) syscall(SYS_stat, path, status)
#define LSTAT(path, status) syscall(SYS_lstat, path, status)
#else
#define STAT(path, status) syscall(SYS_newfstatat, AT_FDCWD, path, status, 0)
#define LSTAT(path, status) syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW)
#endif

int main(void)
{
	struct stat status;
	struct statfs system;
	struct statx extended;
	int pipes[2];
	static char longest[5000];
	memset(longest, '/', sizeof(longest) - 1);
	gate_block();
	enter_directory("stats");
	MUST(mkdir("sub", 0700) == 0 && pipe(pipes) == 0);
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	int sub = open("sub", O_RDONLY | O_DIRECTORY);
	int inner = open("sub/inner", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && sub >= 0 && inner >= 0);
	ready();
	gate_wait();
	for (int i = 0; i < 11; i++)
		MUST(STAT("file", &status) == 0);
	for (int i = 0; i < 7; i++)
		MUST(LSTAT("file", &status) == 0);
	for (int i = 0; i < 19; i++)
		MUST(syscall(SYS_statx, AT_FDCWD, "file", 0, STATX_ALL, &extended) == 0);
	for (int i = 0; i < 3; i++)
		MUST(syscall(SYS_statfs, "file", &system) == 0);
	for (int i = 0; i < 17; i++)
		MUST(syscall(SYS_newfstatat, sub, "inner", &status, 0) == 0);
	for (int i = 0; i < 13; i++)
		MUST(syscall(SYS_fstat, inner, &status) == 0);
	for (int i = 0; i < 5; i++)
		MUST(syscall(SYS_newfstatat, inner, "", &status, AT_EMPTY_PATH) == 0);
	for (int i = 0; i < 2; i++)
		MUST(syscall(SYS_statx, inner, "", AT_EMPTY_PATH, STATX_ALL, &extended) == 0);
	for (int i = 0; i < 23; i++)
		MUST(syscall(SYS_fstatfs, inner, &system) == 0);
	for (int i = 0; i < 31; i++)
		MUST(syscall(SYS_fstat, pipes[0], &status) == 0);
	for (int i = 0; i < 29; i++)
		MUST_FAIL(STAT("absent", &status), ENOENT);
	for (int i = 0; i < 37; i++)
		MUST_FAIL(syscall(SYS_fstat, 999, &status), EBADF);
	for (int i = 0; i < 41; i++)
		MUST_FAIL(syscall(SYS_newfstatat, AT_FDCWD, 8L, &status, 0), EFAULT);
	for (int i = 0; i < 43; i++)
		MUST_FAIL(syscall(SYS_newfstatat, sub, "none", &status, 0), ENOENT);
	for (int i = 0; i < 3; i++)
		MUST_FAIL(syscall(SYS_statx, sub, "none", 0, STATX_ALL, &extended), ENOENT);
	for (int i = 0; i < 47; i++)
		MUST_FAIL(syscall(SYS_newfstatat, 999, "lost", &status, 0), EBADF);
	for (int i = 0; i < 53; i++)
		MUST_FAIL(syscall(SYS_newfstatat, AT_FDCWD, "absent", &status, 0), ENOENT);
	for (int i = 0; i < 59; i++)
		MUST_FAIL(STAT(longest, &status), ENAMETOOLONG);
	return 0;
}
