/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The time that threads wait on a run queue: the scheduler's tracepoints, for the tools that count or report it.
 *
 * sched_wakeup and sched_wakeup_new start a wait; sched_switch ends that of the next thread and starts one for the previous
 * if it could go on running (preempted, or yielded). As tp_btf programs, or as raw tracepoints where the kernel's BTF
 * cannot serve tp_btf. A tool defines waited().
 *
 * Cost: a wake-up inserts into a hash, a switch deletes and perhaps inserts: measured in hundreds of nanoseconds.
 *
 * Caveats
 *   - Threads that were waiting already when the programs were attached have no start and are not reported.
 *   - A wake-up of a thread that still stands on the run queue (preempted between setting its state and sleeping) starts
 *     its wait anew: the reported time is then too short.
 *   - The filters apply to the thread that waits, not to the one before it.
 */
#ifndef KTOP_RUNQ_BPF_H
#define KTOP_RUNQ_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "maps.bpf.h"

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;

/*
 * Thread id -> CLOCK_MONOTONIC nanoseconds when it became runnable. A thread's entry goes when it gets a CPU and when it
 * dies, so the map holds the threads that wait now: 0.9 MB
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

/* A thread has got a CPU. */
struct wait {
	/* The thread, and the one that had the CPU before. */
	struct task_struct *task;
	struct task_struct *prev;
	__u32 tid;
	__u32 tgid;
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 end_ns;
	/* How long it was runnable without running. */
	__u64 lat_ns;
};

/* What the tool does with a wait that has ended. `direct`: see MEMBER(). */
static __always_inline void waited(const struct wait *wait, const bool direct);

/* include/linux/sched.h: task->__state */
#define TASK_RUNNING 0
#define TASK_DEAD 0x80

static __always_inline bool thread_wanted(struct task_struct *task, __u32 tid, __u32 tgid)
{
	/* The idle threads all have id 0. */
	return tid && (!filter_tid || tid == filter_tid) && wanted(task, tgid);
}

/* The thread is runnable and waits from now on. `direct`: see MEMBER(). */
static __always_inline void start_wait(struct task_struct *task, const bool direct)
{
	__u32 tid = MEMBER(direct, task, pid);
	__u64 now;

	if (!thread_wanted(task, tid, MEMBER(direct, task, tgid)))
		return;
	now = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&starts, &tid, &now, BPF_ANY))
		lose_key();
}

/* `next` has got the CPU from `prev`. */
static __always_inline void end_wait(struct task_struct *prev, struct task_struct *next, const bool direct)
{
	struct wait wait = { .task = next, .prev = prev };
	__u64 *start;

	wait.tid = MEMBER(direct, next, pid);
	wait.tgid = MEMBER(direct, next, tgid);
	if (!thread_wanted(next, wait.tid, wait.tgid))
		return;
	start = bpf_map_lookup_elem(&starts, &wait.tid);
	if (!start)
		return;
	wait.end_ns = bpf_ktime_get_ns();
	wait.lat_ns = wait.end_ns - *start;
	bpf_map_delete_elem(&starts, &wait.tid);
	waited(&wait, direct);
}

static __always_inline void switched(bool preempt, struct task_struct *prev, struct task_struct *next, const bool direct)
{
	long state = task_state(prev, direct);

	/* A preempted thread stays on the run queue, whatever state it had set: kernel/sched/core.c, __schedule() */
	if (preempt || state == TASK_RUNNING) {
		start_wait(prev, direct);
	} else if (state & TASK_DEAD) {
		/* Woken while it ran: that start was never ended. */
		__u32 tid = MEMBER(direct, prev, pid);

		bpf_map_delete_elem(&starts, &tid);
	}
	end_wait(prev, next, direct);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup_btf__tracepoint, struct task_struct *task)
{
	start_wait(task, true);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(sched_wakeup_new_btf__tracepoint, struct task_struct *task)
{
	start_wait(task, true);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch_btf__tracepoint, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	switched(preempt, prev, next, true);
	return 0;
}

SEC("raw_tp/sched_wakeup")
int BPF_PROG(sched_wakeup_raw__tracepoint, struct task_struct *task)
{
	start_wait(task, false);
	return 0;
}

SEC("raw_tp/sched_wakeup_new")
int BPF_PROG(sched_wakeup_new_raw__tracepoint, struct task_struct *task)
{
	start_wait(task, false);
	return 0;
}

SEC("raw_tp/sched_switch")
int BPF_PROG(sched_switch_raw__tracepoint, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	switched(preempt, prev, next, false);
	return 0;
}

#endif
