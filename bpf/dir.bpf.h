/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where a file lies in the directory tree.
 */
#ifndef KTOP_DIR_BPF_H
#define KTOP_DIR_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Parents walked before giving up, mount points included. */
#define MAX_DEPTH 50

/*
 * Whether the file lies below a directory, at any depth, across mount points. `dev`: the directory's superblock->s_dev;
 * `inode`: its i_ino. A function of its own, to leave the callers their stack.
 */
static __noinline bool below(struct file *file, __u32 dev, __u64 inode)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct mount *mount = (void *)BPF_CORE_READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt);

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		struct inode *here = BPF_CORE_READ(dentry, d_inode);

		if (BPF_CORE_READ(here, i_ino) == inode && BPF_CORE_READ(here, i_sb, s_dev) == dev)
			return true;
		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
			struct mount *parent = BPF_CORE_READ(mount, mnt_parent);

			if (parent == mount)
				return false;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = parent;
		} else {
			struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

			if (parent == dentry)
				return false;
			dentry = parent;
		}
	}
	return false;
}

#endif
