/*
 * pages DIRECTORY WAY…: asks for the 1009 pages of a file in DIRECTORY. It drops them from the page cache before each cold way. If the
 * first way is warm, they are read before the workload is ready.
 *
 *   cold_read, warm_read          1009 read of a page
 *   cold_large, warm_large        one read of the whole file and a page more
 *   cold_random                   1009 pread of a page without read-ahead (POSIX_FADV_RANDOM), from the last one to the first
 *   warm_pread                    the same, with read-ahead
 *   cold_mmap, warm_mmap          a load from each page of a new mapping, first to last
 *   cold_sendfile, warm_sendfile  sends the file to a pipe
 *   half_large                    the first 500 pages are in the cache: one read of the whole file
 *   ahead                         readahead(2) of the file, which is not in the cache
 *   dirty                         writes 211 new pages, and 101 of them again before they are written back
 *
 * Prints of a cold way "WAY_evicted N" and "WAY_present N": pages that are not in the cache at its start, and that are at its end, by
 * mincore(2); of dirty "written N": pages that the process has dirtied, by /proc/self/io, and "nr_dirtied N": that the machine has.
 */
#include "cached.h"
#include <sys/sendfile.h>

#define PAGES 1009
#define DIRTIED 211
#define AGAIN 101
#define HALF 500
#define PAGE 4096

static char block[(PAGES + 1) * PAGE] __attribute__((aligned(PAGE)));
static int fd, out;
/* Keeps the pages that a warm way asks for; NULL: a cold way has come before. */
static void *kept;
static volatile char sink;

static unsigned long value_in(const char *path, const char *name)
{
	char text[32768], *found;
	int file = open(path, O_RDONLY);
	ssize_t length;
	MUST(file >= 0);
	MUST((length = read(file, text, sizeof(text) - 1)) > 0);
	close(file);
	text[length] = 0;
	MUST((found = strstr(text, name)) != NULL);
	return strtoul(found + strlen(name), NULL, 10);
}

static int cached_pages(void)
{
	static unsigned char cached[PAGES];
	void *map = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	int count = 0;
	MUST(map != MAP_FAILED);
	MUST(mincore(map, PAGES * PAGE, cached) == 0);
	MUST(munmap(map, PAGES * PAGE) == 0);
	for (int i = 0; i < PAGES; i++)
		count += cached[i] & 1;
	return count;
}

static void evict(void)
{
	MUST(!kept || munmap(kept, PAGES * PAGE) == 0);
	kept = NULL;
	MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL) == 0);
	for (int tries = 0; tries < 100 && cached_pages(); tries++) {
		MUST(fsync(fd) == 0);
		MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	}
	MUST(cached_pages() == 0);
}

static void read_forwards(void)
{
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < PAGES; i++)
		MUST(read(fd, block, PAGE) == PAGE);
}

static void read_large(void)
{
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	MUST(read(fd, block, sizeof(block)) == PAGES * PAGE);
}

static void read_backwards(void)
{
	for (int i = PAGES - 1; i >= 0; i--)
		MUST(pread(fd, block, PAGE, (off_t)i * PAGE) == PAGE);
}

static void load(void)
{
	char *map = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	MUST(map != MAP_FAILED);
	for (int i = 0; i < PAGES; i++)
		sink = map[i * PAGE];
	MUST(munmap(map, PAGES * PAGE) == 0);
}

static void send_all(void)
{
	off_t position = 0;
	while (position < PAGES * PAGE)
		MUST(sendfile(out, fd, &position, PAGES * PAGE - position) > 0);
}

/* The kernel adds what each CPU has counted to /proc/vmstat, which it otherwise does once a second. */
static void add_up_vmstat(void)
{
	int file = open("/proc/sys/vm/stat_refresh", O_WRONLY);
	MUST(file >= 0);
	MUST(write(file, "1", 1) == 1);
	close(file);
}

