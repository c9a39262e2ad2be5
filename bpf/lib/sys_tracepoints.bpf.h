/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A tool's programs on sys_enter and sys_exit, for the tracepoint tier.
 *
 * On x86-64 all tools of a running ktop share one program on each of the two tracepoints (bpf/syscalls/syscalls.bpf.c). It ends at
 * once for a system call that no tool reports. For the others it calls the tools' programs one after another: each ends in a tail
 * call of the next, which user space puts into its map (src/bpf/syscalls.ts). On arm64 each tool attaches its own programs.
 *
 * A perf event on each syscalls:sys_enter_NAME would slow down other calls less, but the kernel takes tens of milliseconds to release
 * each: detaching would take seconds.
 */
#ifndef KTOP_SYS_TRACEPOINTS_BPF_H
#define KTOP_SYS_TRACEPOINTS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "maps.bpf.h"
#include "syscall_args.bpf.h"
#include "syscall_number.bpf.h"

/* The tool's programs are in the tail-call chain of the shared programs. */
const volatile bool shares_tracepoints = false;

/*
 * The system calls for which the tool's programs run, from one table (SYSCALL_LOOKUP()): `reported_syscalls`, by which the shared
 * programs select them, and `function`, by which the tool's programs do. They run for a call whose value is not `none`.
 */
#define REPORTED_SYSCALLS(type, function, none, table)                                                              \
	const volatile __s32 reported_syscalls[] = { table(SYSCALL_NUMBER) };                                       \
                                                                                                                    \
	SYSCALL_LOOKUP(type, function, none, table)                                                                 \
                                                                                                                    \
	static __always_inline bool is_reported_syscall(long number)                                                \
	{                                                                                                           \
		return function(number) != none;                                                                    \
	}

#define SYSCALL_NUMBER(number, value) number,

#define SYS_PROGRAM(tracepoint, second_argument, raw, ...)                                                          \
	PROGRAM_ARRAY(next_##tracepoint);                                                                           \
                                                                                                                    \
	SEC("tp_btf/" #tracepoint)                                                                                  \
	int BPF_PROG(tracepoint##__tracepoint, struct pt_regs *regs, long second_argument)                          \
	{                                                                                                           \
		bool compat = is_compat_syscall();                                                                  \
		long number = native_number(raw, compat);                                                           \
                                                                                                                    \
		if (is_reported_syscall(number)) {                                                                  \
			struct syscall call = typed_syscall(number, compat, regs);                                  \
                                                                                                                    \
			__VA_ARGS__;                                                                                \
		}                                                                                                   \
		if (shares_tracepoints)                                                                             \
			bpf_tail_call(ctx, &next_##tracepoint, 0);                                                  \
		return 0;                                                                                           \
	}

/* `handler`: an inline function (void *ctx, const struct syscall *call). A stack trace needs the context (bpf_get_stackid()). */
#define SYS_ENTER_PROGRAM(handler) SYS_PROGRAM(sys_enter, id, id, handler(ctx, &call))

/* The same at the end of a call. `handler`: an inline function (const struct syscall *call, long ret) */
#define SYS_EXIT_PROGRAM(handler) SYS_PROGRAM(sys_exit, ret, raw_number(regs), handler(&call, ret))

#endif
