/*
 * below BASE: calls on names below BASE/in, and beside it in BASE/out, by every way a path can lead there. BASE/in exists. BASE/out/real is also
 * mounted at BASE/in/bind, in a new mount namespace; BASE/link is a symbolic link to BASE/in.
 *
 * For each kind of path in the table KINDS, `count` times: creat of a file, write of a byte, stat, unlink; open and stat of an absent name.
 * The kinds are in below.ts, too. Then:
 *   h  23 rename from out to in         i  29 rename from in to out        j  31 rename within out
 *   o   2 rmdir in in
 *   s  71 fstat of an open file in in   u  73 of one in out
 *   v  83 of the kind of paths above, in a chroot of in
 *   x   2 open and stat relative to a descriptor that is not open (EBADF)
 */
#include "workload.h"
#include <sched.h>
#include <sys/mount.h>

enum place {
	BASE,
	IN,
	/* Two levels below IN. */
	DEEPER,
	/* 60 levels below IN. */
	DEEP,
	/* 601 levels below IN: deeper than the tools follow, and more than a shown path has names. */
	TOO_DEEP,
	/* A removed directory in IN. */
	REMOVED,
	PLACES,
};

struct kind {
	char letter;
	int count;
	enum place cwd;
	/* The prefix is relative to a descriptor of IN. */
	int by_descriptor;
	/* Before the name; % stands for BASE. */
	const char *prefix;
};

static const struct kind KINDS[] = {
	{ 'a', 3, BASE, 0, "%/in/" },
	{ 'b', 5, IN, 0, "" },
	{ 'c', 7, BASE, 0, "in/" },
	{ 'd', 11, BASE, 1, "" },
	{ 'e', 13, DEEPER, 0, "../../" },
	{ 'f', 17, DEEP, 0, "" },
	{ 'g', 19, IN, 0, "bind/" },
	{ 'k', 37, IN, 0, "%/out/" },
	{ 'l', 41, BASE, 0, "%/link/" },
	{ 'm', 43, REMOVED, 0, "../" },
	{ 'n', 47, BASE, 0, "out/real/" },
	{ 'p', 53, BASE, 0, "%/out/../in/" },
	{ 'q', 59, IN, 0, "%/.//in/./" },
	{ 'r', 61, IN, 0, "deeper/../../out/" },
	{ 't', 67, TOO_DEEP, 0, "" },
};

static const char *base;
static int places[PLACES];

static int directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	MUST(fd >= 0);
	return fd;
}

static void make(const char *path)
{
	int fd = creat(path, 0600);
	MUST(fd >= 0 && close(fd) == 0);
}

/* Goes down from the working directory, making directories. */
static int go_down(int levels)
{
	for (int i = 0; i < levels; i++)
		MUST(mkdir("d", 0700) == 0 && chdir("d") == 0);
	return directory(".");
}

static void prepare(void)
{
	char path[64];
	MUST(chdir(base) == 0);
	MUST(mkdir("out", 0700) == 0 && mkdir("out/real", 0700) == 0);
	MUST(mkdir("in/bind", 0700) == 0 && mount("out/real", "in/bind", NULL, MS_BIND, NULL) == 0);
	MUST(mkdir("in/deeper", 0700) == 0 && mkdir("in/deeper/still", 0700) == 0 && mkdir("in/removed", 0700) == 0);
	MUST(symlink("in", "link") == 0);
	for (int i = 0; i < 23; i++) {
		snprintf(path, sizeof(path), "out/h-%d", i);
		make(path);
	}
	for (int i = 0; i < 29; i++) {
		snprintf(path, sizeof(path), "in/i-%d", i);
		make(path);
	}
	for (int i = 0; i < 31; i++) {
		snprintf(path, sizeof(path), "out/j-%d", i);
		make(path);
	}
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "in/o-%d", i);
		MUST(mkdir(path, 0700) == 0);
	}
	make("in/s-file");
	make("out/u-file");
	places[BASE] = directory(".");
	places[IN] = directory("in");
	places[DEEPER] = directory("in/deeper/still");
	places[REMOVED] = directory("in/removed");
	MUST(rmdir("in/removed") == 0);
	MUST(chdir("in") == 0);
	places[DEEP] = go_down(60);
	places[TOO_DEEP] = go_down(541);
}

static void work(const struct kind *kind)
{
	const char *mark = strchr(kind->prefix, '%');
	char start[512], path[600];
	int dirfd = kind->by_descriptor ? places[IN] : AT_FDCWD;
	struct stat status;
	snprintf(start, sizeof(start), "%s%s%c-", mark ? base : "", mark ? kind->prefix + 1 : kind->prefix, kind->letter);
	MUST(fchdir(places[kind->cwd]) == 0);
	for (int i = 0; i < kind->count; i++) {
		snprintf(path, sizeof(path), "%s%d", start, i);
		int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
		MUST(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
		MUST(fstatat(dirfd, path, &status, 0) == 0);
		MUST(unlinkat(dirfd, path, 0) == 0);
		MUST_FAIL(openat(dirfd, path, O_RDONLY), ENOENT);
		MUST_FAIL(fstatat(dirfd, path, &status, 0), ENOENT);
	}
}

static void work_in_chroot(void)
{
	static const struct kind absolute = { 'v', 83, BASE, 0, "/" };
	MUST(fchdir(places[BASE]) == 0 && chroot("in") == 0);
	work(&absolute);
}

static void others(int in_file, int out_file)
{
	char path[64], other[64];
	struct stat status;
	MUST(fchdir(places[BASE]) == 0);
	for (int i = 0; i < 23; i++) {
		snprintf(path, sizeof(path), "out/h-%d", i);
		snprintf(other, sizeof(other), "in/h-%d", i);
		MUST(rename(path, other) == 0);
	}
	for (int i = 0; i < 29; i++) {
		snprintf(path, sizeof(path), "i-%d", i);
		snprintf(other, sizeof(other), "out/i-%d", i);
		MUST(renameat(places[IN], path, AT_FDCWD, other) == 0);
	}
	for (int i = 0; i < 31; i++) {
		snprintf(path, sizeof(path), "out/j-%d", i);
		snprintf(other, sizeof(other), "out/j-moved-%d", i);
		MUST(rename(path, other) == 0);
	}
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "in/o-%d/", i);
		MUST(rmdir(path) == 0);
	}
	for (int i = 0; i < 71; i++)
		MUST(fstat(in_file, &status) == 0);
	for (int i = 0; i < 73; i++)
		MUST(fstat(out_file, &status) == 0);
	for (int i = 0; i < 2; i++) {
		MUST_FAIL(openat(999, "x-0", O_RDONLY), EBADF);
		MUST_FAIL(fstatat(999, "x-0", &status, 0), EBADF);
	}
}

int main(int argc, char **argv)
{
	gate_block();
	MUST(argc == 2);
	base = argv[1];
	MUST(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	prepare();
	MUST(fchdir(places[BASE]) == 0);
	int in_file = open("in/s-file", O_RDONLY), out_file = open("out/u-file", O_RDONLY);
	MUST(in_file >= 0 && out_file >= 0);
	ready();
	gate_wait();
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
		work(&KINDS[i]);
	others(in_file, out_file);
	work_in_chroot();
	return 0;
}