static void dirty(void)
{
	int file;
	unsigned long before, machine;
	add_up_vmstat();
	before = value_in("/proc/self/io", "\nwrite_bytes: ");
	machine = value_in("/proc/vmstat", "\nnr_dirtied ");
	MUST((file = open("dirty", O_WRONLY | O_CREAT, 0600)) >= 0);
	for (int i = 0; i < DIRTIED; i++)
		MUST(write(file, block, PAGE) == PAGE);
	for (int i = 0; i < AGAIN; i++)
		MUST(pwrite(file, block, PAGE, (off_t)i * PAGE) == PAGE);
	close(file);
	add_up_vmstat();
	printf("written %lu\n", (value_in("/proc/self/io", "\nwrite_bytes: ") - before) / PAGE);
	printf("nr_dirtied %lu\n", value_in("/proc/vmstat", "\nnr_dirtied ") - machine);
}

static void read_half_cached(void)
{
	evict();
	MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) == 0);
	for (int i = 0; i < HALF; i++)
		MUST(pread(fd, block, PAGE, (off_t)i * PAGE) == PAGE);
	MUST(cached_pages() == HALF);
	MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL) == 0);
	read_large();
}

static void read_ahead(void)
{
	evict();
	/* It reads no more at once than read_ahead_kb allows. */
	for (int i = 0; i < PAGES; i++)
		MUST(readahead(fd, (off_t)i * PAGE, PAGE) == 0);
}

static void run(const char *way)
{
	int cold = strncmp(way, "cold", 4) == 0;
	if (cold) {
		evict();
		if (!strcmp(way, "cold_random"))
			MUST(posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) == 0);
		printf("%s_evicted %d\n", way, PAGES - cached_pages());
	}
	if (!strcmp(way, "cold_read") || !strcmp(way, "warm_read"))
		read_forwards();
	else if (!strcmp(way, "cold_large") || !strcmp(way, "warm_large"))
		read_large();
	else if (!strcmp(way, "cold_random") || !strcmp(way, "warm_pread"))
		read_backwards();
	else if (!strcmp(way, "cold_mmap") || !strcmp(way, "warm_mmap"))
		load();
	else if (!strcmp(way, "cold_sendfile") || !strcmp(way, "warm_sendfile"))
		send_all();
	else if (!strcmp(way, "half_large"))
		read_half_cached();
	else if (!strcmp(way, "ahead"))
		read_ahead();
	else if (!strcmp(way, "dirty"))
		dirty();
	else
		MUST(!"a known way");
	if (cold)
		printf("%s_present %d\n", way, cached_pages());
}

/* Keeps the pipe empty. */
static void drain(int in)
{
	static char buffer[65536];
	while (read(in, buffer, sizeof(buffer)) > 0)
		;
	_exit(0);
}

int main(int count, char **arguments)
{
	int pipes[2];
	gate_block();
	enter_directory_in(arguments[1], "pages");
	MUST((fd = open("pages", O_RDWR | O_CREAT, 0600)) >= 0);
	memset(block, 1, sizeof(block));
	MUST(write(fd, block, PAGES * PAGE) == PAGES * PAGE);
	MUST(fsync(fd) == 0);
	MUST(pipe(pipes) == 0);
	if (fork() == 0) {
		close(pipes[1]);
		drain(pipes[0]);
	}
	close(pipes[0]);
	out = pipes[1];
	/* Written at once they may be one huge page, which a single page fault maps. */
	evict();
	if (count > 2 && strncmp(arguments[2], "warm", 4) == 0) {
		read_forwards();
		kept = keep_cached(fd, PAGES * PAGE);
	}
	/* So that the program's own code and data make no page fault later. */
	MUST(mlockall(MCL_CURRENT) == 0);
	ready();
	gate_wait();
	for (int i = 2; i < count; i++)
		run(arguments[i]);
	fflush(stdout);
	return 0;
}
