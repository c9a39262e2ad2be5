/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Calls on files, timed from start to end (in_flight.bpf.h).
 *
 * Map
 *   calls  hash, 10240: struct thread_call (operation, thread id) -> struct file_call: 1.1 MB
 */
#ifndef KTOP_FILE_CALL_BPF_H
#define KTOP_FILE_CALL_BPF_H

#include "file.bpf.h"
#include "in_flight.bpf.h"

struct file_call {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 start_ns;
	struct file_ref ref;
	/* File offset at which it starts, bytes; NO_OFFSET if it has none. */
	__s64 offset;
};

#define NO_OFFSET (-1)

/* include/uapi/asm-generic/fcntl.h; the same on x86 and arm64 */
#define O_APPEND 02000

IN_FLIGHT(calls, 10240, struct thread_call, struct file_call);

/* Call this at the start of a call of the current thread that is not traced. */
static __always_inline void skip_call(__u32 operation)
{
	struct thread_call key = current_call(operation);

	discard_stale(&calls, &key);
}

/* A call of the current thread, which passed the filters, starts. `file`: NULL if it is known only at the end (open). */
static __noinline void begin_call(__u32 operation, struct file *file, __s64 offset)
{
	struct thread_call key = current_call(operation);
	struct file_call call = { .ref = file_ref(file), .offset = offset };

	call.start_ns = bpf_ktime_get_ns();
	begin_in_flight(&calls, &key, &call);
}

/* A call ends. False: its start was not seen, and `call` is undefined. */
static __always_inline bool end_call(__u32 operation, struct file_call *call)
{
	struct thread_call key = current_call(operation);
	struct file_call *found = find_in_flight(&calls, &key);

	if (!found)
		return false;
	*call = *found;
	end_in_flight(&calls, &key);
	return true;
}

/* Where a write to `file` starts: at the end of a file opened with O_APPEND, else at `position`. */
static __always_inline __s64 write_offset(struct file *file, __s64 position)
{
	return BPF_CORE_READ(file, f_flags) & O_APPEND ? BPF_CORE_READ(file, f_inode, i_size) : position;
}

#endif
