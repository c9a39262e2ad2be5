/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Memory for a record that is too large for the stack, in programs that another task may preempt: those on kernel functions
 * (fentry, fexit). Programs on tracepoints run without preemption and use ONE_PER_CPU() instead.
 *
 * Each CPU has a few slots. A task stays on its CPU while its program runs, and a task that preempts it takes the next slot.
 */
#ifndef KTOP_SCRATCH_BPF_H
#define KTOP_SCRATCH_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "losses.bpf.h"
#include "maps.bpf.h"

#define SCRATCH_SLOTS 4

/* `value_type` starts with a __u32, the number of tasks that use the slot or try to. */
#define SCRATCH(name, value_type) PER_CPU_ARRAY(name, SCRATCH_SLOTS, value_type)

/*
 * A free slot of this CPU; NULL, and a lost event, if there is none. Two tasks that try to take one at the same time may both leave
 * it. No atomic compare-and-swap: it needs 5.12.
 */
static __always_inline void *take_scratch(void *map)
{
	for (__u32 i = 0; i < SCRATCH_SLOTS; i++) {
		__u32 slot = i;
		volatile __u32 *users = bpf_map_lookup_elem(map, &slot);

		if (!users)
			break;
		ADD(*users, 1);
		if (*users == 1)
			return (void *)users;
		ADD(*users, -1);
	}
	count_lost_event();
	return 0;
}

static __always_inline void release_scratch(__u32 *users)
{
	ADD(*users, -1);
}

#endif
