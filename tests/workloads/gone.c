/*
 * gone: names that are removed or renamed, and calls that fail to do so.
 *
 *   DELETE  37 unlink + 41 unlinkat;                          7 ENOENT, 3 EISDIR
 *   RMDIR   19 rmdir + 23 unlinkat(AT_REMOVEDIR) with a slash; 5 ENOTEMPTY
 *   RENAME  29 rename + 31 renameat + 13 renameat2(RENAME_EXCHANGE), 2 of names of 200 bytes; 11 ENOENT, 17 EEXIST
 */
#include "workload.h"
#include <sys/syscall.h>

#define NOREPLACE 1
#define EXCHANGE 2

static int rename_with(const char *path, const char *other, unsigned int flags)
{
	return syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, other, flags);
}

static void make(const char *path)
{
	int fd = creat(path, 0600);
	MUST(fd >= 0);
	close(fd);
}

static void name(char *buffer, const char *prefix, int i)
{
	snprintf(buffer, 64, "%s%d", prefix, i);
}

static void prepare(void)
{
	char path[64], other[64];
	for (int i = 0; i < 37 + 41; i++) {
		name(path, "file", i);
		make(path);
	}
	for (int i = 0; i < 19 + 23; i++) {
		name(path, "directory", i);
		MUST(mkdir(path, 0700) == 0);
	}
	for (int i = 0; i < 29 + 31; i++) {
		name(path, "from", i);
		make(path);
	}
	make("left");
	make("right");
	MUST(mkdir("full", 0700) == 0);
	name(other, "full/inside", 0);
	make(other);
}

static void removals(void)
{
	char path[64];
	for (int i = 0; i < 37 + 41; i++) {
		name(path, "file", i);
		MUST((i < 37 ? unlink(path) : unlinkat(AT_FDCWD, path, 0)) == 0);
	}
	for (int i = 0; i < 7; i++)
		MUST_FAIL(unlink("absent"), ENOENT);
	for (int i = 0; i < 3; i++)
		MUST_FAIL(unlink("full"), EISDIR);
	for (int i = 0; i < 19; i++) {
		name(path, "directory", i);
		MUST(rmdir(path) == 0);
	}
	for (int i = 19; i < 19 + 23; i++) {
		snprintf(path, sizeof(path), "./directory%d/", i);
		MUST(unlinkat(AT_FDCWD, path, AT_REMOVEDIR) == 0);
	}
	for (int i = 0; i < 5; i++)
		MUST_FAIL(rmdir("full"), ENOTEMPTY);
}

static void renames(void)
{
	char path[64], other[64], longer[210], longest[210];
	for (int i = 0; i < 29 + 31; i++) {
		name(path, "from", i);
		name(other, "to", i);
		MUST((i < 29 ? rename(path, other) : renameat(AT_FDCWD, path, AT_FDCWD, other)) == 0);
	}
	for (int i = 0; i < 13; i++)
		MUST(rename_with("left", "right", EXCHANGE) == 0);
	memset(longer, 'l', sizeof(longer));
	longer[200] = 0;
	memset(longest, 'm', sizeof(longest));
	longest[201] = 0;
	MUST(rename("left", longer) == 0);
	MUST(rename(longer, longest) == 0);
	for (int i = 0; i < 11; i++)
		MUST_FAIL(rename("absent", "nowhere"), ENOENT);
	for (int i = 0; i < 17; i++)
		MUST_FAIL(rename_with("right", "full", NOREPLACE), EEXIST);
}

int main(void)
{
	gate_block();
	enter_directory("gone");
	prepare();
	ready();
	gate_wait();
	removals();
	renames();
	return 0;
}
