// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * syscount: finished system calls, those that failed, and their time, by call or by process.
 *
 * Hooks by tier
 *   tracepoint  sys_exit; with `timed` also sys_enter
 *   No other tier: it counts every call. The programs are not in the list that other tools share (lib/sys_tracepoints.bpf.h), which
 *   would add a tail call to each.
 *
 * Maps
 *   calls      per-CPU hash, 512: enum syscount_call and number -> struct syscount_counts; never deleted. 29 kB, and 12 kB per CPU
 *   processes  two hashes, 10240 each: process id -> struct syscount_process. Elements of 48 + 8 + 40 bytes: 2.2 MB with the buckets
 *   starts     calls in flight: thread id -> struct start. User space sets the size with `timed`
 *
 * Cost: a hash lookup and one or two atomic additions per call, on memory of the CPU when counting by call. With `timed` a call
 * also inserts into `starts`, looks it up and deletes from it.
 *
 * Caveats
 *   - exit and exit_group do not return and are not counted.
 *   - rt_sigreturn has no number at its end. Without `timed` a sigreturn of a 32-bit program counts as rt_sigreturn, and a call of
 *     number -1, which does not exist, as unknown only if it fails with ENOSYS.
 *   - With `timed` a call that started before the programs were attached is not counted.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "syscount.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* One entry per process instead of per call. */
const volatile bool per_process = false;
/* Measures the time of each call. */
const volatile bool timed = false;
/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
/* Only calls that failed. */
const volatile bool failed_only = false;
/* Only calls that failed with this errno; 0: any. */
const volatile __u32 filter_errno = 0;
/* Only these two: a call of 64-bit programs and the one of 32-bit programs; used when filter_call_on. */
const volatile __u32 filter_call = 0;
const volatile __u32 filter_compat_call = 0;
const volatile bool filter_call_on = false;

PER_CPU_HASH(calls, 512, __u32, struct syscount_counts);

DOUBLE_HASH(processes, 10240, __u32, struct syscount_process);

struct start {
	/* CLOCK_MONOTONIC, nanoseconds */
	__u64 ns;
	__u32 call;
};

IN_FLIGHT(starts, 1, __u32, struct start);

/* arch/x86/entry/syscalls/syscall_64.tbl, syscall_32.tbl; scripts/syscall.tbl, arch/arm/tools/syscall.tbl */
enum {
#if defined(__TARGET_ARCH_x86)
	NR_RT_SIGRETURN = 15,
	NR_CLONE = 56,
	NR_FORK = 57,
	NR_VFORK = 58,
	NR_EXIT = 60,
	NR_EXIT_GROUP = 231,
	COMPAT_EXIT_GROUP = 252,
#elif defined(__TARGET_ARCH_arm64)
	NR_EXIT = 93,
	NR_EXIT_GROUP = 94,
	NR_RT_SIGRETURN = 139,
	NR_CLONE = 220,
	NR_FORK = NR_CLONE,
	NR_VFORK = NR_CLONE,
	COMPAT_EXIT_GROUP = 248,
#endif
	NR_CLONE3 = 435,
	COMPAT_EXIT = 1,
	COMPAT_FORK = 2,
	COMPAT_CLONE = 120,
	COMPAT_RT_SIGRETURN = 173,
	COMPAT_VFORK = 190,
};

#define EINTR 4
#define ENOSYS 38
#define MAX_ERRNO 4095
/* Results of an interrupted call that the signal's delivery turns into EINTR or a restart; 515 is not one: include/linux/errno.h */
#define ERESTARTSYS 512
#define ENOIOCTLCMD 515
#define ERESTART_RESTARTBLOCK 516

/* The key of a call by its raw number. */
static __always_inline __u32 call_key(long number)
{
	__u32 compat = is_compat_syscall() ? SYSCOUNT_COMPAT : 0;

	return compat | (number >= 0 && number < SYSCOUNT_NUMBERS ? number : SYSCOUNT_UNKNOWN);
}

/* The key of a call that ends. The kernel sets the number to -1 in rt_sigreturn: arch/x86/kernel/signal_64.c, restore_sigcontext() */
static __always_inline __u32 ended_call(long number, long ret)
{
	__u32 key = call_key(number);

	if (number != -1 || ret == -ENOSYS)
		return key;
	return key & SYSCOUNT_COMPAT ? SYSCOUNT_COMPAT | COMPAT_RT_SIGRETURN : NR_RT_SIGRETURN;
}

