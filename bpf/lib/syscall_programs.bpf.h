/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Programs on the kernel function of a single system call, for the fentry and kprobe tiers. An attached system-call tracepoint
 * slows every system call of the machine; these do not.
 */
#ifndef KTOP_SYSCALL_PROGRAMS_BPF_H
#define KTOP_SYSCALL_PROGRAMS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "syscall_args.bpf.h"

/* The function's only argument is a pointer to the caller's registers. Since 4.17 (x86) and 4.19 (arm64). */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_PREFIX "__x64_sys_"
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_PREFIX "__arm64_sys_"
#endif

/* Handlers: on_enter(first three arguments), on_exit(result). */
#define SYSCALL_PROGRAMS(name, on_enter, on_exit)                                                                   \
	SEC("fentry/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_PROG(sys_##name##_enter__fentry, struct pt_regs *regs)                                              \
	{                                                                                                           \
		on_enter(SYSCALL_ARG1(regs), SYSCALL_ARG2(regs), SYSCALL_ARG3(regs));                               \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" SYSCALL_PREFIX #name)                                                                          \
	int BPF_PROG(sys_##name##_exit__fentry, struct pt_regs *regs, long ret)                                     \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_KPROBE(sys_##name##_enter__kprobe, struct pt_regs *regs)                                            \
	{                                                                                                           \
		on_enter(PT_REGS_PARM1_CORE_SYSCALL(regs), PT_REGS_PARM2_CORE_SYSCALL(regs),                        \
		       PT_REGS_PARM3_CORE_SYSCALL(regs));                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" SYSCALL_PREFIX #name)                                                                      \
	int BPF_KRETPROBE(sys_##name##_exit__kprobe, long ret)                                                      \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}

#endif
