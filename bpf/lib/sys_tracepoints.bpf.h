/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A tool's programs on sys_enter and sys_exit, for the tracepoint tier.
 *
 * All tools of a running ktop share one program on each of the two tracepoints (bpf/syscalls/syscalls.bpf.c). It ends at once for a
 * system call that no tool reports, and otherwise calls the tools' programs one after another: each ends in a tail call of the next,
 * which user space puts into its map (src/bpf/syscalls.ts). Otherwise a program is attached directly.
 *
 * A perf event for each system call would slow down other calls less, but the kernel releases perf events one by one, tens of
 * milliseconds each, so that detaching would take seconds.
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

/* The system calls for which the tool's programs must run: enum syscall_number. */
#define REPORTED_SYSCALLS(...) const volatile __s32 reported_syscalls[] = { __VA_ARGS__ };

#define SYS_PROGRAM(tracepoint, argument, raw_number, is_reported, ...)                                             \
	PROGRAM_ARRAY(next_##tracepoint);                                                                           \
                                                                                                                    \
	SEC("tp_btf/" #tracepoint)                                                                                  \
	int BPF_PROG(tracepoint##__tracepoint, struct pt_regs *regs, long argument)                                 \
	{                                                                                                           \
		bool compat = is_compat_syscall();                                                                  \
		long number = native_syscall(raw_number, compat);                                                   \
                                                                                                                    \
		if (is_reported(number)) {                                                                          \
			struct syscall call = typed_syscall(number, compat, regs);                                  \
                                                                                                                    \
			__VA_ARGS__;                                                                                \
		}                                                                                                   \
		if (shares_tracepoints)                                                                             \
			bpf_tail_call(ctx, &next_##tracepoint, 0);                                                  \
		return 0;                                                                                           \
	}

/*
 * `is_reported(number)`: true for REPORTED_SYSCALLS() only; decides before arguments are read. `handler`: an inline function
 * (void *ctx, const struct syscall *call)
 */
#define SYS_ENTER_PROGRAM(is_reported, handler) SYS_PROGRAM(sys_enter, id, id, is_reported, handler(ctx, &call))

/* The same at the end of a call. `handler`: an inline function (const struct syscall *call, long ret) */
#define SYS_EXIT_PROGRAM(is_reported, handler)                                                                      \
	SYS_PROGRAM(sys_exit, ret, syscall_number(regs), is_reported, handler(&call, ret))

#endif
