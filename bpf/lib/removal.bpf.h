/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Calls of vfs_unlink, vfs_rmdir, vfs_rename and vfs_create: where their arguments are, and the depth of their file system.
 */
#ifndef KTOP_REMOVAL_BPF_H
#define KTOP_REMOVAL_BPF_H

#include "argument.bpf.h"
#include "compat.bpf.h"
#include "in_flight.bpf.h"

/*
 * Which argument of vfs_unlink is the dentry, from 0, and how many arguments there are (compat.bpf.h lists the kernels). From the
 * running kernel's BTF.
 */
const volatile __u32 unlink_dentry_index = 1;
const volatile __u32 unlink_argument_count = 3;

/* super_block.s_stack_depth of a dentry's file system, for enter_nested_call(). */
static __always_inline __u32 stack_depth(struct dentry *dentry)
{
	return BPF_CORE_READ(dentry, d_parent, d_inode, i_sb, s_stack_depth);
}

#endif
