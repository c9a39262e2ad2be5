/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The calls in flight, each with the functions that it is in, and what is known about its outcome.
 */
#ifndef KTOP_READPATH_CALLS_BPF_H
#define KTOP_READPATH_CALLS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "lib/in_flight.bpf.h"
#include "lib/losses.bpf.h"
#include "counts.bpf.h"
#include "open_outcome.bpf.h"
#include "read_outcome.bpf.h"
#include "readpath.h"
#include "write_outcome.bpf.h"

/* enum readpath_call */
const volatile __u32 followed_call = READPATH_CALL_READ;

/* Nested functions of a call, at most. A power of two. */
#define MAX_FRAMES 16

/* A function that a call is in. Times are nanoseconds. */
struct frame {
	__u64 start_ns;
	/* Spent in the functions that it called. */
	__u64 callees_ns;
	__u32 function;
	__s32 stack;
};

struct call {
	__u32 depth;
	/* Of a read; of a write; of an open. */
	struct source source;
	struct target target;
	struct lookup lookup;
	struct frame frames[MAX_FRAMES];
};

IN_FLIGHT(calls, 2048, __u32, struct call);

static __always_inline struct call *current_in_flight(void)
{
	__u32 tid = current_tid();

	return find_in_flight(&calls, &tid);
}

/* A call is too large for the stack of a program. */
static const struct call no_call;

/* A call starts in this function. Returns it, to be judged; NULL: there is no room. */
static __always_inline struct call *begin_call(__u32 function, __s32 stack)
{
	__u32 tid = current_tid();
	struct call *call;

	begin_in_flight(&calls, &tid, &no_call);
	call = find_in_flight(&calls, &tid);
	if (!call)
		return 0;
	call->depth = 1;
	call->frames[0].function = function;
	call->frames[0].stack = stack;
	call->frames[0].start_ns = bpf_ktime_get_ns();
	return call;
}

/* A call starts that is not followed. */
static __always_inline void skip_call(void)
{
	__u32 tid = current_tid();

	discard_stale(&calls, &tid);
}

static __noinline void enter(__u32 function, __s32 stack)
{
	struct call *call = current_in_flight();
	__u32 depth = call ? call->depth : 0;
	struct frame *frame;

	if (!depth)
		return;
	if (followed_call == READPATH_CALL_READ)
		mark_called(&call->source, function);
	else if (function == READPATH_D_ALLOC_PARALLEL)
		call->lookup.missed = true;
	if (depth >= MAX_FRAMES) {
		count_lost_key();
		return;
	}
	frame = &call->frames[depth & (MAX_FRAMES - 1)];
	frame->function = function;
	frame->stack = stack;
	frame->callees_ns = 0;
	frame->start_ns = bpf_ktime_get_ns();
	call->depth = depth + 1;
}

/* Ends the innermost frame of this function. The exits of frames inside it were skipped. */
static __always_inline void leave(struct call *call, __u32 function)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 depth = call->depth;
	struct frame *frame;
	__u64 time_ns;

	for (int i = 0; i < MAX_FRAMES; i++) {
		if (!depth)
			return;
		frame = &call->frames[(depth - 1) & (MAX_FRAMES - 1)];
		if (frame->function == function)
			break;
		depth--;
	}
	if (!depth)
		return;
	if (depth != call->depth)
		count_lost_key();
	call->depth = depth - 1;
	frame = &call->frames[(depth - 1) & (MAX_FRAMES - 1)];
	time_ns = now - frame->start_ns;
	count(function, time_ns);
	count_stack(function, frame->stack, time_ns - frame->callees_ns);
	if (depth > 1)
		call->frames[(depth - 2) & (MAX_FRAMES - 1)].callees_ns += time_ns;
}

static __noinline int exit_from(__u32 function)
{
	struct call *call = current_in_flight();

	if (call)
		leave(call, function);
	return 0;
}

/* A call ends with this result. */
static __noinline int end_call(__s64 ret)
{
	__u32 tid = current_tid();
	struct call *call = find_in_flight(&calls, &tid);
	__u32 outcome;

	if (!call)
		return 0;
	if (followed_call == READPATH_CALL_OPEN)
		outcome = open_outcome(&call->lookup, ret);
	else if (followed_call == READPATH_CALL_WRITE)
		outcome = write_outcome(&call->target, ret);
	else
		outcome = read_outcome(&call->source, ret);
	count(outcome, bpf_ktime_get_ns() - call->frames[0].start_ns);
	leave(call, call->frames[0].function);
	end_in_flight(&calls, &tid);
	return 0;
}

#endif
