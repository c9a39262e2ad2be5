/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Double buffering: programs write counters to one of two hashes while user space reads the other.
 *
 * A program looks an element up and adds to it some nanoseconds later. If user space deletes the element in between, the addition is
 * lost without a trace, or goes to the key that the element is reused for. So user space switches to the other hash at the end of
 * an interval, reads the first one, and deletes its elements an interval later, when no program holds a pointer to one any more. What
 * was added after the read is counted in that later interval (src/tools/lib/double_hash.ts).
 */
#ifndef KTOP_DOUBLE_HASH_BPF_H
#define KTOP_DOUBLE_HASH_BPF_H

#include "vmlinux.h"

#include "maps.bpf.h"

/* Which hash of a pair programs write to: 0 or 1. User space sets it. */
volatile __u32 active_hash = 0;

/* `entries` each. */
#define DOUBLE_HASH(name, entries, key_type, value_type)                                                            \
	HASH(name##_0, entries, key_type, value_type);                                                              \
	HASH(name##_1, entries, key_type, value_type)

/* The hash of a DOUBLE_HASH() that programs write to now. */
#define ACTIVE(name) (active_hash ? (void *)&name##_1 : (void *)&name##_0)

#endif
