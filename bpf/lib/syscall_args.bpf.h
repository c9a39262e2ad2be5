/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Arguments of system calls, from the caller's registers.
 */
#ifndef KTOP_SYSCALL_ARGS_BPF_H
#define KTOP_SYSCALL_ARGS_BPF_H

#include "vmlinux.h"

/* From the registers that sys_enter and sys_exit pass. A successful execve has overwritten them. */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_ARG1(regs) ((regs)->di)
#define SYSCALL_ARG2(regs) ((regs)->si)
#define SYSCALL_ARG3(regs) ((regs)->dx)
#define SYSCALL_ARG4(regs) ((regs)->r10)
#define SYSCALL_ARG5(regs) ((regs)->r8)
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_ARG1(regs) ((regs)->orig_x0)
#define SYSCALL_ARG2(regs) ((regs)->regs[1])
#define SYSCALL_ARG3(regs) ((regs)->regs[2])
#define SYSCALL_ARG4(regs) ((regs)->regs[3])
#define SYSCALL_ARG5(regs) ((regs)->regs[4])
#endif

#endif
