/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * System calls that a tool observes at their end, on each tier:
 *
 *   fentry      SYSCALL_EXIT(), COMPAT_SYSCALL_EXIT(): a program on the kernel function of each call
 *   kprobe      SYSCALL_KPROBES(): a pair of programs on the functions of all calls, which user space lists
 *   tracepoint  SYS_EXIT_PROGRAM(), REPORTED_SYSCALLS(): sys_tracepoints.bpf.h
 *
 * A handler is an inline function
 *
 *   handler(const struct syscall *call, long ret)
 *
 * At the end of a call the kernel has just read the strings among its arguments, so that their pages are in memory.
 *
 * Calls by 32-bit programs have their own functions and their own order of registers on x86-64. On arm64 they are not reported.
 */
#ifndef KTOP_SYSCALL_BPF_H
#define KTOP_SYSCALL_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "compat.bpf.h"
#include "filter.bpf.h"
#include "in_flight.bpf.h"
#include "sys_tracepoints.bpf.h"
#include "syscall_args.bpf.h"
#include "syscall_number.bpf.h"
#include "syscall_programs.bpf.h"

/*
 * A typed_syscall() of registers whose address is a scalar to the verifier. Not inlined: the copy of the registers then takes no stack of
 * the handler.
 */
static __noinline __attribute__((unused)) void read_syscall(struct syscall *call, long number, bool compat, struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	struct pt_regs copy = {};

	bpf_probe_read_kernel(&copy, sizeof(copy), regs);
	*call = typed_syscall(number, compat, &copy);
#elif defined(__TARGET_ARCH_arm64)
	*call = (struct syscall){
		.number = number,
		.arguments = {
			BPF_CORE_READ(regs, orig_x0),
			BPF_CORE_READ(regs, regs[1]),
			BPF_CORE_READ(regs, regs[2]),
			BPF_CORE_READ(regs, regs[3]),
			BPF_CORE_READ(regs, regs[4]),
			BPF_CORE_READ(regs, regs[5]),
		},
	};
#endif
}

/*
 * The first word of the context is the address of the registers. It is read as memory, because the verifier refuses to load an
 * argument whose struct is only forward-declared in BTF, as for open_by_handle_at in Debian's 5.10.
 */
#define SYSCALL_EXIT_PROGRAM(section, program, number, compat, handler)                                             \
	SEC("fexit/" section)                                                                                       \
	int program(__u64 *ctx)                                                                                     \
	{                                                                                                           \
		struct pt_regs *regs = 0;                                                                           \
		struct syscall call;                                                                                \
                                                                                                                    \
		bpf_probe_read_kernel(&regs, sizeof(regs), ctx);                                                    \
		read_syscall(&call, number, compat, regs);                                                          \
		handler(&call, ctx[1]);                                                                             \
		return 0;                                                                                           \
	}

#if defined(__TARGET_ARCH_x86)
/* fentry tier: a call of 64-bit programs, SYSCALL_DEFINE(name) in the kernel. */
#define SYSCALL_EXIT(name, number, handler)                                                                         \
	SYSCALL_EXIT_PROGRAM(SYSCALL_PREFIX #name, sys_##name##_exit__fentry, number, false, handler)

/* A call of 32-bit programs: `function` is sys_NAME or compat_sys_NAME, `number` that of the same 64-bit call. */
#define COMPAT_SYSCALL_EXIT(function, number, handler)                                                              \
	SYSCALL_EXIT_PROGRAM("__ia32_" #function, ia32_##function##_exit__fentry, number, true, handler)

#elif defined(__TARGET_ARCH_arm64)
/* The same function serves 32-bit programs where their call has the same arguments. */
#define SYSCALL_EXIT(name, number, handler)                                                                         \
	static __always_inline void name##_of_64_bit(const struct syscall *call, long ret)                          \
	{                                                                                                           \
		if (!is_compat_syscall())                                                                           \
			handler(call, ret);                                                                         \
	}                                                                                                           \
	SYSCALL_EXIT_PROGRAM(SYSCALL_PREFIX #name, sys_##name##_exit__fentry, number, false, name##_of_64_bit)

#define COMPAT_SYSCALL_EXIT(function, number, handler)
#endif

static __always_inline void on_syscall_kprobe(void *map, struct pt_regs *regs)
{
	__u32 tid = current_tid();
	__u64 address = (__u64)regs;

	if (current_passes_filters())
		begin_in_flight(map, &tid, &address);
}

/* The registers of the call that ends; NULL: its start was not seen. */
static __always_inline struct pt_regs *end_syscall_kprobe(void *map)
{
	__u32 tid = current_tid();
	__u64 *address = current_passes_filters() ? find_in_flight(map, &tid) : 0;
	struct pt_regs *regs;

	if (!address)
		return 0;
	regs = (struct pt_regs *)*address;
	end_in_flight(map, &tid);
	return regs;
}

/*
 * kprobe tier: user space attaches the pair to each function of the tool's calls, by kprobe.multi or by a kprobe each. The number
 * in the registers distinguishes the calls.
 */
#define SYSCALL_KPROBES(handler)                                                                                    \
	/* The address of the caller's registers, by thread id. User space sets the size on the kprobe tier. */     \
	IN_FLIGHT(syscalls_in_flight, 1, __u32, __u64);                                                             \
                                                                                                                    \
	static __always_inline int on_syscall_kretprobe(long ret)                                                   \
	{                                                                                                           \
		struct pt_regs *regs = end_syscall_kprobe(&syscalls_in_flight);                                     \
		bool compat;                                                                                        \
		struct syscall call;                                                                                \
                                                                                                                    \
		if (!regs)                                                                                          \
			return 0;                                                                                   \
		compat = is_compat_syscall();                                                                       \
		read_syscall(&call, native_number(read_raw_number(regs), compat), compat, regs);                    \
		handler(&call, ret);                                                                                \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe.multi")                                                                                         \
	int BPF_KPROBE(sys_enter_multi__kprobe, struct pt_regs *regs)                                               \
	{                                                                                                           \
		on_syscall_kprobe(&syscalls_in_flight, regs);                                                       \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe.multi")                                                                                      \
	int BPF_KRETPROBE(sys_exit_multi__kprobe, long ret)                                                         \
	{                                                                                                           \
		return on_syscall_kretprobe(ret);                                                                   \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe")                                                                                               \
	int BPF_KPROBE(sys_enter_each__kprobe, struct pt_regs *regs)                                                \
	{                                                                                                           \
		on_syscall_kprobe(&syscalls_in_flight, regs);                                                       \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe")                                                                                            \
	int BPF_KRETPROBE(sys_exit_each__kprobe, long ret)                                                          \
	{                                                                                                           \
		return on_syscall_kretprobe(ret);                                                                   \
	}

#endif
