/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A system call with its arguments, from the caller's registers. A successful execve has overwritten them.
 */
#ifndef KTOP_SYSCALL_ARGS_BPF_H
#define KTOP_SYSCALL_ARGS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct syscall {
	/* enum syscall_number; of a 32-bit program's call: that of the same 64-bit call */
	long number;
	/* By a 32-bit program. */
	bool compat;
	__u64 arguments[6];
};

/* The call whose caller's registers are `regs`. */
static __always_inline struct syscall typed_syscall(long number, bool compat, const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	if (compat)
		return (struct syscall){
			.number = number,
			.compat = true,
			.arguments = { (__u32)regs->bx, (__u32)regs->cx, (__u32)regs->dx, (__u32)regs->si, (__u32)regs->di,
				       (__u32)regs->bp },
		};
	return (struct syscall){
		.number = number,
		.arguments = { regs->di, regs->si, regs->dx, regs->r10, regs->r8, regs->r9 },
	};
#elif defined(__TARGET_ARCH_arm64)
	return (struct syscall){
		.number = number,
		.arguments = { regs->orig_x0, regs->regs[1], regs->regs[2], regs->regs[3], regs->regs[4],
			       regs->regs[5] },
	};
#endif
}

/*
 * The file position of pread64, preadv, preadv2 and their counterparts that write. 32-bit programs pass its halves, the lower one
 * first (arch/x86/kernel/sys_ia32.c; fs/read_write.c: compat_sys_preadv).
 */
static __always_inline __s64 position_argument(const struct syscall *call)
{
	return call->compat ? call->arguments[4] << 32 | call->arguments[3] : call->arguments[3];
}

#endif
