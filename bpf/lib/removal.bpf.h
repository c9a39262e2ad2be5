/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What programs on vfs_unlink, vfs_rmdir and vfs_rename share: where their arguments are, and calls inside calls.
 */
#ifndef KTOP_REMOVAL_BPF_H
#define KTOP_REMOVAL_BPF_H

#include "argument.bpf.h"
#include "compat.bpf.h"
#include "maps.bpf.h"

/*
 * Which argument is the dentry, from 0, and how many arguments there are (compat.bpf.h says which kernels differ). From the
 * running kernel's BTF.
 */
const volatile __u32 unlink_dentry = 1;
const volatile __u32 unlink_arguments = 3;

/*
 * A call in progress. File systems that lie on others (overlayfs, ecryptfs) call the same functions again for the layer
 * below, which has a smaller s_stack_depth: one removal, to be told once.
 */
struct outer_call {
	/* super_block.s_stack_depth of the file system. */
	__u32 depth;
	/* Calls for layers below that have not returned. */
	__u32 inside;
};

static __always_inline __u32 stack_depth(struct dentry *dentry)
{
	return BPF_CORE_READ(dentry, d_parent, d_inode, i_sb, s_stack_depth);
}

/*
 * A call on a file system of this depth begins while the thread has `outer` (NULL: none). True: it is for a layer below and
 * is not to be told. An outer call that cannot be around this one is one whose end was missed.
 */
static __always_inline bool begins_inside(struct outer_call *outer, __u32 depth)
{
	if (!outer)
		return false;
	if (outer->depth > depth) {
		outer->inside++;
		return true;
	}
	lose_key();
	return false;
}

/* A call ends. True: it was for a layer below, the outer one goes on. */
static __always_inline bool ends_inside(struct outer_call *outer)
{
	if (!outer->inside)
		return false;
	outer->inside--;
	return true;
}

#endif
