/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The counters of readpath: each function in total, and by the stacks that lead to it. */
#ifndef KTOP_READPATH_COUNTS_BPF_H
#define KTOP_READPATH_COUNTS_BPF_H

#include "lib/maps.bpf.h"
#include "readpath.h"

PER_CPU_ARRAY(counts, READPATH_FUNCTIONS, struct readpath_counts);

HASH(stacks, 4096, struct readpath_stack_key, struct readpath_stack);

STACK_TRACES(stack_traces, 2048, 40);

/* Counts a function, or the outcome of a read. */
static __always_inline void count(__u32 function, __u64 time_ns)
{
	struct readpath_counts *own = bpf_map_lookup_elem(&counts, &function);

	if (own) {
		ADD(own->calls, 1);
		/* clang turns an addition of 0 into a fetching atomic, which needs 5.12. */
		if (time_ns)
			ADD(own->time_ns, time_ns);
	}
}

/* Counts a function by the stack that leads to it. */
static __noinline void count_stack(__u32 function, __s32 stack, __u64 self_ns)
{
	struct readpath_stack_key key = { .function = function, .stack = stack < 0 ? -1 : stack };
	struct readpath_stack empty = {};
	struct readpath_stack *counted = find_or_insert(&stacks, &key, &empty);

	if (!counted)
		return;
	ADD(counted->calls, 1);
	if (self_ns)
		ADD(counted->self_ns, self_ns);
}

#endif
