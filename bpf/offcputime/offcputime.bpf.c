// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * offcputime: where threads wait: the stacks at which they left their CPU, and for how long.
 *
 * Hooks by tier
 *   tracepoint  sched_switch as tp_btf, else as raw_tp: it takes the stack of the thread that leaves, and ends the wait of the next
 *   No other tier: the scheduler's tracepoints are stable and cheap.
 *
 * Maps, besides those of stacks.bpf.h
 *   starts  hash, 16384: thread id -> struct offcputime_start, a wait in progress. Elements of 48 + 8 + 40 bytes: 1.6 MB with the
 *           buckets. An element is deleted when its thread runs again
 *
 * Cost: for each switch two stack walks, a hash of the addresses, four lookups, an insertion and a deletion.
 *
 * Caveats
 *   - A wait is counted when it ends, with its time on the run queue. One that started before the program was attached is not.
 *   - A stack that is deeper than 127 functions, or kernel.perf_event_max_stack, is cut at its outer end.
 *   - User stacks are walked by frame pointers.
 *   - The filters apply to a thread when it leaves the CPU.
 *   - A wait whose end the kernel did not report (see block.bpf.h) counts as lost when its thread leaves the CPU again.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/stacks.bpf.h"
#include "offcputime.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
/* Only threads of programs, or only those of the kernel. */
const volatile bool user_threads_only = false;
const volatile bool kernel_threads_only = false;
/* Only threads that leave in one of these states (a mask), or runnable if the mask is 0; used when filter_state_on. */
const volatile __u32 filter_state = 0;
const volatile bool filter_state_on = false;
/*
 * The state is the fourth argument of sched_switch (5.18, commit fa2c3254d7cf): task->__state may have changed by then, because another
 * CPU wakes the thread. From the running kernel's BTF.
 */
const volatile bool state_is_argument = false;
/* Only waits that are not shorter or longer, nanoseconds. */
const volatile __u64 min_ns = 0;
const volatile __u64 max_ns = ~0ull;

/* include/linux/sched.h: task->__state, task->flags */
#define TASK_RUNNING 0
#define TASK_DEAD 0x80
#define PF_KTHREAD 0x00200000

IN_FLIGHT(starts, 16384, __u32, struct offcputime_start);

static __always_inline bool state_passes(long state)
{
	if (!filter_state_on)
		return true;
	return filter_state ? state & filter_state : state == TASK_RUNNING;
}

static __always_inline bool thread_passes(struct task_struct *task, __u32 tid, __u32 tgid, long state, const bool direct)
{
	/* The idle tasks all have id 0. */
	if (!tid || (filter_tid && tid != filter_tid))
		return false;
	if (!state_passes(state) || !task_passes_filters(task, tgid))
		return false;
	if (user_threads_only || kernel_threads_only) {
		bool is_kernel = MEMBER(direct, task, flags) & PF_KTHREAD;

		return is_kernel ? kernel_threads_only : user_threads_only;
	}
	return true;
}

/* The current thread leaves the CPU. A preempted one stays runnable, whatever state it had set: kernel/sched/core.c, __schedule() */
static __always_inline void begin_wait(void *context, bool preempt, struct task_struct *prev, const bool direct)
{
	long state = preempt ? TASK_RUNNING : state_is_argument ? (__u32)((__u64 *)context)[3] : task_state(prev, direct);
	__u32 tid = MEMBER(direct, prev, pid);
	__u32 tgid = MEMBER(direct, prev, tgid);
	struct offcputime_start start = { .pid = tgid };

	if (state & TASK_DEAD || !thread_passes(prev, tid, tgid, state, direct))
		return;
	start.hash = current_stack(context, tgid);
	start.cgroup_id = current_cgroup_id();
	start.uid = current_uid();
	bpf_get_current_comm(start.comm, sizeof(start.comm));
	start.ns = bpf_ktime_get_ns();
	begin_in_flight(&starts, &tid, &start);
}

/* A thread gets the CPU. */
static __always_inline void end_wait(struct task_struct *next, const bool direct)
{
	__u32 tid = MEMBER(direct, next, pid);
	struct offcputime_start *start = find_in_flight(&starts, &tid);
	struct stack_key key = { .tid = tid };
	__u64 time_ns;

	if (!start)
		return;
	time_ns = bpf_ktime_get_ns() - start->ns;
	key.hash = start->hash;
	key.pid = start->pid;
	key.cgroup_id = start->cgroup_id;
	key.uid = start->uid;
	__builtin_memcpy(key.comm, start->comm, sizeof(key.comm));
	end_in_flight(&starts, &tid);
	if (time_ns >= min_ns && time_ns <= max_ns)
		count_stack(&key, time_ns);
}

#define SCHED_SWITCH(kind, section, direct)                                                                         \
	SEC(section "/sched_switch")                                                                                \
	int BPF_PROG(sched_switch_##kind##__tracepoint, bool preempt, struct task_struct *prev,                     \
		     struct task_struct *next)                                                                      \
	{                                                                                                           \
		begin_wait(ctx, preempt, prev, direct);                                                             \
		end_wait(next, direct);                                                                             \
		return 0;                                                                                           \
	}

SCHED_SWITCH(btf, "tp_btf", true)
SCHED_SWITCH(raw, "raw_tp", false)
