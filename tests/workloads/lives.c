/*
 * lives: files that are created and removed.
 *
 *   short         103: 43 open(O_CREAT) + unlink, 47 openat(O_CREAT | O_EXCL) + unlinkat, 13 creat + unlink
 *   aged            1: open(O_CREAT), 120 ms, unlink. Prints "aged_us MICROSECONDS", measured around them
 *   node           17: mknod + unlink
 *   linked          7: open(O_CREAT), link, unlink of both names: the file is gone after the second ("other…")
 *   moved           5: open(O_CREAT), rename, unlink under the new name
 *   target          7: open(O_CREAT); 120 ms later another file is created and renamed over it; unlink. Prints "replaced_us
 *                   MICROSECONDS", the longest time from the creation of such a file to its removal
 *   swapped         3: two files, exchanged (renameat2), unlink of both ("swapped…", "partner…")
 *   away            3: open(O_CREAT) of "again…", rename, unlink under the new name; link of an old file as "again…", unlink
 *   second          2: open(O_CREAT) of "twice…", link, unlink of both names; link of an old file as "twice…", unlink
 *   none           11 unlink of files that existed before, 3 of directories (EISDIR), 5 of absent files; 19 files that stay
 */
#include "workload.h"
#include <time.h>

static void name(char *buffer, const char *prefix, int i)
{
	snprintf(buffer, 32, "%s%d", prefix, i);
}

static void make(int fd)
{
	MUST(fd >= 0);
	close(fd);
}

static long now_us(void)
{
	struct timespec time;
	MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void short_lived(void)
{
	char path[32];
	for (int i = 0; i < 43; i++) {
		name(path, "short", i);
		make(open(path, O_RDWR | O_CREAT, 0600));
		MUST(unlink(path) == 0);
	}
	for (int i = 43; i < 43 + 47; i++) {
		name(path, "./short", i);
		make(openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0600));
		MUST(unlinkat(AT_FDCWD, path, 0) == 0);
	}
	for (int i = 90; i < 90 + 13; i++) {
		name(path, "short", i);
		make(creat(path, 0600));
	}
	for (int i = 90; i < 90 + 13; i++) {
		name(path, "short", i);
		MUST(unlink(path) == 0);
	}
}

static void others(void)
{
	char path[32], other[32];
	for (int i = 0; i < 17; i++) {
		name(path, "node", i);
		MUST(mknod(path, S_IFREG | 0600, 0) == 0);
		MUST(unlink(path) == 0);
	}
	for (int i = 0; i < 7; i++) {
		name(path, "linked", i);
		name(other, "other", i);
		make(creat(path, 0600));
		MUST(link(path, other) == 0);
		MUST(unlink(path) == 0);
		MUST(unlink(other) == 0);
	}
	for (int i = 0; i < 5; i++) {
		name(path, "before", i);
		name(other, "moved", i);
		make(creat(path, 0600));
		MUST(rename(path, other) == 0);
		MUST(unlink(other) == 0);
	}
}

/* Files whose name once belonged to a file with another age. */
static void namesakes(void)
{
	char path[32], other[32];
	long longest = 0;
	for (int i = 0; i < 7; i++) {
		name(path, "target", i);
		make(creat(path, 0600));
	}
	usleep(120000);
	for (int i = 0; i < 7; i++) {
		long began = now_us();
		name(path, "target", i);
		name(other, "source", i);
		make(creat(other, 0600));
		MUST(rename(other, path) == 0);
		MUST(unlink(path) == 0);
		if (now_us() - began > longest)
			longest = now_us() - began;
	}
	dprintf(1, "replaced_us %ld\n", longest);
	for (int i = 0; i < 3; i++) {
		name(path, "swapped", i);
		name(other, "partner", i);
		make(creat(path, 0600));
		make(creat(other, 0600));
		MUST(renameat2(AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE) == 0);
		MUST(unlink(path) == 0);
		MUST(unlink(other) == 0);
	}
	for (int i = 0; i < 3; i++) {
		name(path, "again", i);
		name(other, "away", i);
		make(creat(path, 0600));
		MUST(rename(path, other) == 0);
		MUST(unlink(other) == 0);
		MUST(link("old", path) == 0);
		MUST(unlink(path) == 0);
	}
	for (int i = 0; i < 2; i++) {
		name(path, "twice", i);
		name(other, "second", i);
		make(creat(path, 0600));
		MUST(link(path, other) == 0);
		MUST(unlink(path) == 0);
		MUST(unlink(other) == 0);
		MUST(link("old", path) == 0);
		MUST(unlink(path) == 0);
	}
}

static void none(void)
{
	char path[32];
	for (int i = 0; i < 11; i++) {
		name(path, "old", i);
		MUST(unlink(path) == 0);
	}
	for (int i = 0; i < 3; i++)
		MUST_FAIL(unlink("directory"), EISDIR);
	for (int i = 0; i < 5; i++)
		MUST_FAIL(unlink("absent"), ENOENT);
	for (int i = 0; i < 19; i++) {
		name(path, "stays", i);
		make(creat(path, 0600));
	}
}

int main(void)
{
	char path[32];
	long began;
	/* Not every test reads the output. */
	signal(SIGPIPE, SIG_IGN);
	gate_block();
	enter_directory("lives");
	for (int i = 0; i < 11; i++) {
		name(path, "old", i);
		make(creat(path, 0600));
	}
	make(creat("old", 0600));
	MUST(mkdir("directory", 0700) == 0);
	ready();
	gate_wait();
	short_lived();
	began = now_us();
	make(open("aged", O_RDWR | O_CREAT, 0600));
	usleep(120000);
	MUST(unlink("aged") == 0);
	dprintf(1, "aged_us %ld\n", now_us() - began);
	others();
	namesakes();
	none();
	return 0;
}
