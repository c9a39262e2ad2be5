/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Records that end in strings. They are built in a per-CPU scratch area: a fixed struct, followed by the strings, each
 * with its NUL, in STRINGS_BYTES bytes. The ring buffer gets a copy of the bytes that were written.
 */
#ifndef KTOP_STRINGS_BPF_H
#define KTOP_STRINGS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "limits.bpf.h"
#include "maps.bpf.h"

/* Offsets at which a string may start: a power of two. A program may define another before it includes this header. */
#ifndef STRING_OFFSETS
#define STRING_OFFSETS 8192
#endif
/* Longer strings are cut. */
#define STRING_BYTES PATH_BYTES
/* Room for all strings: the last one may start anywhere below STRING_OFFSETS. */
#define STRINGS_BYTES (STRING_OFFSETS + STRING_BYTES)

/*
 * The map `scratch`: the areas of each CPU in which records are built, for claim_scratch(). The first members of `record_type` are
 * `__u32 users` and `__u32 area`.
 */
#define SCRATCH_AREAS 2
#define SCRATCH(record_type) PER_CPU_ARRAY(scratch, SCRATCH_AREAS, record_type)

/*
 * The same for a tool that builds records only with an option: the areas of all CPUs in one array, which user space makes
 * SCRATCH_AREAS × CPUs long with the option (src/tools/lib/full_path.ts). For claim_cpu_scratch().
 */
#define CPU_SCRATCH(record_type) KEYED_MAP(BPF_MAP_TYPE_ARRAY, scratch, 1, __u32, record_type)

/*
 * Whether another program of the tool may run on this CPU while one builds a record: kernel/bpf/trampoline.c lets fentry and fexit
 * programs be preempted. Tracepoints and kprobes switch preemption off.
 */
const volatile bool preemptible = false;

/* An unused area of those from `first`; NULL: none, and the event is counted as lost. */
static __always_inline void *claim_area(void *map, __u32 first)
{
	for (__u32 area = 0; area < SCRATCH_AREAS; area++) {
		__u32 key = first + area;
		volatile __u32 *users = bpf_map_lookup_elem(map, &key);

		if (!users)
			break;
		if (!preemptible) {
			users[1] = key;
			return (void *)users;
		}
		/* An atomic that returns the new value needs 5.12. If two programs both read 2, both try the next area. */
		ADD(*users, 1);
		if (*users == 1) {
			users[1] = key;
			return (void *)users;
		}
		ADD(*users, -1);
	}
	count_lost_event();
	return 0;
}

/* An unused area of this CPU in a SCRATCH() map; NULL as above. Pair with release_scratch(). */
static __always_inline void *claim_scratch(void *map)
{
	return claim_area(map, 0);
}

/* The same in a CPU_SCRATCH() map. */
static __always_inline void *claim_cpu_scratch(void *map)
{
	return claim_area(map, bpf_get_smp_processor_id() * SCRATCH_AREAS);
}

static __always_inline void release_scratch(__u32 *users)
{
	if (preemptible)
		ADD(*users, -1);
}

/*
 * Appends a string from the current process's memory. `used`: bytes written so far. Returns the new total, unchanged if
 * there is no room, or if the string cannot be read (NULL, or its page is not in memory).
 */
static __always_inline __u32 append_user_string(char *strings, __u32 used, const void *from)
{
	long length;

	if (used >= STRING_OFFSETS)
		return used;
	length = user_string_size(bpf_probe_read_user_str(strings + (used & (STRING_OFFSETS - 1)), STRING_BYTES, from));
	return length > 0 ? used + (__u32)length : used;
}

/* The same for a string in kernel memory, of at most `size` bytes, a constant. */
static __always_inline __u32 append_kernel_string(char *strings, __u32 used, const __u32 size, const void *from)
{
	long length;

	if (used >= STRING_OFFSETS)
		return used;
	length = bpf_probe_read_kernel_str(strings + (used & (STRING_OFFSETS - 1)), size, from);
	return length > 0 ? used + (__u32)length : used;
}

/* Whether a string of the current process did not fit. `size`: its bytes that were appended, `from`: its address. */
static __always_inline bool is_cut(__u32 size, const void *from)
{
	char last = 0;

	return size == STRING_BYTES && !bpf_probe_read_user(&last, sizeof(last), from + STRING_BYTES - 1) && last;
}

/* Writes a record to the ring: `head` bytes, a constant, and `used` bytes of strings. False: it is lost. */
static __always_inline bool output_strings(void *ring, void *record, const __u32 head, __u32 used)
{
	return output_event(ring, record, (__u64)head + used, head + STRINGS_BYTES);
}

#endif
