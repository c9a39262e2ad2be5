/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The mount through which the current thread removes or renames a name. vfs_unlink(), vfs_rmdir() and vfs_rename() get dentries only;
 * their callers call mnt_want_write() on the mount first (fs/namei.c: do_unlinkat(), do_rmdir(), do_renameat2()).
 *
 * Hook
 *   fentry, kprobe  mnt_want_write
 *
 * Map
 *   write_mounts  LRU hash, 4096: thread id -> its last struct vfsmount *: 0.3 MB
 *
 * Cost: a call that passes the filters and changes a directory or an inode (a file created, removed, renamed, chmod, utimes) inserts
 * into `write_mounts`.
 */
#ifndef KTOP_WRITE_MOUNT_BPF_H
#define KTOP_WRITE_MOUNT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "in_flight.bpf.h"
#include "maps.bpf.h"

LRU_HASH(write_mounts, 4096, __u32, struct vfsmount *);

static __always_inline void on_mnt_want_write(struct vfsmount *mount)
{
	__u32 tid = current_tid();

	if (current_passes_filters())
		bpf_map_update_elem(&write_mounts, &tid, &mount, BPF_ANY);
}

/*
 * The mount of a dentry that the current thread changes; NULL: not known, because the kernel itself changes it without a mount. A
 * mount left from an earlier call on another file system is recognised by its superblock.
 */
static __always_inline struct vfsmount *write_mount(struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct vfsmount **found = bpf_map_lookup_elem(&write_mounts, &tid);
	struct vfsmount *mount = found ? *found : 0;

	return mount && BPF_CORE_READ(mount, mnt_sb) == BPF_CORE_READ(dentry, d_sb) ? mount : 0;
}

SEC("fentry/mnt_want_write")
int BPF_PROG(mnt_want_write_enter__fentry, struct vfsmount *mount)
{
	on_mnt_want_write(mount);
	return 0;
}

SEC("kprobe/mnt_want_write")
int BPF_KPROBE(mnt_want_write_enter__kprobe, struct vfsmount *mount)
{
	on_mnt_want_write(mount);
	return 0;
}

#endif
