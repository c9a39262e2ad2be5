/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Counts by stack.
 *
 * Keys hold a hash of the addresses. The addresses go through the ring buffer once for each stack of a process, so that kernel
 * memory is bounded by small elements. User space keeps them, and decides which stacks it drops (src/tools/lib/stack_counts.ts).
 *
 * Maps
 *   counts   two hashes, 10240 each: struct stack_key -> struct stack_counts. Elements of 48 + 48 + 16 bytes: 2.8 MB with the buckets
 *   missed   per-CPU array, 1: struct stack_counts since the object was loaded, of what found no room in `counts`
 *   sent     hash, 16384: struct stack_id of the stacks that user space has. Elements of 48 + 16 + 8 bytes: 1.3 MB with the buckets
 *   scratch  per-CPU array, 1: the stack of the current task, 2 kB
 *   events   ring buffer, 256 KiB: records of stacks
 *
 * Losses: what found no room in `counts` is counted in `missed`, and as a lost key. A record that found no room in the ring buffer
 * is counted as a lost event, and is written when the stack is seen again. A stack that found no room in `sent` is written each time.
 */
#ifndef KTOP_STACKS_BPF_H
#define KTOP_STACKS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "double_hash.bpf.h"
#include "emit.bpf.h"
#include "maps.bpf.h"
#include "stacks.h"

/* Which stacks are walked. */
const volatile bool kernel_stacks = true;
const volatile bool user_stacks = true;

/* Addresses of a stack: the default of kernel.perf_event_max_stack. */
#define STACK_FRAMES 127
#define STACK_BYTES (STACK_FRAMES * sizeof(__u64))

DOUBLE_HASH(counts, 10240, struct stack_key, struct stack_counts);

ONE_PER_CPU(missed, struct stack_counts);

HASH(sent, 16384, struct stack_id, __u64);

EVENTS(256 * 1024, struct stack_record);

struct scratch_stack {
	struct stack_record record;
	/* Room for both stacks; a power of two, by which the verifier sees that the second one fits. */
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

/* Bytes that bpf_get_stack() wrote, in a range that the verifier accepts as an offset; 0 if it failed. */
static __always_inline __u64 stack_bytes(long result)
{
	__u64 bytes = result > 0 ? result : 0;

	asm volatile("" : "+r"(bytes));
	return bytes & 0x3f8;
}

/* Writes the addresses to the ring buffer, unless user space has them. */
static __always_inline void send_stack(struct scratch_stack *stack)
{
	__u64 frames = stack->record.kernel_frames + stack->record.user_frames;
	__u64 size = sizeof(stack->record) + frames * sizeof(__u64), one = 1;
	struct stack_id id = stack->record.id;

	if (bpf_map_lookup_elem(&sent, &id))
		return;
	asm volatile("" : "+r"(size));
	if (size > sizeof(*stack))
		size = sizeof(*stack);
	/* The default wake-up: user space reads the names of a process while it runs. */
	if (bpf_ringbuf_output(&events, stack, size, 0))
		count_lost_event();
	else
		bpf_map_update_elem(&sent, &id, &one, BPF_ANY);
}

/*
 * Sends the stack of the current task, and returns its hash. `context`: the program's argument, which the helper accepts only if
 * the function is inlined.
 */
static __always_inline __u64 current_stack(void *context, __u32 pid)
{
	struct scratch_stack *stack = only_entry(&scratch);
	__u64 kernel = 0, user = 0;

	if (!stack)
		return 0;
	if (kernel_stacks)
		kernel = stack_bytes(bpf_get_stack(context, stack->frames, STACK_BYTES, 0));
	if (user_stacks)
		user = stack_bytes(bpf_get_stack(context, (void *)stack->frames + kernel, STACK_BYTES, BPF_F_USER_STACK));
	stack->record.id.hash = hash_frames(stack, (kernel + user) / sizeof(__u64), kernel);
	stack->record.id.pid = pid;
	stack->record.kernel_frames = kernel / sizeof(__u64);
	stack->record.user_frames = user / sizeof(__u64);
	send_stack(stack);
	return stack->record.id.hash;
}

/* Counts one sample, whose time is 0, or one wait. */
static __always_inline void count_stack(const struct stack_key *key, __u64 time_ns)
{
	void *map = ACTIVE(counts);
	struct stack_counts *found = bpf_map_lookup_elem(map, key);
	struct stack_counts first = { .count = 1, .time_ns = time_ns };

	if (!found) {
		if (!bpf_map_update_elem(map, key, &first, BPF_NOEXIST))
			return;
		/* Another CPU inserted it first, or the map is full. */
		found = bpf_map_lookup_elem(map, key);
	}
	if (!found) {
		count_lost_key();
		found = only_entry(&missed);
	}
	if (!found)
		return;
	ADD(found->count, 1);
	/* clang makes of an addition of a constant 0 an instruction that 5.10 does not have. */
	if (time_ns)
		ADD(found->time_ns, time_ns);
}

#endif
