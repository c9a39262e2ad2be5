/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Arguments of traced functions by position, for functions whose arguments changed between kernels: user space finds the
 * position in the running kernel's BTF and sets it as a constant, so that the verifier sees a single load.
 */
#ifndef KTOP_ARGUMENT_BPF_H
#define KTOP_ARGUMENT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* A word of a program's context. In assembler, because clang would merge the loads into one at a computed address. */
#define CONTEXT_WORD(ctx, offset)                                                                                   \
	({                                                                                                          \
		__u64 word;                                                                                         \
                                                                                                                    \
		asm volatile("%0 = *(u64 *)(%1 + %2)" : "=r"(word) : "r"(ctx), "i"(offset));                        \
		word;                                                                                               \
	})

/*
 * Argument `number`, from 0, in an fentry or fexit program; in an fexit program the number of arguments gives the result. It is
 * an untyped number: read through it with BPF_CORE_READ().
 */
static __always_inline __u64 trampoline_argument(void *ctx, __u32 number)
{
	switch (number) {
	case 0:
		return CONTEXT_WORD(ctx, 0);
	case 1:
		return CONTEXT_WORD(ctx, 8);
	case 2:
		return CONTEXT_WORD(ctx, 16);
	case 3:
		return CONTEXT_WORD(ctx, 24);
	case 4:
		return CONTEXT_WORD(ctx, 32);
	case 5:
		return CONTEXT_WORD(ctx, 40);
	case 6:
		return CONTEXT_WORD(ctx, 48);
	default:
		return 0;
	}
}

#if defined(__TARGET_ARCH_x86)
#define REGISTER_OFFSET(x86, arm64) __builtin_offsetof(struct pt_regs, x86)
#elif defined(__TARGET_ARCH_arm64)
#define REGISTER_OFFSET(x86, arm64) (8 * (arm64))
#endif

/* Argument `number`, from 0 to 3, in a kprobe program. */
static __always_inline __u64 kprobe_argument(struct pt_regs *ctx, __u32 number)
{
	switch (number) {
	case 0:
		return CONTEXT_WORD(ctx, REGISTER_OFFSET(di, 0));
	case 1:
		return CONTEXT_WORD(ctx, REGISTER_OFFSET(si, 1));
	case 2:
		return CONTEXT_WORD(ctx, REGISTER_OFFSET(dx, 2));
	case 3:
		return CONTEXT_WORD(ctx, REGISTER_OFFSET(cx, 3));
	default:
		return 0;
	}
}

#endif
