/*
 * block_files DIRECTORY: block I/O on files of DIRECTORY, in pages of 4096 bytes. Children write the pages and end before this process
 * syncs them.
 *
 *   one     101 pages of `written`; 53 of `first` and 59 of `second` by turns; 61 of `mapped`, by stores; 43 of `deleted`; the first 37
 *           of `halves`
 *   two     the other 46 pages of `halves`
 *   reader  the 101 pages of `written`, which are no longer in the page cache
 *
 * This process: direct I/O on `direct`: it writes 47 pages and reads 29. Then with mapped pages of `source` as the buffer: it writes 31 of
 * them; reads 23, which become dirty; and writes 13 while they are being written back.
 *
 * Prints "own PID", "one PID" and "two PID".
 */
#include "workload.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define PAGE 4096
#define SOURCE_PAGES 67

static char *page;

static int must_open(const char *name, int flags)
{
	int fd = open(name, flags, 0600);
	MUST(fd >= 0);
	return fd;
}

static void write_pages(int fd, int first, int pages)
{
	for (int i = first; i < first + pages; i++)
		MUST(pwrite(fd, page, PAGE, (off_t)i * PAGE) == PAGE);
}

static char *map_pages(int fd, int pages)
{
	char *mapped = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(mapped != MAP_FAILED);
	return mapped;
}

static void close_synced(int fd)
{
	MUST(fsync(fd) == 0);
	MUST(close(fd) == 0);
}

/* Runs `work` in a child of this name, and waits for its end. */
static pid_t in_child(const char *name, void (*work)(void))
{
	pid_t child = fork();
	int status;
	MUST(child >= 0);
	if (!child) {
		MUST(prctl(PR_SET_NAME, name) == 0);
		work();
		_exit(0);
	}
	MUST(waitpid(child, &status, 0) == child);
	MUST(status == 0);
	return child;
}

static void work_of_one(void)
{
	int first = must_open("first", O_WRONLY | O_CREAT), second = must_open("second", O_WRONLY | O_CREAT);
	int mapped = must_open("mapped", O_RDWR | O_CREAT);
	char *pages;

	write_pages(must_open("written", O_WRONLY | O_CREAT), 0, 101);
	for (int i = 0; i < 59; i++) {
		if (i < 53)
			write_pages(first, i, 1);
		write_pages(second, i, 1);
	}
	MUST(ftruncate(mapped, 61 * PAGE) == 0);
	pages = map_pages(mapped, 61);
	for (int i = 0; i < 61; i++)
		pages[i * PAGE + 7] = 1;
	write_pages(must_open("deleted", O_WRONLY | O_CREAT), 0, 43);
	write_pages(must_open("halves", O_WRONLY | O_CREAT), 0, 37);
}

static void work_of_two(void)
{
	write_pages(must_open("halves", O_WRONLY), 37, 46);
}

static void work_of_reader(void)
{
	int fd = must_open("written", O_RDONLY);

	for (int i = 0; i < 101; i++)
		MUST(pread(fd, page, PAGE, (off_t)i * PAGE) == PAGE);
}

static void direct_io(void)
{
	int direct = must_open("direct", O_RDWR | O_DIRECT), source = must_open("source", O_RDWR);
	char *pages = map_pages(source, SOURCE_PAGES);

	write_pages(direct, 0, 47);
	for (int i = 0; i < 29; i++)
		MUST(pread(direct, page, PAGE, (off_t)i * PAGE) == PAGE);
	for (int i = 0; i < 31; i++)
		MUST(pwrite(direct, pages + i * PAGE, PAGE, (off_t)i * PAGE) == PAGE);
	for (int i = 31; i < 54; i++)
		MUST(pread(direct, pages + i * PAGE, PAGE, (off_t)i * PAGE) == PAGE);
	MUST(fsync(source) == 0);
	for (int i = 54; i < 67; i++) {
		pages[i * PAGE] = 1;
		MUST(sync_file_range(source, (off_t)i * PAGE, PAGE, SYNC_FILE_RANGE_WRITE) == 0);
		MUST(pwrite(direct, pages + i * PAGE, PAGE, (off_t)i * PAGE) == PAGE);
	}
	close_synced(source);
}

int main(int argc, char **argv)
{
	int fd;
	pid_t one, two;

	gate_block();
	MUST(argc == 2);
	MUST(chdir(argv[1]) == 0);
	MUST(posix_memalign((void **)&page, PAGE, PAGE) == 0);
	memset(page, 1, PAGE);
	for (int i = 0; i < 2; i++) {
		fd = must_open(i ? "direct" : "source", O_WRONLY | O_CREAT);
		write_pages(fd, 0, SOURCE_PAGES);
		close_synced(fd);
	}
	ready();
	gate_wait();

	one = in_child("one", work_of_one);
	two = in_child("two", work_of_two);
	fd = must_open("deleted", O_WRONLY);
	MUST(unlink("deleted") == 0);
	close_synced(fd);
	/* The others are written back by the kernel's threads. */
	fd = must_open(".", O_RDONLY);
	MUST(syncfs(fd) == 0);
	fd = must_open("written", O_RDONLY);
	MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	in_child("reader", work_of_reader);
	direct_io();
	dprintf(1, "own %d\none %d\ntwo %d\n", getpid(), one, two);
	return 0;
}
