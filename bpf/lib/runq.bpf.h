/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The time that threads wait on a run queue, from the scheduler's tracepoints. A tool includes this header and defines
 * on_wait_end().
 *
 * Hooks: tp_btf, or raw tracepoints if tp_btf does not load
 *   sched_wakeup, sched_wakeup_new  start a wait
 *   sched_switch                    ends the wait of the next thread; starts one for the previous thread if it is still runnable
 *                                   (preempted, or yielded)
 *
 * Map
 *   starts  hash, 10240: thread id -> CLOCK_MONOTONIC nanoseconds when it became runnable: 0.9 MB. The entry is deleted when the
 *           thread gets a CPU or dies: the map holds the waiting threads
 *
 * Cost: a wake-up inserts into a hash; a switch looks up and deletes the next thread's entry, and inserts one for the previous
 * thread if it is still runnable: hundreds of nanoseconds.
 *
 * Caveats
 *   - Threads that were already waiting when the programs were attached have no start and are not reported.
 *   - A wake-up of a thread that is still on the run queue (preempted between setting its state and sleeping) restarts its wait:
 *     the reported time is then too short.
 *   - The filters apply to the thread that waits, not to the one before it.
 */
#ifndef KTOP_RUNQ_BPF_H
#define KTOP_RUNQ_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "in_flight.bpf.h"

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;

IN_FLIGHT(starts, 10240, __u32, __u64);

/* A finished wait: a thread got a CPU. */
struct wait {
	/* The thread, and the one that had the CPU before. */
	struct task_struct *task;
	struct task_struct *prev;
	__u32 tid;
	__u32 tgid;
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 end_ns;
	/* How long it was runnable without running, nanoseconds. */
	__u64 lat_ns;
};

/* Defined by the tool: receives a finished wait. `direct`: see MEMBER(). */
static __always_inline void on_wait_end(const struct wait *wait, const bool direct);

/* include/linux/sched.h: task->__state */
#define TASK_RUNNING 0
#define TASK_DEAD 0x80

static __always_inline bool thread_passes_filters(struct task_struct *task, __u32 tid, __u32 tgid)
{
	/* The idle threads all have id 0. */
	return tid && (!filter_tid || tid == filter_tid) && task_passes_filters(task, tgid);
}

/* A thread became runnable. It can be woken while queued or running; the new start replaces the old one. */
static __always_inline void begin_wait(struct task_struct *task, const bool direct)
{
	__u32 tid = MEMBER(direct, task, pid);
	__u64 now;

	if (!thread_passes_filters(task, tid, MEMBER(direct, task, tgid)))
		return;
	now = bpf_ktime_get_ns();
	restart_in_flight(&starts, &tid, &now);
}

/* `next` got the CPU from `prev`. */
static __always_inline void end_wait(struct task_struct *prev, struct task_struct *next, const bool direct)
{
	struct wait wait = { .task = next, .prev = prev };
	__u64 *start;

	wait.tid = MEMBER(direct, next, pid);
	wait.tgid = MEMBER(direct, next, tgid);
	if (!thread_passes_filters(next, wait.tid, wait.tgid))
		return;
	start = find_in_flight(&starts, &wait.tid);
	if (!start)
		return;
	wait.end_ns = bpf_ktime_get_ns();
	wait.lat_ns = wait.end_ns - *start;
	end_in_flight(&starts, &wait.tid);
	on_wait_end(&wait, direct);
}

static __always_inline void on_sched_switch(bool preempt, struct task_struct *prev, struct task_struct *next, const bool direct)
{
	long state = task_state(prev, direct);

	/* A preempted thread stays on the run queue, whatever state it had set: kernel/sched/core.c, __schedule() */
	if (preempt || state == TASK_RUNNING) {
		begin_wait(prev, direct);
	} else if (state & TASK_DEAD) {
		/* If it was woken while it ran, its start is still in the map. */
		__u32 tid = MEMBER(direct, prev, pid);

		end_in_flight(&starts, &tid);
	}
	end_wait(prev, next, direct);
}

#define RUNQ_PROGRAMS(kind, section, direct)                                                                        \
	SEC(section "/sched_wakeup")                                                                                \
	int BPF_PROG(sched_wakeup_##kind##__tracepoint, struct task_struct *task)                                   \
	{                                                                                                           \
		begin_wait(task, direct);                                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/sched_wakeup_new")                                                                            \
	int BPF_PROG(sched_wakeup_new_##kind##__tracepoint, struct task_struct *task)                               \
	{                                                                                                           \
		begin_wait(task, direct);                                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(section "/sched_switch")                                                                                \
	int BPF_PROG(sched_switch_##kind##__tracepoint, bool preempt, struct task_struct *prev,                     \
		     struct task_struct *next)                                                                      \
	{                                                                                                           \
		on_sched_switch(preempt, prev, next, direct);                                                       \
		return 0;                                                                                           \
	}

RUNQ_PROGRAMS(btf, "tp_btf", true)
RUNQ_PROGRAMS(raw, "raw_tp", false)

#endif
