/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What readpath counts: each function as a whole, and by the stacks that lead to it. */
#ifndef KTOP_READPATH_COUNTS_BPF_H
#define KTOP_READPATH_COUNTS_BPF_H

#include "lib/maps.bpf.h"
#include "readpath.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, READPATH_FUNCTIONS);
	__type(key, __u32);
	__type(value, struct readpath_counts);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct readpath_stack_key);
	__type(value, struct readpath_stack);
} stacks SEC(".maps");

#define MAX_STACK 40

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 2048);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_STACK * sizeof(__u64));
} stack_traces SEC(".maps");

/* Counts a function, or what became of a read. */
static __always_inline void count(__u32 function, __u64 time_ns)
{
	struct readpath_counts *own = bpf_map_lookup_elem(&counts, &function);

	if (own) {
		ADD(own->calls, 1);
		/* Of an addition of 0 clang makes a fetching atomic, which needs 5.12. */
		if (time_ns)
			ADD(own->time_ns, time_ns);
	}
}

/* Counts a function by the way to it. */
static __noinline void count_stack(__u32 function, __s32 stack, __u64 self_ns)
{
	struct readpath_stack_key key = { .function = function, .stack = stack < 0 ? -1 : stack };
	struct readpath_stack *known = bpf_map_lookup_elem(&stacks, &key);
	struct readpath_stack first = {};

	if (!known) {
		bpf_map_update_elem(&stacks, &key, &first, BPF_NOEXIST);
		known = bpf_map_lookup_elem(&stacks, &key);
	}
	if (!known) {
		lose_key();
		return;
	}
	ADD(known->calls, 1);
	if (self_ns)
		ADD(known->self_ns, self_ns);
}

#endif
