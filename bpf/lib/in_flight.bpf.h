/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Calls in flight: data that the program at a call's start stores for the program at its end.
 *
 * A start is stale when its end was never seen: the kernel skipped the exit (a kretprobe traces a bounded number of callers at
 * once), the filters stopped matching during the call, or its thread ended and the thread id was reused. Every start of a call
 * with the same key discards a stale start, whether the new call is traced or not, so that no end can match the start of
 * another call. The discarded call is counted as a lost key.
 *
 * Filters are checked first, at the start and at the end, so that calls of other threads cost no map access. A thread that stops
 * matching them during a call and matches them again during a later one (moved between cgroups, renamed) is not covered.
 */
#ifndef KTOP_IN_FLIGHT_BPF_H
#define KTOP_IN_FLIGHT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "maps.bpf.h"

#define IN_FLIGHT(name, entries, key_type, start_type) HASH(name, entries, key_type, start_type)

/* A key for calls that can be made inside one another: each function of a thread has its own start. */
struct thread_call {
	/* An enumeration of the tool. */
	__u32 function;
	__u32 tid;
};

static __always_inline struct thread_call current_call(__u32 function)
{
	return (struct thread_call){ .function = function, .tid = bpf_get_current_pid_tgid() };
}

/* The key of calls of which a thread makes one at a time. */
static __always_inline __u32 current_tid(void)
{
	return bpf_get_current_pid_tgid();
}

/* Call this at the start of a call that is not traced: its end must not match a stale start. */
static __always_inline void discard_stale(void *map, const void *key)
{
	/* The lookup is inlined by the JIT; the deletion takes a lock. */
	if (bpf_map_lookup_elem(map, key) && !bpf_map_delete_elem(map, key))
		count_lost_key();
}

static __always_inline void begin_in_flight(void *map, const void *key, const void *start)
{
	if (!bpf_map_update_elem(map, key, start, BPF_NOEXIST))
		return;
	/* A stale start loses the call before; a full map loses this one. */
	count_lost_key();
	bpf_map_update_elem(map, key, start, BPF_ANY);
}

/* Sets a start that may replace an earlier one without a loss. */
static __always_inline void restart_in_flight(void *map, const void *key, const void *start)
{
	if (bpf_map_update_elem(map, key, start, BPF_ANY))
		count_lost_key();
}

/* The start of a call; NULL: it was not seen. Valid until end_in_flight(). */
static __always_inline void *find_in_flight(void *map, const void *key)
{
	return bpf_map_lookup_elem(map, key);
}

static __always_inline void end_in_flight(void *map, const void *key)
{
	bpf_map_delete_elem(map, key);
}

/*
 * Calls that stacked file systems (overlayfs, ecryptfs) repeat for the layer below, which has a smaller s_stack_depth: only the
 * outermost one is traced. First member of the start; the map's key is the thread id.
 */
struct outer_call {
	/* super_block.s_stack_depth of the file system. */
	__u32 depth;
	/* Calls for layers below that have not returned. */
	__u32 inner_calls;
};

/*
 * A call on a file system of this depth starts. True: it is nested in the thread's call in flight, made for a layer below, and is
 * counted there. A start that cannot enclose this call is stale and is discarded.
 */
static __always_inline bool enter_nested_call(void *map, const __u32 *tid, __u32 depth)
{
	struct outer_call *outer = find_in_flight(map, tid);

	if (!outer)
		return false;
	if (outer->depth > depth) {
		outer->inner_calls++;
		return true;
	}
	discard_stale(map, tid);
	return false;
}

/* A call ends. True: it was made for a layer below; the outer call goes on. */
static __always_inline bool leave_nested_call(struct outer_call *outer)
{
	if (!outer->inner_calls)
		return false;
	outer->inner_calls--;
	return true;
}

#endif
