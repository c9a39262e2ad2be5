// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dcstat: lookups in the directory entry cache and how many of them missed.
 *
 * Hooks by tier
 *   fentry  entry of lookup_fast; exit of d_lookup, __d_lookup_rcu and __d_lookup
 *   kprobe  the same by kprobe and kretprobe. Some kernels have lookup_fast only as lookup_fast.constprop.N or .isra.N,
 *           which fentry cannot name
 *   No tracepoint reports these lookups.
 *   refs, slow and miss are BCC's counters: lookup_fast calls, d_lookup calls and their failures. A lookup that misses in
 *   RCU-walk and goes on to d_alloc_parallel never passes d_lookup, so they understate misses; the others do not.
 *
 * Maps
 *   counts  per-CPU array, 1: dcstat_counts
 *
 * Cost: one array lookup and one or two atomic additions a call, on a hot path: each component of each path.
 *
 * Caveats
 *   - A name that is not in the cache is looked up twice in RCU-walk, by lookup_fast and by d_alloc_parallel: both count
 *     in rcu_refs and rcu_miss. d_lookup calls __d_lookup: ref_refs includes those calls. An open looks such a name up once
 *     more, by the d_lookup of lookup_open.
 *   - "." and ".." are references that need no lookup.
 *   - kprobe: a kretprobe serves a bounded number of callers at once; beyond it the kernel skips the exit.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "dcstat.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

ONE_PER_CPU(counts, struct dcstat_counts);

/* Counts a call in `calls`, and in `misses` if it `found` no dentry. */
#define COUNT_LOOKUP(calls, misses, found)                                                                          \
	({                                                                                                          \
		struct dcstat_counts *own = current_wanted() ? only_entry(&counts) : 0;                             \
                                                                                                                    \
		if (own) {                                                                                          \
			ADD(own->calls, 1);                                                                         \
			if (!(found))                                                                               \
				ADD(own->misses, 1);                                                                \
		}                                                                                                   \
	})

static __always_inline void count_reference(void)
{
	struct dcstat_counts *own = current_wanted() ? only_entry(&counts) : 0;

	if (own)
		ADD(own->refs, 1);
}

SEC("fentry/lookup_fast")
int lookup_fast_enter__fentry(void *ctx)
{
	count_reference();
	return 0;
}

SEC("kprobe/lookup_fast")
int lookup_fast_enter__kprobe(void *ctx)
{
	count_reference();
	return 0;
}

SEC("fexit/d_lookup")
int BPF_PROG(d_lookup_exit__fentry, void *parent, void *name, __u64 found)
{
	COUNT_LOOKUP(slow, miss, found);
	return 0;
}

SEC("kretprobe/d_lookup")
int BPF_KRETPROBE(d_lookup_exit__kprobe, __u64 found)
{
	COUNT_LOOKUP(slow, miss, found);
	return 0;
}

SEC("fexit/__d_lookup_rcu")
int BPF_PROG(__d_lookup_rcu_exit__fentry, void *parent, void *name, void *seq, __u64 found)
{
	COUNT_LOOKUP(rcu_refs, rcu_miss, found);
	return 0;
}

SEC("kretprobe/__d_lookup_rcu")
int BPF_KRETPROBE(__d_lookup_rcu_exit__kprobe, __u64 found)
{
	COUNT_LOOKUP(rcu_refs, rcu_miss, found);
	return 0;
}

SEC("fexit/__d_lookup")
int BPF_PROG(__d_lookup_exit__fentry, void *parent, void *name, __u64 found)
{
	COUNT_LOOKUP(ref_refs, ref_miss, found);
	return 0;
}

SEC("kretprobe/__d_lookup")
int BPF_KRETPROBE(__d_lookup_exit__kprobe, __u64 found)
{
	COUNT_LOOKUP(ref_refs, ref_miss, found);
	return 0;
}
