// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * syscalls: the program on sys_enter and the one on sys_exit that all tools of a running ktop share on the tracepoint tier. Not a
 * tool. User space loads the object once for each tracepoint in use.
 *
 * Maps
 *   first_sys_enter, first_sys_exit  the first tool's program; the others follow (lib/sys_tracepoints.bpf.h)
 *
 * Cost: a system call that no tool reports takes one array lookup at each tracepoint. If its number is reported only for 32-bit programs
 * (a 64-bit close has the number of their read), the program also checks TS_COMPAT. Measured with getppid in a loop on Linux 6.18
 * (ns): nothing attached 415, an empty pair of programs 509, this pair 511; checking TS_COMPAT at every call, 535. A tail call by the
 * number of the call costs as little (510), but a tail call does not return, and several tools may report the same call.
 *
 * Caveat: x32 calls, whose numbers have bit 30 set, are not reported.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/maps.bpf.h"
#include "lib/syscall_number.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Greater than every 64-bit and i386 number; a power of two. */
#define NUMBERS 1024

/* By raw number: whose calls of this number tools report; bits of enum programs. */
__u8 reported[NUMBERS] = {};

/* src/bpf/syscalls.ts has the same bits. */
enum programs {
	OF_64_BITS = 1,
	OF_32_BITS = 2,
};

/* compat_to_native() by raw number, for user space. Volatile: where all are -1, the compiler would call memset(). */
volatile __s32 native_of_compat[NUMBERS] = {};

PROGRAM_ARRAY(first_sys_enter);
PROGRAM_ARRAY(first_sys_exit);

/* True also for a 32-bit call whose number is that of a reported 64-bit call: there are few, and the tools' programs check it. */
static __always_inline bool is_reported(__u64 number)
{
	__u8 programs = number < NUMBERS ? reported[number & (NUMBERS - 1)] : 0;

	return programs == OF_32_BITS ? is_compat_syscall() : programs;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter__tracepoint, struct pt_regs *regs, long number)
{
	if (is_reported(number))
		bpf_tail_call(ctx, &first_sys_enter, 0);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	if (is_reported(raw_number(regs)))
		bpf_tail_call(ctx, &first_sys_exit, 0);
	return 0;
}

/* User space runs it once (BPF_PROG_TEST_RUN), so that only compat_to_native() lists the numbers. */
SEC("raw_tp")
int fill_native_of_compat(void *ctx)
{
	for (int number = 0; number < NUMBERS; number++)
		native_of_compat[number] = compat_to_native(number);
	return 0;
}
