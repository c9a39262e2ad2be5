// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * runqlat: how long threads wait on a run queue before they get a CPU, as a histogram of all waits or one per process.
 *
 * Hooks by tier
 *   tracepoint  sched_wakeup, sched_wakeup_new, sched_switch: runq.bpf.h
 *   No other tier: the scheduler's tracepoints are stable and cheap.
 *
 * Maps
 *   starts     runq.bpf.h
 *   delays     per-CPU array, 1: struct runqlat_hist, waits by unit_ns
 *   processes  two hashes, 4096 each: process id -> struct runqlat_process. Elements of 48 + 8 + 288 bytes: 2.8 MB with the buckets.
 *              Used only with per_process
 *
 * Cost: that of runq.bpf.h, an array lookup (per_process: a hash lookup) and two atomic additions for each wait.
 *
 * Caveats: those of runq.bpf.h
 */
#include "lib/cgroup.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/hist.bpf.h"
#include "lib/runq.bpf.h"
#include "runqlat.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nanoseconds in a unit of the histogram: a microsecond or a millisecond. */
const volatile __u64 unit_ns = 1000;
/* One histogram per process instead of one for all. */
const volatile bool per_process = false;

ONE_PER_CPU(delays, struct runqlat_hist);

DOUBLE_HASH(processes, 4096, __u32, struct runqlat_process);

_Static_assert(RUNQLAT_SLOTS == HIST_SLOTS, "RUNQLAT_SLOTS must equal HIST_SLOTS");

/* The first wait of a process in an interval. Not inlined, because the value takes most of the stack. */
static __noinline void insert_process(__u32 tgid, __u32 slot, __u64 lat_ns, struct task_struct *task)
{
	struct runqlat_process first = {};
	struct runqlat_process *other;

	slot &= RUNQLAT_SLOTS - 1;
	first.slots[slot] = 1;
	first.sum_ns = lat_ns;
	first.cgroup_id = task_cgroup_id(task);
	first.uid = task_uid(task);
	BPF_CORE_READ_STR_INTO(&first.comm, task, group_leader, comm);
	other = insert_first(ACTIVE(processes), &tgid, &first);
	if (other) {
		ADD(other->slots[slot], 1);
		ADD(other->sum_ns, lat_ns);
	}
}

static __always_inline void on_wait_end(const struct wait *wait, const bool direct)
{
	__u32 slot = log2_slot(wait->lat_ns / unit_ns) & (RUNQLAT_SLOTS - 1);
	__u32 tgid = wait->tgid;

	if (per_process) {
		struct runqlat_process *process = bpf_map_lookup_elem(ACTIVE(processes), &tgid);

		if (process) {
			ADD(process->slots[slot], 1);
			ADD(process->sum_ns, wait->lat_ns);
		} else {
			insert_process(tgid, slot, wait->lat_ns, wait->task);
		}
	} else {
		struct runqlat_hist *hist = only_entry(&delays);

		if (hist) {
			ADD(hist->slots[slot], 1);
			ADD(hist->sum_ns, wait->lat_ns);
		}
	}
}
