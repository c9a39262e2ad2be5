/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Map helpers and loss counters. Whatever a tool cannot count is counted here, and shown.
 */
#ifndef KTOP_MAPS_BPF_H
#define KTOP_MAPS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* What could not be counted since the object was loaded. User space reads it from the mapped .bss. */
struct losses {
	/* Ring-buffer records that found no room. */
	__u64 events;
	/* Map entries that found no room, and starts that were overwritten before their end was seen. */
	__u64 keys;
};

struct losses lost = {};

/* Adds without losing a concurrent addition. The result is never used: fetching atomics need 5.12. */
#define ADD(counter, amount) ((void)__sync_fetch_and_add(&(counter), (amount)))

static __always_inline void lose_event(void)
{
	ADD(lost.events, 1);
}

static __always_inline void lose_key(void)
{
	ADD(lost.keys, 1);
}

/* The map `events`: a ring buffer of so many bytes. */
#define EVENTS(bytes)                                                                                               \
	struct {                                                                                                    \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                                 \
		__uint(max_entries, bytes);                                                                         \
	} events SEC(".maps")

/* A per-CPU array with one entry, which only_entry() finds. */
#define ONE_PER_CPU(name, entry)                                                                                    \
	struct {                                                                                                    \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                                            \
		__uint(max_entries, 1);                                                                             \
		__type(key, __u32);                                                                                 \
		__type(value, entry);                                                                               \
	} name SEC(".maps")

/* The only entry of a per-CPU array. Never NULL in practice; the verifier wants the check. */
static __always_inline void *only_entry(void *map)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(map, &zero);
}

#endif
