/*
 * opens: prime numbers of every way to open, with known paths. The working directory is DIR; below it is a tmpfs, in a new mount
 * namespace. On arm64, which has neither open nor creat, openat replaces them, with the same path, flags and mode.
 *
 *   "file"     11 open, 13 openat, 7 openat2(O_RDWR)          (7 of them O_RDWR, the others O_RDONLY)
 *   "new"      5 creat with mode 0640
 *   "made"     3 openat(O_CREAT|O_EXCL, 0600), unlinked each time
 *   "inner"    17 openat relative to the descriptor of DIR/mnt/deep/er, which is in the mounted file system
 *   "../up"    2 openat relative to the same
 *   "absent"   19 openat that fail with ENOENT; 23 relative to DIR/mnt/deep/er
 *   by handle  37 open_by_handle_at of DIR/mnt/deep/er/inner with O_RDWR; 3 of a handle without bytes: EINVAL
 *   "lost"     41 openat relative to a descriptor that is not open: EBADF
 *   a long path  5 openat of 4999 bytes: ENAMETOOLONG
 *   none       29 openat with an invalid address as the path: EFAULT
 * A second thread makes 31 openat of "thread".
 */
#include "workload.h"
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#ifdef SYS_open
#define OPEN(path, flags) syscall(SYS_open, path, flags)
#define CREAT(path, mode) syscall(SYS_creat, path, mode)
#else
#define OPEN(path, flags) syscall(SYS_openat, AT_FDCWD, path, flags)
#define CREAT(path, mode) syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode)
#endif

struct handle {
	struct file_handle handle;
	char bytes[MAX_HANDLE_SZ];
};

static void make(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && close(fd) == 0);
}

static void opened(long fd)
{
	MUST(fd >= 0 && close(fd) == 0);
}

static void *thread(void *unused)
{
	for (int i = 0; i < 31; i++)
		opened(openat(AT_FDCWD, "thread", O_RDONLY));
	return unused;
}

int main(void)
{
	struct open_how how = { .flags = O_RDWR };
	pthread_t other;
	gate_block();
	MUST(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	enter_directory("opens");
	MUST(mkdir("mnt", 0700) == 0 && mount("none", "mnt", "tmpfs", 0, NULL) == 0);
	MUST(mkdir("mnt/deep", 0700) == 0 && mkdir("mnt/deep/er", 0700) == 0);
	make("file"), make("thread"), make("mnt/deep/up"), make("mnt/deep/er/inner");
	int deep = open("mnt/deep/er", O_RDONLY | O_DIRECTORY);
	MUST(deep >= 0);
	struct handle inner = { .handle.handle_bytes = MAX_HANDLE_SZ }, empty = {};
	int mount_id;
	static char longest[5000];
	memset(longest, '/', sizeof(longest) - 1);
	MUST(name_to_handle_at(deep, "inner", &inner.handle, &mount_id, 0) == 0);
	ready();
	gate_wait();
	for (int i = 0; i < 11; i++)
		opened(OPEN("file", O_RDONLY));
	for (int i = 0; i < 13; i++)
		opened(syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY));
	for (int i = 0; i < 7; i++)
		opened(syscall(SYS_openat2, AT_FDCWD, "file", &how, sizeof(how)));
	for (int i = 0; i < 5; i++)
		opened(CREAT("new", 0640));
	for (int i = 0; i < 3; i++) {
		opened(syscall(SYS_openat, AT_FDCWD, "made", O_RDWR | O_CREAT | O_EXCL, 0600));
		MUST(unlink("made") == 0);
	}
	for (int i = 0; i < 17; i++)
		opened(syscall(SYS_openat, deep, "inner", O_RDONLY));
	for (int i = 0; i < 2; i++)
		opened(syscall(SYS_openat, deep, "../up", O_RDONLY));
	for (int i = 0; i < 19; i++)
		MUST_FAIL(syscall(SYS_openat, AT_FDCWD, "absent", O_RDONLY), ENOENT);
	for (int i = 0; i < 23; i++)
		MUST_FAIL(syscall(SYS_openat, deep, "absent", O_RDONLY), ENOENT);
	for (int i = 0; i < 29; i++)
		MUST_FAIL(syscall(SYS_openat, AT_FDCWD, 8L, O_RDONLY), EFAULT);
	for (int i = 0; i < 37; i++)
		opened(syscall(SYS_open_by_handle_at, deep, &inner, O_RDWR));
	for (int i = 0; i < 3; i++)
		MUST_FAIL(syscall(SYS_open_by_handle_at, deep, &empty, O_RDONLY), EINVAL);
	for (int i = 0; i < 41; i++)
		MUST_FAIL(syscall(SYS_openat, 999, "lost", O_RDONLY), EBADF);
	for (int i = 0; i < 5; i++)
		MUST_FAIL(syscall(SYS_openat, AT_FDCWD, longest, O_RDONLY), ENAMETOOLONG);
	MUST(pthread_create(&other, NULL, thread, NULL) == 0 && pthread_join(other, NULL) == 0);
	return 0;
}
