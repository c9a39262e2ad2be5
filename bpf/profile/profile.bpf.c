// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * profile: where CPU time goes: stacks sampled at a fixed frequency on each CPU.
 *
 * Hooks by tier
 *   tracepoint  a perf event on each online CPU: PERF_COUNT_SW_CPU_CLOCK, a timer that interrupts the CPU. It is no tracepoint, but
 *               runs wherever tracepoints do
 *   No other tier.
 *
 * Maps: those of stacks.bpf.h
 *
 * Cost: two stack walks, a hash of the addresses, two lookups and an atomic addition for each sample.
 *
 * Caveats
 *   - A stack that is deeper than 127 functions, or kernel.perf_event_max_stack, is cut at its outer end.
 *   - User stacks are walked by frame pointers.
 *   - The kernel skips a sample that interrupts a BPF program of a kprobe or perf event, or a map operation by user space:
 *     kernel/events/core.c, bpf_overflow_handler()
 *   - A CPU that goes online later is not sampled.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "lib/cgroup.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/stacks.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
/* Count idle CPUs too. */
const volatile bool idle = false;

SEC("perf_event")
int cpu_clock__tracepoint(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct stack_key key = { .pid = id >> 32 };
	__u32 tid = id;

	/* The idle tasks all have id 0. */
	if (!tid && !idle)
		return 0;
	if (filter_tid && tid != filter_tid)
		return 0;
	if (!current_passes_filters())
		return 0;
	key.hash = current_stack(ctx, key.pid);
	key.cgroup_id = current_cgroup_id();
	key.uid = current_uid();
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	count_stack(&key, 0);
	return 0;
}
