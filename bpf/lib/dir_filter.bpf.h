/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The filter -d DIR: only files in a directory and those below it, at any depth and across mount points. User space sets the
 * constants (src/tools/lib/directory_filter.ts).
 *
 * Cost: four or five reads of kernel memory for each name and mount point between the file and the directory, or the root.
 */
#ifndef KTOP_DIR_FILTER_BPF_H
#define KTOP_DIR_FILTER_BPF_H

#include "dir.bpf.h"

const volatile bool dir_on = false;
/* The device of its superblock (s_dev), its inode, and on btrfs its subvolume: is_directory(). */
const volatile __u32 dir_dev = 0;
const volatile __u64 dir_inode = 0;
const volatile __u32 dir_subvolume = 0;

/*
 * Whether a place is the directory or below it; false and a loss if it is too deep to know. `mount`: see struct place. Not static: the
 * verifier then checks the walk once, instead of once for each call.
 */
__attribute__((noinline, unused)) int is_below(__u64 dentry, __u64 mount)
{
	struct place place = { .dentry = (struct dentry *)dentry, .mount = (struct mount *)mount };

	/* The verifier of kernels before 6.8 also checks functions that are never called. */
	if (!dir_on)
		return true;
	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		if (is_directory((__u64)inode_at(&place), dir_dev, dir_inode, dir_subvolume))
			return true;
		if (!go_up(&place))
			return false;
	}
	count_lost_key();
	return false;
}

/* Whether a place passes the filter. */
static __always_inline bool place_passes_dir(const struct place *place)
{
	return is_below((__u64)place->dentry, (__u64)place->mount);
}

/* Whether a file passes the filter. */
static __always_inline bool file_passes_dir(struct file *file)
{
	struct place place;

	if (!dir_on)
		return true;
	place = place_of(file);
	return place_passes_dir(&place);
}

#endif
