/*
 * io: reads and writes by every system call that moves data, on separate regular files.
 *
 *   rw.dat        1009 write and 503 read of 4096 bytes, 307 pwrite and 211 pread of 100 bytes
 *   vectored.dat  71 writev, 67 readv, 79 pwritev, 73 preadv of two segments of 50 bytes
 *   from.dat      53 sendfile of 4096 bytes to
 *   to.dat
 */
#include "workload.h"
#include <sys/sendfile.h>
#include <sys/uio.h>

static char block[4096];

static int create(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	return fd;
}

static void plain(int fd)
{
	for (int i = 0; i < 1009; i++)
		MUST(write(fd, block, sizeof(block)) == sizeof(block));
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < 503; i++)
		MUST(read(fd, block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 307; i++)
		MUST(pwrite(fd, block, 100, i) == 100);
	for (int i = 0; i < 211; i++)
		MUST(pread(fd, block, 100, i) == 100);
}

static void vectored(int fd)
{
	struct iovec parts[2] = {{block, 50}, {block + 50, 50}};
	for (int i = 0; i < 71; i++)
		MUST(writev(fd, parts, 2) == 100);
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < 67; i++)
		MUST(readv(fd, parts, 2) == 100);
	for (int i = 0; i < 79; i++)
		MUST(pwritev(fd, parts, 2, i) == 100);
	for (int i = 0; i < 73; i++)
		MUST(preadv(fd, parts, 2, i) == 100);
}

int main(void)
{
	gate_block();
	enter_directory("io");
	int rw = create("rw.dat"), vector = create("vectored.dat"), from = create("from.dat"), to = create("to.dat");
	MUST(ftruncate(from, 53 * 4096) == 0);
	ready();
	gate_wait();
	plain(rw);
	vectored(vector);
	for (int i = 0; i < 53; i++)
		MUST(sendfile(to, from, NULL, 4096) == 4096);
	return 0;
}
