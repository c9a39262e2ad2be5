/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Records that end in strings. They are put together in a per-CPU scratch area: a fixed struct, and behind it the strings
 * one after another, each with its NUL, in STRINGS bytes. The ring buffer gets a copy that is as long as what was written.
 */
#ifndef KTOP_STRINGS_BPF_H
#define KTOP_STRINGS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"

/* Where strings may begin: a power of two. A program may say another number before it includes this. */
#ifndef STRINGS_MAX
#define STRINGS_MAX 8192
#endif
/* include/uapi/linux/limits.h: the longest path, with its NUL; longer strings are cut */
#define STRING_MAX 4096
/* A name in a directory, with its NUL */
#define NAME_SIZE 256
/* Room for all strings: the last one may begin anywhere. */
#define STRINGS (STRINGS_MAX + STRING_MAX)

/*
 * Appends a string of the current process's memory. `used`: bytes written before. Returns the bytes written now: the
 * same where there is no room, or where the string cannot be read (its page is not in memory, or there is none).
 */
static __always_inline __u32 append_user_string(char *strings, __u32 used, const void *from)
{
	long length;

	if (used >= STRINGS_MAX)
		return used;
	length = user_string_size(bpf_probe_read_user_str(strings + (used & (STRINGS_MAX - 1)), STRING_MAX, from));
	return length > 0 ? used + (__u32)length : used;
}

/* The same for the kernel's memory, of at most `size` bytes, a constant. */
static __always_inline __u32 append_kernel_string(char *strings, __u32 used, const __u32 size, const void *from)
{
	long length;

	if (used >= STRINGS_MAX)
		return used;
	length = bpf_probe_read_kernel_str(strings + (used & (STRINGS_MAX - 1)), size, from);
	return length > 0 ? used + (__u32)length : used;
}

/* Hands a record over: `head` bytes, a constant, and `used` bytes of strings. Returns not 0 where the ring is full. */
static __always_inline long output_strings(void *ring, void *record, const __u32 head, __u32 used)
{
	__u64 size = (__u64)head + used;

	/* Where the verifier sees the comparison: clang would make it of another register. */
	asm volatile("" : "+r"(size));
	if (size > head + STRINGS)
		size = head + STRINGS;
	return bpf_ringbuf_output(ring, record, size, 0);
}

#endif
