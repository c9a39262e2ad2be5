/*
 * paths: opens by how they find their file. On arm64, which has neither open nor creat, openat replaces them.
 *
 *   hit      53 open, 47 openat, 7 openat2 of a file that was opened before; 3 openat with O_CREAT of that file; 2 creat of it
 *   lookup   13 open, 11 openat and 5 openat2 of names below /proc/self/fdinfo, each used for the first time
 *   created  17 openat with O_CREAT, 19 creat
 *   failed   23 openat of a missing name: ENOENT; 29 open with an invalid address as the path: EFAULT; 31 openat relative to a
 *            descriptor that is not open: EBADF; 37 openat2 of a too small struct: EINVAL
 */
#include "workload.h"
#include <linux/openat2.h>
#include <sys/syscall.h>

#ifdef SYS_open
#define OPEN(path, flags) syscall(SYS_open, path, flags)
#define CREAT(path) syscall(SYS_creat, path, 0600)
#else
#define OPEN(path, flags) syscall(SYS_openat, AT_FDCWD, path, flags)
#define CREAT(path) syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, 0600)
#endif

#define LOOKUPS (13 + 11 + 5)

static void opened(long fd)
{
	MUST(fd >= 0 && close(fd) == 0);
}

static long open2(int directory, const char *path, size_t size)
{
	struct open_how how = { .flags = O_RDONLY };
	return syscall(SYS_openat2, directory, path, &how, size);
}

int main(void)
{
	char names[LOOKUPS][16], *volatile nowhere = (char *)-4096;
	int directory, fd, used = 0;

	gate_block();
	enter_directory("paths");
	opened(open("file", O_RDWR | O_CREAT, 0600));
	opened(open("file", O_RDONLY));
	MUST((directory = open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY)) >= 0);
	for (int i = 0; i < LOOKUPS; i++) {
		MUST((fd = dup(directory)) >= 0);
		snprintf(names[i], sizeof(names[i]), "%d", fd);
	}
	ready();
	gate_wait();
	for (int i = 0; i < 53; i++)
		opened(OPEN("file", O_RDONLY));
	for (int i = 0; i < 47; i++)
		opened(openat(AT_FDCWD, "file", O_RDONLY));
	for (int i = 0; i < 7; i++)
		opened(open2(AT_FDCWD, "file", sizeof(struct open_how)));
	for (int i = 0; i < 3; i++)
		opened(openat(AT_FDCWD, "file", O_RDWR | O_CREAT, 0600));
	for (int i = 0; i < 2; i++)
		opened(CREAT("file"));
	MUST(fchdir(directory) == 0);
	for (int i = 0; i < 13; i++)
		opened(OPEN(names[used++], O_RDONLY));
	for (int i = 0; i < 11; i++)
		opened(openat(directory, names[used++], O_RDONLY));
	for (int i = 0; i < 5; i++)
		opened(open2(directory, names[used++], sizeof(struct open_how)));
	enter_directory("made");
	for (int i = 0; i < 17 + 19; i++) {
		char name[16];
		snprintf(name, sizeof(name), "new%d", i);
		opened(i < 17 ? openat(AT_FDCWD, name, O_RDWR | O_CREAT, 0600) : CREAT(name));
	}
	for (int i = 0; i < 23; i++)
		MUST_FAIL(openat(AT_FDCWD, "absent", O_RDONLY), ENOENT);
	for (int i = 0; i < 29; i++)
		MUST_FAIL(OPEN(nowhere, O_RDONLY), EFAULT);
	for (int i = 0; i < 31; i++)
		MUST_FAIL(openat(999, "lost", O_RDONLY), EBADF);
	for (int i = 0; i < 37; i++)
		MUST_FAIL(open2(AT_FDCWD, "file", sizeof(struct open_how) - 8), EINVAL);
	return 0;
}
