/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The last component of a path that a program passed to a system call.
 */
#ifndef KTOP_USER_PATH_BPF_H
#define KTOP_USER_PATH_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "limits.bpf.h"

/*
 * Copies the last NAME_BYTES bytes of a path, NUL included, into `tail`; a last component of NAME_MAX bytes fits in them. Skips ahead in steps of
 * NAME_BYTES - 1, then reads the tail again. Returns its address; 0: not readable.
 */
static __always_inline __u64 read_path_tail(char *tail, __u64 path)
{
	long length = bpf_probe_read_user_str(tail, NAME_BYTES, (void *)path);
	__u64 at = path;

	for (int i = 0; length == NAME_BYTES && i <= PATH_BYTES / NAME_BYTES; i++) {
		at += NAME_BYTES - 1;
		length = bpf_probe_read_user_str(tail, NAME_BYTES, (void *)at);
	}
	if (length > 0 && at != path) {
		at += length - NAME_BYTES;
		length = bpf_probe_read_user_str(tail, NAME_BYTES, (void *)at);
	}
	return length > 0 ? at : 0;
}

/* Bits of a user-space address; the bits above hold a length. x86-64 with five page-table levels has 56, arm64 52. */
#define ADDRESS_BITS 56

/*
 * Finds the last component of a path, including trailing slashes. Call it when the system call returns: the kernel has then
 * touched the memory. Not static: the verifier then checks it once, instead of once for each caller and each offset at which the
 * name may start.
 *
 * Returns its address in the program's memory and, above ADDRESS_BITS, its length in bytes without the NUL; 0: not readable. The
 * length of a longer component than NAME_MAX, which fills the tail, is 0: a comparison here would make the verifier check the
 * loop for each start of the name.
 */
__attribute__((noinline)) __u64 find_last_component(__u64 path)
{
	char tail[NAME_BYTES] = {};
	__u64 tail_address = read_path_tail(tail, path);
	__u32 start = 0, i;
	char previous = '/';

	if (!tail_address)
		return 0;
	for (i = 0; i < NAME_BYTES - 1; i++) {
		char byte = tail[i];

		if (!byte)
			break;
		if (byte != '/' && previous == '/')
			start = i;
		previous = byte;
	}
	return (tail_address + start) | (__u64)(i - start) << ADDRESS_BITS;
}

/* The parts of a last_component(). */
static __always_inline __u64 component_address(__u64 component)
{
	return component & ((1ULL << ADDRESS_BITS) - 1);
}

static __always_inline __u32 component_length(__u64 component)
{
	return component >> ADDRESS_BITS;
}

/* As find_last_component(); 0: not readable, or longer than NAME_MAX. */
static __always_inline __u64 last_component(__u64 path)
{
	__u64 component = find_last_component(path);

	return component_length(component) ? component : 0;
}

#endif
