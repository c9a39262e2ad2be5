/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where a file is in the directory tree.
 *
 * A directory is identified by its superblock's s_dev and its i_ino, and on btrfs also by its subvolume: each subvolume has its
 * own inode numbers, and the number of its root is always 256.
 */
#ifndef KTOP_DIR_BPF_H
#define KTOP_DIR_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "losses.bpf.h"

/*
 * Steps of a walk from a file up to the root, by name or mount point; a file that needs more is counted as lost. The verifier
 * checks every step: 512 cost a program that walks once 56,000 checked instructions of at most a million.
 */
#define MAX_DEPTH 512

#define BTRFS_SUPER_MAGIC 0x9123683e

/*
 * Whether one of the directories to match is on btrfs, and the offsets of members of struct btrfs_inode and struct btrfs_root.
 * btrfs may be a module, whose types CO-RE does not relocate: user space sets the offsets.
 */
const volatile bool subvolumes = false;
const volatile __u32 btrfs_inode_vfs_inode = 0;
const volatile __u32 btrfs_inode_root = 0;
const volatile __u32 btrfs_root_anon_dev = 0;

/* A step on the walk from a file up to the root. */
struct place {
	struct dentry *dentry;
	struct mount *mount;
};

static __always_inline struct place place_at(struct vfsmount *vfsmount, struct dentry *dentry)
{
	return (struct place){
		.dentry = dentry,
		.mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt),
	};
}

static __always_inline struct place place_of(struct file *file)
{
	return place_at(BPF_CORE_READ(file, f_path.mnt), BPF_CORE_READ(file, f_path.dentry));
}

/* Moves to the parent, or from a mount's root to its mount point; false at the top. */
static __always_inline bool go_up(struct place *place)
{
	struct dentry *dentry = place->dentry;
	struct mount *mount = place->mount;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		place->mount = BPF_CORE_READ(mount, mnt_parent);
		place->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		return place->mount != mount;
	}
	place->dentry = BPF_CORE_READ(dentry, d_parent);
	return place->dentry != dentry;
}

static __always_inline struct inode *inode_at(const struct place *place)
{
	struct dentry *dentry = place->dentry;

	return BPF_CORE_READ(dentry, d_inode);
}

/* The subvolume of an inode on btrfs: the device number that stat(2) shows for its files. 0 on other file systems. */
static __always_inline __u32 subvolume_of(struct inode *inode)
{
	void *btrfs_inode = (void *)inode - btrfs_inode_vfs_inode;
	void *root = 0;
	__u32 dev = 0;

	if (!subvolumes || BPF_CORE_READ(inode, i_sb, s_magic) != BTRFS_SUPER_MAGIC)
		return 0;
	bpf_probe_read_kernel(&root, sizeof(root), btrfs_inode + btrfs_inode_root);
	bpf_probe_read_kernel(&dev, sizeof(dev), root + btrfs_root_anon_dev);
	return dev;
}

/*
 * Whether an inode is that of a directory. `dev`: the directory's superblock->s_dev; `number`: its i_ino; `subvolume`: see
 * subvolume_of(). Not static: the verifier then checks it once, instead of once for each step of a walk.
 */
__attribute__((noinline, unused)) int is_directory(__u64 inode, __u32 dev, __u64 number, __u32 subvolume)
{
	struct inode *here = (struct inode *)inode;

	return BPF_CORE_READ(here, i_ino) == number && BPF_CORE_READ(here, i_sb, s_dev) == dev &&
	       subvolume_of(here) == subvolume;
}

#endif
