/*
 * lookups: path lookups of one component each, below the working directory, whose path through the dcache is known. Every sum of
 * some of the numbers is different: a wrong counter shows which lookup is counted wrongly.
 *
 *   hits     211 faccessat of a file that exists: found in RCU-walk
 *   absent   223 faccessat of different absent names: missed in RCU-walk, then looked up by the file system
 *   long     1 faccessat of a name of 300 bytes: as absent
 *   mkdir    109 mkdir of new names: the parent's walk ends before the last component, which d_lookup misses in ref-walk
 *   rmdir    67 rmdir of the same: d_lookup finds them in ref-walk
 *   opens    59 open of different absent names: missed in RCU-walk, then by d_lookup, then looked up by the file system
 *   makes    37 open with O_CREAT and O_EXCL of new names: d_lookup misses them, then they are looked up by the file system
 *   creates  31 open with O_CREAT of new names: as makes until 6.11, as opens since 6.12
 */
#include "workload.h"

static void create(const char *name, int number, int flags)
{
	char path[32];
	snprintf(path, sizeof(path), "%s%d", name, number);
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
	MUST(fd >= 0);
	close(fd);
}

int main(void)
{
	char path[32], long_name[301];
	gate_block();
	enter_directory("lookups");
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	MUST(access("file", F_OK) == 0);
	ready();
	gate_wait();
	for (int i = 0; i < 211; i++)
		MUST(access("file", F_OK) == 0);
	for (int i = 0; i < 223; i++) {
		snprintf(path, sizeof(path), "absent%d", i);
		MUST_FAIL(access(path, F_OK), ENOENT);
	}
	memset(long_name, 'l', 300);
	long_name[300] = 0;
	MUST_FAIL(access(long_name, F_OK), ENAMETOOLONG);
	for (int i = 0; i < 109; i++) {
		snprintf(path, sizeof(path), "dir%d", i);
		MUST(mkdir(path, 0700) == 0);
	}
	for (int i = 0; i < 67; i++) {
		snprintf(path, sizeof(path), "dir%d", i);
		MUST(rmdir(path) == 0);
	}
	for (int i = 0; i < 59; i++) {
		snprintf(path, sizeof(path), "unopened%d", i);
		MUST_FAIL(open(path, O_RDONLY), ENOENT);
	}
	for (int i = 0; i < 37; i++)
		create("made", i, O_EXCL);
	for (int i = 0; i < 31; i++)
		create("created", i, 0);
	return 0;
}
