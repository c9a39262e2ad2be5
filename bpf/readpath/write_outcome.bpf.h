/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where a write put its data and what it waited for, judged by its file, its flags and two tracepoints: the same on every tier.
 *
 *   sync       it had to wait until its data was on the disk: O_SYNC, O_DSYNC, RWF_SYNC, RWF_DSYNC, a file or file system that is
 *              always synchronous
 *   direct     O_DIRECT, even if the file system then used the page cache
 *   throttled  into the page cache, and it slept because too many pages were dirty: balance_dirty_pages with a pause
 *   delalloc   into the page cache, and blocks were reserved that will be allocated at writeback: ext4_da_reserve_space
 *   buffered   into the page cache
 *   other      it wrote nothing, or neither into the page cache nor with O_DIRECT: DAX, /proc
 *   The first that applies counts, after `other` for those that wrote nothing.
 */
#ifndef KTOP_READPATH_WRITE_OUTCOME_BPF_H
#define KTOP_READPATH_WRITE_OUTCOME_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

#include "lib/compat.bpf.h"
#include "file_facts.bpf.h"
#include "readpath.h"

/* include/uapi/linux/fs.h: flags of pwritev2 */
#define RWF_DSYNC 0x2
#define RWF_SYNC 0x4

/* include/linux/fs.h: super_block->s_flags; inode->i_flags. The same since 5.10. */
#define SB_SYNCHRONOUS 0x10
#define S_SYNC 0x1
#define S_DAX 0x2000

/* What is known about a write in flight. */
struct target {
	bool sync;
	bool direct;
	bool cached;
	bool throttled;
	bool delayed;
};

/* `flags`: those of pwritev2, else 0. */
static __always_inline struct target target_of(struct file *file, __u64 flags)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 inode_flags = BPF_CORE_READ(inode, i_flags);

	return (struct target){
		.sync = (flags & (RWF_DSYNC | RWF_SYNC)) || has_flags(file, O_DSYNC) || (inode_flags & S_SYNC) ||
			(BPF_CORE_READ(inode, i_sb, s_flags) & SB_SYNCHRONOUS),
		.direct = has_flags(file, O_DIRECT),
		.cached = is_on_overlayfs(file) ||
			  (!(inode_flags & S_DAX) && has_dirty_pages(BPF_CORE_READ(file, f_mapping, a_ops))),
	};
}

/* The outcome of a write with this result: one of READPATH_WRITE_*. */
static __always_inline __u32 write_outcome(const struct target *target, __s64 ret)
{
	if (ret <= 0)
		return READPATH_WRITE_OTHER;
	if (target->sync)
		return READPATH_WRITE_SYNC;
	if (target->direct)
		return READPATH_WRITE_DIRECT;
	if (!target->cached)
		return READPATH_WRITE_OTHER;
	if (target->throttled)
		return READPATH_WRITE_THROTTLED;
	return target->delayed ? READPATH_WRITE_DELALLOC : READPATH_WRITE_BUFFERED;
}

#endif
