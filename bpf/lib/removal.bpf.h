/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Calls that create, remove and rename directory entries: where the arguments of vfs_unlink are, the depth of their file system,
 * and programs at their entry and exit.
 */
#ifndef KTOP_REMOVAL_BPF_H
#define KTOP_REMOVAL_BPF_H

#include <bpf/bpf_tracing.h>

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

/*
 * The programs at the entry and the exit of a function that gets a dentry, for the fentry and kprobe tiers. Handlers: on_enter(dentry),
 * on_exit(result).
 */
#define DENTRY_CALL(function, dentry_index, argument_count, on_enter, on_exit)                                      \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		on_enter((void *)trampoline_argument(ctx, dentry_index));                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #function)                                                                                    \
	int function##_enter__kprobe(struct pt_regs *ctx)                                                           \
	{                                                                                                           \
		on_enter((void *)kprobe_argument(ctx, dentry_index));                                               \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	DENTRY_CALL_EXIT(function, argument_count, on_exit)

/* The programs at the exit alone. */
#define DENTRY_CALL_EXIT(function, argument_count, on_exit)                                                         \
	SEC("fexit/" #function)                                                                                     \
	int function##_exit__fentry(void *ctx)                                                                      \
	{                                                                                                           \
		on_exit((__s32)trampoline_argument(ctx, argument_count));                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #function)                                                                                 \
	int BPF_KRETPROBE(function##_exit__kprobe, int ret)                                                         \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}

#endif
