/*
 * reused DIRECTORY: inodes that reuse a number, on a file system that has only two free inodes.
 *
 *   victim         21: open(O_CREAT), replaced by another new file with rename, unlink: the end of the new file is reported
 *   symlink         7, each made with the inode number that the replaced file had, and unlinked
 *   socket          7 (mknod)
 *   tmpfile         7 (O_TMPFILE, linkat)
 */
#include "workload.h"

static ino_t inode_of(const char *path)
{
	struct stat status;
	MUST(lstat(path, &status) == 0);
	return status.st_ino;
}

static void make(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	MUST(fd >= 0);
	close(fd);
}

static void make_symlink(const char *path)
{
	MUST(symlink("nowhere", path) == 0);
}

static void make_socket(const char *path)
{
	MUST(mknod(path, S_IFSOCK | 0600, 0) == 0);
}

static void make_tmpfile(const char *path)
{
	char link[32];
	int fd = open(".", O_RDWR | O_TMPFILE, 0600);
	MUST(fd >= 0);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	MUST(linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0);
	close(fd);
}

static void reuse(const char *kind, void (*make_other)(const char *))
{
	char victim[32], other[32];
	for (int i = 0; i < 7; i++) {
		ino_t inode;
		snprintf(victim, sizeof(victim), "victim-%s%d", kind, i);
		snprintf(other, sizeof(other), "%s%d", kind, i);
		make(victim);
		make("next");
		inode = inode_of(victim);
		MUST(rename("next", victim) == 0);
		make_other(other);
		MUST(inode_of(other) == inode);
		MUST(unlink(other) == 0);
		MUST(unlink(victim) == 0);
	}
}

int main(int argc, char **argv)
{
	int fd, count = 0;
	char path[32];
	gate_block();
	MUST(argc == 2);
	enter_directory_in(argv[1], "reused");
	for (;; count++) {
		snprintf(path, sizeof(path), "full%d", count);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			break;
		close(fd);
	}
	MUST(errno == ENOSPC && count > 2);
	MUST(unlink("full0") == 0);
	MUST(unlink("full1") == 0);
	ready();
	gate_wait();
	reuse("symlink", make_symlink);
	reuse("socket", make_socket);
	reuse("tmpfile", make_tmpfile);
	return 0;
}
