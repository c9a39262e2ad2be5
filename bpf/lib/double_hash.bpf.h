/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Double buffering: two hashes of counters, of which programs fill one while user space reads the other.
 *
 * A program looks an element up and adds to it some nanoseconds later. If user space deletes the element in between, the addition is
 * lost without a trace, or goes to the key that the element is reused for. So user space switches to the other hash at the end of
 * an interval, reads the first one and keeps its elements until the end of the next interval, when no program holds one of them. What
 * was added in the meantime is counted then (src/tools/lib/double_hash.ts).
 */
#ifndef KTOP_DOUBLE_HASH_BPF_H
#define KTOP_DOUBLE_HASH_BPF_H

#include "vmlinux.h"

#include "maps.bpf.h"

/* Which hash of a pair is filled: 0 or 1. User space writes it. */
volatile __u32 filled_hash = 0;

/* `entries` each. */
#define DOUBLE_HASH(name, entries, key_type, value_type)                                                            \
	HASH(name##_0, entries, key_type, value_type);                                                              \
	HASH(name##_1, entries, key_type, value_type)

/* The hash of a DOUBLE_HASH() that is filled now. */
#define FILLED(name) (filled_hash ? (void *)&name##_1 : (void *)&name##_0)

#endif
