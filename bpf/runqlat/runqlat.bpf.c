// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * runqlat: how long threads wait on a run queue before they get a CPU, as a histogram of all waits or one per process.
 *
 * Hooks by tier
 *   tracepoint  sched_wakeup, sched_wakeup_new, sched_switch: runq.bpf.h
 *   No other tier: the scheduler's tracepoints are the stable and cheap way.
 *
 * Maps
 *   starts     hash, 10240: the threads that wait now: 0.9 MB
 *   delays     per-CPU array, 1: runqlat_hist
 *   processes  hash, 4096: process id -> runqlat_process. User space drains it (lookup and delete). Elements of 48 + 8 + 272
 *              bytes, allocated at once: 1.4 MB with the buckets. Only used with one histogram per process.
 *
 * Cost and caveats: those of runq.bpf.h; per process a hash lookup more. A wait that ends on one CPU while, within nanoseconds,
 * user space takes out the entry of its process is missed; without -P none is.
 */
#include "lib/runq.bpf.h"
#include "lib/hist.bpf.h"
#include "runqlat.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nanoseconds in a unit of the histogram: a microsecond or a millisecond. */
const volatile __u64 unit_ns = 1000;
/* A histogram for each process instead of one for all. */
const volatile bool per_process = false;

ONE_PER_CPU(delays, struct runqlat_hist);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct runqlat_process);
} processes SEC(".maps");

_Static_assert(RUNQLAT_SLOTS == HIST_SLOTS, "log2_slot() is made for HIST_SLOTS");

/*
 * The first wait of a process since the last drain. Whole from the start: user space may take it out at once. A function
 * of its own, because the value takes most of the stack.
 */
static __noinline void insert(__u32 tgid, __u32 slot, struct task_struct *task)
{
	struct runqlat_process first = {};
	struct runqlat_process *other;

	slot &= RUNQLAT_SLOTS - 1;
	first.slots[slot] = 1;
	BPF_CORE_READ_STR_INTO(&first.comm, task, group_leader, comm);
	if (!bpf_map_update_elem(&processes, &tgid, &first, BPF_NOEXIST))
		return;
	/* Another thread of the process was first, or the map is full. */
	other = bpf_map_lookup_elem(&processes, &tgid);
	if (other)
		ADD(other->slots[slot], 1);
	else
		lose_key();
}

static __always_inline void waited(const struct wait *wait, const bool direct)
{
	__u32 slot = log2_slot(wait->lat_ns / unit_ns) & (RUNQLAT_SLOTS - 1);
	__u32 tgid = wait->tgid;

	if (per_process) {
		struct runqlat_process *process = bpf_map_lookup_elem(&processes, &tgid);

		if (process)
			ADD(process->slots[slot], 1);
		else
			insert(tgid, slot, wait->task);
	} else {
		struct runqlat_hist *hist = only_entry(&delays);

		if (hist)
			ADD(hist->slots[slot], 1);
	}
}