static __always_inline bool never_ends(__u32 key)
{
	return key == NR_EXIT || key == NR_EXIT_GROUP || key == (SYSCOUNT_COMPAT | COMPAT_EXIT) ||
	       key == (SYSCOUNT_COMPAT | COMPAT_EXIT_GROUP);
}

/* A new task also passes the end of the call that made it, with result 0: only its parent's is counted. */
static __always_inline bool is_new_task(__u32 key, long ret)
{
	if (ret)
		return false;
	return key == NR_CLONE || key == NR_FORK || key == NR_VFORK || key == NR_CLONE3 || key == (SYSCOUNT_COMPAT | COMPAT_CLONE) ||
	       key == (SYSCOUNT_COMPAT | COMPAT_FORK) || key == (SYSCOUNT_COMPAT | COMPAT_VFORK) ||
	       key == (SYSCOUNT_COMPAT | NR_CLONE3);
}

static __always_inline bool task_is_counted(void)
{
	if (filter_tid && current_tid() != filter_tid)
		return false;
	return current_passes_filters();
}

static __always_inline bool is_interrupted(long ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK && ret != -ENOIOCTLCMD;
}

/* Whether a call with this result is counted. */
static __always_inline bool result_is_counted(long ret, bool failed)
{
	if (!filter_errno)
		return failed || !failed_only;
	return ret == -(long)filter_errno || (filter_errno == EINTR && is_interrupted(ret));
}

static __always_inline bool call_is_counted(__u32 key)
{
	return !filter_call_on || key == filter_call || key == filter_compat_call;
}

/* Adds a call to a struct syscount_counts or syscount_process. */
#define ADD_CALL(value, failed, lat_ns)                                                                             \
	do {                                                                                                        \
		ADD((value)->calls, 1);                                                                             \
		if (failed)                                                                                         \
			ADD((value)->errors, 1);                                                                    \
		if (timed)                                                                                          \
			ADD((value)->time_ns, lat_ns);                                                              \
	} while (0)

static __always_inline void count_call(__u32 key, bool failed, __u64 lat_ns)
{
	struct syscount_counts *counts = bpf_map_lookup_elem(&calls, &key);

	if (!counts) {
		struct syscount_counts none = {};

		counts = find_or_insert(&calls, &key, &none);
	}
	if (counts)
		ADD_CALL(counts, failed, lat_ns);
}

static __always_inline void count_process(bool failed, __u64 lat_ns)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct syscount_process *process = bpf_map_lookup_elem(ACTIVE(processes), &tgid);

	if (!process) {
		struct task_struct *task = (struct task_struct *)bpf_get_current_task();
		struct syscount_process first = { .calls = 1, .errors = failed, .time_ns = lat_ns };

		first.cgroup_id = current_cgroup_id();
		first.uid = current_uid();
		BPF_CORE_READ_STR_INTO(&first.comm, task, group_leader, comm);
		process = insert_first(ACTIVE(processes), &tgid, &first);
	}
	if (process)
		ADD_CALL(process, failed, lat_ns);
}

/* Loaded only with `timed`. */
SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter__tracepoint, struct pt_regs *regs, long number)
{
	struct start start = { .call = call_key(number) };
	__u32 tid = current_tid();

	if (!call_is_counted(start.call) || !task_is_counted() || never_ends(start.call))
		return 0;
	start.ns = bpf_ktime_get_ns();
	begin_in_flight(&starts, &tid, &start);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	long number = raw_number(regs);
	__u32 key = ended_call(number, ret);
	bool failed = ret < 0 && ret >= -MAX_ERRNO;
	__u64 lat_ns = 0;

	if (timed) {
		__u32 tid = current_tid();
		struct start *start = task_is_counted() ? find_in_flight(&starts, &tid) : 0;

		if (!start)
			return 0;
		/* The start of a call that never ended. */
		if (number != -1 && !call_is_counted(key)) {
			discard_stale(&starts, &tid);
			return 0;
		}
		key = start->call;
		lat_ns = bpf_ktime_get_ns() - start->ns;
		end_in_flight(&starts, &tid);
	} else if (!call_is_counted(key) || !task_is_counted() || is_new_task(key, ret)) {
		return 0;
	}
	if (!result_is_counted(ret, failed))
		return 0;
	if (per_process)
		count_process(failed, lat_ns);
	else
		count_call(key, failed, lat_ns);
	return 0;
}
