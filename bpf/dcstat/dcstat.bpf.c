// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dcstat: lookups in the directory entry cache and how many of them missed.
 *
 * Hooks by tier
 *   fentry  entry of lookup_fast; exit of d_lookup, __d_lookup_rcu and __d_lookup
 *   kprobe  the same with kprobe and kretprobe. Some kernels have lookup_fast only as lookup_fast.constprop.N or .isra.N, a name
 *           that fentry cannot use
 *   No tracepoint reports these lookups.
 *   refs, slow and miss are BCC's counters: lookup_fast calls, d_lookup calls and their failures. They understate misses, because
 *   a lookup that misses in RCU-walk and goes on to d_alloc_parallel does not call d_lookup. The other counters include it.
 *
 * Maps
 *   counts  per-CPU array, 1: struct dcstat_counts
 *
 * Cost: one array lookup and one or two atomic additions per call. The path is hot: it runs for each component of each path.
 *
 * Caveats
 *   - A name that is not in the cache is looked up twice in RCU-walk, by lookup_fast and by d_alloc_parallel: both count in
 *     rcu_refs and rcu_miss. d_lookup calls __d_lookup: ref_refs includes those calls. An open looks such a name up once more, in
 *     the d_lookup of lookup_open.
 *   - "." and ".." count in refs but need no lookup.
 *   - kprobe: a kretprobe traces a bounded number of callers at once; above it the kernel skips the exit, and the call is not
 *     counted.
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

/* The counters of this CPU; NULL: the current task is filtered out. */
static __always_inline struct dcstat_counts *counts_of_current(void)
{
	return current_passes_filters() ? only_entry(&counts) : 0;
}

static __always_inline int count_reference(void)
{
	struct dcstat_counts *own = counts_of_current();

	if (own)
		ADD(own->refs, 1);
	return 0;
}

SEC("fentry/lookup_fast")
int lookup_fast_enter__fentry(void *ctx)
{
	return count_reference();
}

SEC("kprobe/lookup_fast")
int lookup_fast_enter__kprobe(void *ctx)
{
	return count_reference();
}

/* Counts calls of a function in the member `calls`, and in `misses` if it found no dentry. `...`: its arguments. */
#define COUNT_LOOKUP(name, calls, misses, ...)                                                                      \
	static __always_inline int count_##name(__u64 found)                                                        \
	{                                                                                                           \
		struct dcstat_counts *own = counts_of_current();                                                    \
                                                                                                                    \
		if (own) {                                                                                          \
			ADD(own->calls, 1);                                                                         \
			if (!found)                                                                                 \
				ADD(own->misses, 1);                                                                \
		}                                                                                                   \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, __VA_ARGS__, __u64 found)                                                 \
	{                                                                                                           \
		return count_##name(found);                                                                         \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, __u64 found)                                                         \
	{                                                                                                           \
		return count_##name(found);                                                                         \
	}

COUNT_LOOKUP(d_lookup, slow, miss, void *parent, void *name)
COUNT_LOOKUP(__d_lookup_rcu, rcu_refs, rcu_miss, void *parent, void *name, void *seq)
COUNT_LOOKUP(__d_lookup, ref_refs, ref_miss, void *parent, void *name)
