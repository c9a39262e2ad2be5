// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * runqslower: how long threads wait on a run queue before they get a CPU: each wait of at least min_us as an event, all
 * of them in a histogram.
 *
 * Hooks by tier
 *   tracepoint  sched_wakeup and sched_wakeup_new start a wait; sched_switch ends that of the next thread and starts one
 *               for the previous if it could go on running (preempted, or yielded). As tp_btf programs, or as raw
 *               tracepoints where the kernel's BTF cannot serve tp_btf
 *   No other tier: the scheduler's tracepoints are the stable and cheap way.
 *
 * Maps
 *   starts  hash, 10240: thread id -> CLOCK_MONOTONIC nanoseconds when it became runnable. A thread's entry goes when it
 *           gets a CPU and when it dies, so the map holds the threads that wait now: 0.9 MB
 *   delays  per-CPU array, 1: runqslower_hist
 *   events  ring buffer, 256 KiB: runqslower_event
 *
 * Cost: a wake-up inserts into a hash, a switch deletes and perhaps inserts: measured in hundreds of nanoseconds.
 *
 * Caveats
 *   - Threads that were waiting already when the programs were attached have no start and are not reported.
 *   - A wake-up of a thread that still stands on the run queue (preempted between setting its state and sleeping) starts
 *     its wait anew: the reported time is then too short.
 *   - The filters apply to the thread that waits, not to the one before it.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "maps.bpf.h"
#include "runqslower.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Report waits at least this long, microseconds. */
const volatile __u64 min_us = 10000;
/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
/* Puts the event's layout into the object's BTF. */
const volatile struct runqslower_event *const volatile event_layout = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct runqslower_hist);
} delays SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

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

/* Index of the highest set bit of `value`, 0 for 0, at most RUNQSLOWER_SLOTS - 1. */
static __always_inline __u32 log2_slot(__u64 value)
{
	__u32 rest = value >> RUNQSLOWER_SLOTS ? -1 : value;
	__u32 slot = 0;

	if (rest >> 16) {
		rest >>= 16;
		slot += 16;
	}
	if (rest >> 8) {
		rest >>= 8;
		slot += 8;
	}
	if (rest >> 4) {
		rest >>= 4;
		slot += 4;
	}
	if (rest >> 2) {
		rest >>= 2;
		slot += 2;
	}
	return slot + (rest >> 1);
}

static __always_inline void count_delay(__u64 lat_ns)
{
	struct runqslower_hist *hist = only_entry(&delays);

	if (hist)
		ADD(hist->slots[log2_slot(lat_ns / 1000) & (RUNQSLOWER_SLOTS - 1)], 1);
}

/* `next` has got the CPU from `prev`. */
static __always_inline void end_wait(struct task_struct *prev, struct task_struct *next, const bool direct)
{
	__u32 tid = MEMBER(direct, next, pid);
	__u32 tgid = MEMBER(direct, next, tgid);
	struct runqslower_event *event;
	__u64 *start, now, lat_ns;

	if (!thread_wanted(next, tid, tgid))
		return;
	start = bpf_map_lookup_elem(&starts, &tid);
	if (!start)
		return;
	now = bpf_ktime_get_ns();
	lat_ns = now - *start;
	bpf_map_delete_elem(&starts, &tid);
	count_delay(lat_ns);
	if (lat_ns < min_us * 1000)
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		lose_event();
		return;
	}
	event->time_ns = now;
	event->lat_ns = lat_ns;
	event->tid = tid;
	event->pid = tgid;
	event->prev_tid = MEMBER(direct, prev, pid);
	event->prev_pid = MEMBER(direct, prev, tgid);
	event->cpu = bpf_get_smp_processor_id();
	BPF_CORE_READ_STR_INTO(&event->comm, next, comm);
	BPF_CORE_READ_STR_INTO(&event->prev_comm, prev, comm);
	bpf_ringbuf_submit(event, 0);
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
