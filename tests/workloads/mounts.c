/*
 * mounts: every call that mounts, in a new mount namespace, with flags that show which table decoded them (MS_NOSUID, MNT_DETACH,
 * MOVE_MOUNT_F_SYMLINKS ... have the same small values).
 *
 *   7 mount of tmpfs on "a" (MS_NOSUID|MS_NODEV, "size=64k"), each unmounted: 7 umount2(MNT_DETACH)
 *   5 umount2 of "a" without a mount: EINVAL
 *   3 mount that fail with ENODEV: no such file system
 *   then once each: fsopen, 2 fsconfig, fsmount, move_mount on "a"; fspick, fsconfig; open_tree; mount_setattr (from 5.12)
 *   2 pivot_root that fail with ENOENT
 * Prints "setattr R" with mount_setattr's result.
 */
#include "workload.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

/* From the kernel headers: not every C library has them. */
#define NR_OPEN_TREE 428
#define NR_MOVE_MOUNT 429
#define NR_FSOPEN 430
#define NR_FSCONFIG 431
#define NR_FSMOUNT 432
#define NR_FSPICK 433
#define NR_MOUNT_SETATTR 442

static void old_interface(void)
{
	for (int i = 0; i < 7; i++) {
		MUST(mount("none", "a", "tmpfs", 2 | 4, "size=64k") == 0);
		MUST(umount2("a", 2) == 0);
	}
	for (int i = 0; i < 5; i++)
		MUST_FAIL(umount2("a", 0), EINVAL);
	for (int i = 0; i < 3; i++)
		MUST_FAIL(mount("none", "a", "ktop-none", 1, NULL), ENODEV);
}

static void new_interface(void)
{
	unsigned long long attributes[4] = { 2 | 0x20, 0x70, 1 << 18, 0 };
	long fs, fsmount, picked, tree;
	MUST((fs = syscall(NR_FSOPEN, "tmpfs", 1)) >= 0);
	MUST(syscall(NR_FSCONFIG, fs, 1, "size", "128k", 0) == 0);
	MUST(syscall(NR_FSCONFIG, fs, 6, NULL, NULL, 0) == 0);
	MUST((fsmount = syscall(NR_FSMOUNT, fs, 1, 2 | 0x10)) >= 0);
	MUST(syscall(NR_MOVE_MOUNT, fsmount, "", AT_FDCWD, "a", 4) == 0);
	MUST((picked = syscall(NR_FSPICK, AT_FDCWD, "a", 1 | 2)) >= 0);
	MUST(syscall(NR_FSCONFIG, picked, 7, NULL, NULL, 0) == 0);
	MUST((tree = syscall(NR_OPEN_TREE, AT_FDCWD, "a", 1 | O_CLOEXEC)) >= 0);
	long result = syscall(NR_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH, attributes, sizeof(attributes));
	dprintf(1, "setattr %d\n", result ? -errno : 0);
}

int main(void)
{
	gate_block();
	/* Not every test reads the output. */
	signal(SIGPIPE, SIG_IGN);
	MUST(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	enter_directory("mounts");
	MUST(mkdir("a", 0700) == 0);
	ready();
	gate_wait();
	old_interface();
	new_interface();
	for (int i = 0; i < 2; i++)
		MUST_FAIL(syscall(SYS_pivot_root, "absent", "absent/old"), ENOENT);
	return 0;
}
