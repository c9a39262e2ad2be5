/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How maps are declared, and the lookups that several tools share. Other kinds are declared where they are used:
 * EVENTS() in emit.bpf.h, IN_FLIGHT() in in_flight.bpf.h.
 *
 * Elements of hash maps are allocated when the map is created: 48 bytes, the key and the value each.
 */
#ifndef KTOP_MAPS_BPF_H
#define KTOP_MAPS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "losses.bpf.h"

#define KEYED_MAP(map_type, name, entries, key_type, value_type)                                                    \
	struct {                                                                                                    \
		__uint(type, map_type);                                                                             \
		__uint(max_entries, entries);                                                                       \
		__type(key, key_type);                                                                              \
		__type(value, value_type);                                                                          \
	} name SEC(".maps")

#define HASH(name, entries, key_type, value_type) KEYED_MAP(BPF_MAP_TYPE_HASH, name, entries, key_type, value_type)

/* A hash that evicts the least recently used element when it is full. */
#define LRU_HASH(name, entries, key_type, value_type)                                                               \
	KEYED_MAP(BPF_MAP_TYPE_LRU_HASH, name, entries, key_type, value_type)

#define PER_CPU_HASH(name, entries, key_type, value_type)                                                           \
	KEYED_MAP(BPF_MAP_TYPE_PERCPU_HASH, name, entries, key_type, value_type)

#define PER_CPU_ARRAY(name, entries, value_type)                                                                    \
	KEYED_MAP(BPF_MAP_TYPE_PERCPU_ARRAY, name, entries, __u32, value_type)

/* A per-CPU array with one entry, which only_entry() finds. */
#define ONE_PER_CPU(name, value_type) PER_CPU_ARRAY(name, 1, value_type)

#define QUEUE(name, entries, value_type)                                                                            \
	struct {                                                                                                    \
		__uint(type, BPF_MAP_TYPE_QUEUE);                                                                   \
		__uint(max_entries, entries);                                                                       \
		__type(value, value_type);                                                                          \
	} name SEC(".maps")

/* One program, for a tail call. */
#define PROGRAM_ARRAY(name) KEYED_MAP(BPF_MAP_TYPE_PROG_ARRAY, name, 1, __u32, __u32)

/* Kernel stacks of at most `depth` functions, for bpf_get_stackid(). */
#define STACK_TRACES(name, entries, depth)                                                                          \
	struct {                                                                                                    \
		__uint(type, BPF_MAP_TYPE_STACK_TRACE);                                                             \
		__uint(max_entries, entries);                                                                       \
		__uint(key_size, sizeof(__u32));                                                                    \
		__uint(value_size, (depth) * sizeof(__u64));                                                        \
	} name SEC(".maps")

/* The entry of a ONE_PER_CPU() map. Never NULL in practice; the verifier requires the check. */
static __always_inline void *only_entry(void *map)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(map, &zero);
}

/*
 * Inserts the first value of a key, which already counts the current event. Returns the value that another CPU inserted first, which
 * must then count the event instead; NULL: nothing is left to do (a full map is counted as a loss).
 */
static __always_inline void *insert_first(void *map, const void *key, const void *first)
{
	void *other;

	if (!bpf_map_update_elem(map, key, first, BPF_NOEXIST))
		return 0;
	other = bpf_map_lookup_elem(map, key);
	if (!other)
		count_lost_key();
	return other;
}

/* The value of a key in a map, inserted as `empty` if absent. NULL: the map is full. */
static __always_inline void *find_or_insert(void *map, const void *key, const void *empty)
{
	void *value = bpf_map_lookup_elem(map, key);

	if (value)
		return value;
	/* Fails if another CPU is faster; the lookup then finds its element. */
	bpf_map_update_elem(map, key, empty, BPF_NOEXIST);
	value = bpf_map_lookup_elem(map, key);
	if (!value)
		count_lost_key();
	return value;
}

#endif
