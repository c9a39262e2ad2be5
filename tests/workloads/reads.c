/*
 * reads [ramfs | DIRECTORY]: reads of regular files with and without their pages in the page cache: on a new ramfs, or in DIRECTORY.
 * A guest's root is tmpfs, whose reads do not go through the page cache's functions.
 *
 *   hit    101 pread of 100 bytes of one page that was just written
 *   miss    13 read of 4096 bytes, each the first one of a sparse file
 *   other   43 pread of that page with O_DIRECT, where the file system has it; 23 pread of a file in /proc; 29 pread at the end of
 *           a file of 100 bytes; 31 pread with EFAULT
 *   none    17 read of a pipe, 7 with EBADF
 *
 * Prints "direct N": the number of reads with O_DIRECT.
 */
#include "cached.h"
#include <sys/mount.h>

static char block[4096] __attribute__((aligned(4096)));
static char *volatile nowhere = (char *)-4096;

static int hole(int i)
{
	char path[32];
	int fd;
	snprintf(path, sizeof(path), "hole%d", i);
	MUST((fd = open(path, O_RDWR | O_CREAT, 0600)) >= 0);
	MUST(ftruncate(fd, sizeof(block)) == 0);
	return fd;
}

int main(int count, char **arguments)
{
	int holes[13], pipes[2], fd, end, proc, direct;
	gate_block();
	enter_directory_in(count > 1 && arguments[1][0] == '/' ? arguments[1] : "/tmp", "reads");
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
	keep_cached(fd, sizeof(block));
	direct = open("page", O_RDONLY | O_DIRECT);
	MUST(direct >= 0 || errno == EINVAL);
	MUST((end = open("end", O_RDWR | O_CREAT, 0600)) >= 0);
	MUST(write(end, block, 100) == 100);
	MUST((proc = open("/proc/self/comm", O_RDONLY)) >= 0);
	for (int i = 0; i < 13; i++)
		holes[i] = hole(i);
	MUST(pipe(pipes) == 0);
	MUST(write(pipes[1], block, 17) == 17);
	ready();
	gate_wait();
	for (int i = 0; i < 101; i++)
		MUST(pread(fd, block, 100, i) == 100);
	for (int i = 0; i < 13; i++)
		MUST(read(holes[i], block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 43 && direct >= 0; i++)
		MUST(pread(direct, block, sizeof(block), 0) == sizeof(block));
	for (int i = 0; i < 23; i++)
		MUST(pread(proc, block, 100, 0) == 6);
	for (int i = 0; i < 29; i++)
		MUST(pread(end, block, 100, 100) == 0);
	for (int i = 0; i < 31; i++)
		MUST_FAIL(pread(fd, nowhere, 100, 0), EFAULT);
	for (int i = 0; i < 17; i++)
		MUST(read(pipes[0], block, 1) == 1);
	for (int i = 0; i < 7; i++)
		MUST_FAIL(read(999, block, 1), EBADF);
	printf("direct %d\n", direct < 0 ? 0 : 43);
	return 0;
}
