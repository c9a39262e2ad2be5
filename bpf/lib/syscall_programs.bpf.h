/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Programs on the kernel function of a single system call, for the fentry and kprobe tiers. An attached system-call tracepoint
 * slows every system call of the machine; these do not.
 */
#ifndef KTOP_SYSCALL_PROGRAMS_BPF_H
#define KTOP_SYSCALL_PROGRAMS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* The function's only argument is a pointer to the caller's registers. Since 4.17 (x86) and 4.19 (arm64). */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_PREFIX "__x64_sys_"
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_PREFIX "__arm64_sys_"
#endif

/* `function` is the kernel's function; `first` to `third` read the registers of the first three arguments. */
#define SYSCALL_FUNCTION_PROGRAMS(function, program, first, second, third, on_enter, on_exit)                       \
	SEC("fentry/" function)                                                                                     \
	int BPF_PROG(program##_enter__fentry, struct pt_regs *regs)                                                 \
	{                                                                                                           \
		on_enter(regs->first, regs->second, regs->third);                                                   \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" function)                                                                                      \
	int BPF_PROG(program##_exit__fentry, struct pt_regs *regs, long ret)                                        \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" function)                                                                                     \
	int BPF_KPROBE(program##_enter__kprobe, struct pt_regs *regs)                                               \
	{                                                                                                           \
		on_enter(BPF_CORE_READ(regs, first), BPF_CORE_READ(regs, second), BPF_CORE_READ(regs, third));      \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" function)                                                                                  \
	int BPF_KRETPROBE(program##_exit__kprobe, long ret)                                                         \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}

/*
 * The programs of one call, by 64-bit programs and on x86 by 32-bit programs, where both have the same arguments.
 * Handlers: on_enter(first three arguments), on_exit(result).
 */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_PROGRAMS(name, on_enter, on_exit)                                                                   \
	SYSCALL_FUNCTION_PROGRAMS(SYSCALL_PREFIX #name, sys_##name, di, si, dx, on_enter, on_exit)                  \
	SYSCALL_FUNCTION_PROGRAMS("__ia32_sys_" #name, ia32_sys_##name, bx, cx, dx, on_enter, on_exit)
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_PROGRAMS(name, on_enter, on_exit)                                                                   \
	SYSCALL_FUNCTION_PROGRAMS(SYSCALL_PREFIX #name, sys_##name, orig_x0, regs[1], regs[2], on_enter, on_exit)
#endif

#endif
