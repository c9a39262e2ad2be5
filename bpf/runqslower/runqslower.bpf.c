// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * runqslower: how long threads wait on a run queue before they get a CPU: each wait of at least min_us as an event, all
 * of them in a histogram.
 *
 * Hooks by tier
 *   tracepoint  sched_wakeup, sched_wakeup_new, sched_switch: runq.bpf.h
 *   No other tier: the scheduler's tracepoints are stable and cheap.
 *
 * Maps
 *   starts  runq.bpf.h
 *   delays  per-CPU array, 1: struct runqslower_hist, waits by microseconds
 *   events  ring buffer, 256 KiB: struct runqslower_event
 *
 * Cost: that of runq.bpf.h, an array lookup and an atomic addition for each wait, and a record for each that is reported.
 *
 * Caveats: those of runq.bpf.h.
 */
#include "lib/cgroup.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/hist.bpf.h"
#include "lib/runq.bpf.h"
#include "runqslower.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Report waits at least this long, microseconds. */
const volatile __u64 min_us = 10000;

ONE_PER_CPU(delays, struct runqslower_hist);

EVENTS(256 * 1024, struct runqslower_event);

_Static_assert(RUNQSLOWER_SLOTS == HIST_SLOTS, "RUNQSLOWER_SLOTS must equal HIST_SLOTS");

static __always_inline void count_delay(__u64 lat_ns)
{
	struct runqslower_hist *hist = only_entry(&delays);

	if (hist)
		ADD(hist->slots[log2_slot(lat_ns / 1000) & (RUNQSLOWER_SLOTS - 1)], 1);
}

static __always_inline void on_wait_end(const struct wait *wait, const bool direct)
{
	struct task_struct *task = wait->task, *prev = wait->prev;
	struct runqslower_event *event;

	count_delay(wait->lat_ns);
	if (wait->lat_ns < min_us * 1000)
		return;
	event = reserve_event(&events, sizeof(*event));
	if (count_if_lost(event))
		return;
	event->time_ns = wait->end_ns;
	event->lat_ns = wait->lat_ns;
	event->tid = wait->tid;
	event->pid = wait->tgid;
	event->prev_tid = MEMBER(direct, prev, pid);
	event->prev_pid = MEMBER(direct, prev, tgid);
	event->cpu = bpf_get_smp_processor_id();
	event->cgroup_id = task_cgroup_id(task);
	event->uid = task_uid(task);
	BPF_CORE_READ_STR_INTO(&event->comm, task, comm);
	BPF_CORE_READ_STR_INTO(&event->prev_comm, prev, comm);
	submit_event(&events, event);
}
