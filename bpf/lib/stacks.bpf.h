/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Counts by stack.
 *
 * An element of `counts` holds a hash of the addresses, not the addresses: these go through the ring buffer once for each
 * element, so that kernel memory is bounded by small elements. User space keeps the addresses as long as the element exists, and
 * deletes elements to which nothing was added in an interval. Counters are never reset.
 *
 * Maps
 *   counts   hash, 16384: stack, process, thread, name -> count and time. Elements of 48 + 32 + 24 bytes: 1.8 MB with the buckets
 *   missed   per-CPU array, 1: what found no room in `counts`
 *   scratch  per-CPU array, 1: the stack of the current task, 2 kB
 *   events   ring buffer, 256 KiB: records of stacks
 *
 * Losses: what found no room in `counts` is added to `missed` and counted as a lost key; a record that found no room in the ring
 * buffer is counted as a lost event, and is written with the next sample of its element.
 */
#ifndef KTOP_STACKS_BPF_H
#define KTOP_STACKS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "emit.bpf.h"
#include "maps.bpf.h"
#include "stacks.h"

/* Which stacks are walked. */
const volatile bool kernel_stacks = true;
const volatile bool user_stacks = true;

/* Addresses of a stack: the default of kernel.perf_event_max_stack. */
#define STACK_FRAMES 127
#define STACK_BYTES (STACK_FRAMES * sizeof(__u64))

HASH(counts, 16384, struct stack_key, struct stack_counts);

ONE_PER_CPU(missed, struct stack_missed);

EVENTS(256 * 1024, struct stack_record);

struct scratch_stack {
	struct stack_record record;
	/* Room for both stacks; a power of two, which the verifier needs to see that the second one fits. */
	__u64 frames[256];
};

ONE_PER_CPU(scratch, struct scratch_stack);

static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

/* Hash of the first `count` frames. Not inlined, so that the verifier checks the loop once. */
static __noinline __u64 hash_frames(struct scratch_stack *stack, __u32 count, __u64 hash)
{
	if (!stack)
		return 0;
	for (int i = 0; i < 2 * STACK_FRAMES; i++) {
		if (i >= count)
			break;
		hash = mix(hash, stack->frames[i]);
	}
	return hash;
}

/* Bytes that bpf_get_stack() wrote, in the range that the verifier accepts as an offset; 0 if it failed. */
static __always_inline __u64 stack_bytes(long result)
{
	__u64 bytes = result > 0 ? result : 0;

	asm volatile("" : "+r"(bytes));
	return bytes & 0x3f8;
}

/*
 * The stack of the current task; NULL: never in practice. `context`: the program's argument, which the helper accepts only if the
 * function is inlined.
 */
static __always_inline struct scratch_stack *current_stack(void *context, __u32 pid)
{
	struct scratch_stack *stack = only_entry(&scratch);
	__u64 kernel = 0, user = 0;

	if (!stack)
		return 0;
	if (kernel_stacks)
		kernel = stack_bytes(bpf_get_stack(context, stack->frames, STACK_BYTES, 0));
	if (user_stacks)
		user = stack_bytes(bpf_get_stack(context, (void *)stack->frames + kernel, STACK_BYTES, BPF_F_USER_STACK));
	stack->record.pid = pid;
	stack->record.kernel_frames = kernel / sizeof(__u64);
	stack->record.user_frames = user / sizeof(__u64);
	stack->record.hash = hash_frames(stack, (kernel + user) / sizeof(__u64), kernel);
	return stack;
}

/* Writes the addresses of the element's stack, unless user space has them. */
static __always_inline void send_stack(struct scratch_stack *stack, struct stack_counts *counts)
{
	__u64 frames = stack->record.kernel_frames + stack->record.user_frames;
	__u64 size = sizeof(stack->record) + frames * sizeof(__u64);

	if (counts->sent)
		return;
	asm volatile("" : "+r"(size));
	if (size > sizeof(*stack))
		size = sizeof(*stack);
	if (bpf_ringbuf_output(&events, stack, size, 0))
		count_lost_event();
	else
		counts->sent = 1;
}

/* The element of a stack; NULL: the map is full. */
static __always_inline struct stack_counts *counts_of(const struct stack_key *key)
{
	struct stack_counts *found = bpf_map_lookup_elem(&counts, key);
	struct stack_counts none = {};

	if (found)
		return found;
	bpf_map_update_elem(&counts, key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&counts, key);
}

static __always_inline void count_missed(__u64 time_ns)
{
	struct stack_missed *all = only_entry(&missed);

	count_lost_key();
	if (!all)
		return;
	ADD(all->count, 1);
	ADD(all->time_ns, time_ns);
}

#endif
