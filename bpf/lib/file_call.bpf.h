/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Calls on files, timed from their start to their end: what the programs at the start leave for those at the end.
 *
 * Keyed by thread and operation, so that a call inside another (the fsync of a synchronous write) does not take its
 * place. A start whose end was skipped is found by the thread's next call of that kind, and counted as lost.
 */
#ifndef KTOP_FILE_CALL_BPF_H
#define KTOP_FILE_CALL_BPF_H

#include "compat.bpf.h"
#include "filter.bpf.h"
#include "maps.bpf.h"
#include "syscall.bpf.h"

struct call_key {
	__u32 operation;
	__u32 tid;
};

/* A call that has begun. The inode tells whether the file is still the same when the call has ended. */
struct file_call {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 start_ns;
	/* NULL: not known before the end (open). */
	struct file *file;
	__u64 inode;
	/* Where in the file it begins, bytes; UNKNOWN_OFFSET where that has no meaning. */
	__s64 offset;
};

#define UNKNOWN_OFFSET (-1)

/* include/uapi/asm-generic/fcntl.h; the same on x86 and arm64 */
#define O_APPEND 02000

/* Elements of 48 + 8 + 32 bytes, allocated at once: 1.1 MB with the buckets. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct call_key);
	__type(value, struct file_call);
} calls SEC(".maps");

/* A call of the current task that is not to be followed begins: its exit is not to find the start of another one. */
static __always_inline void forget_call(__u32 operation)
{
	struct call_key key = { .operation = operation, .tid = bpf_get_current_pid_tgid() };

	/* The exit of the call before was skipped. */
	if (bpf_map_lookup_elem(&calls, &key) && !bpf_map_delete_elem(&calls, &key))
		lose_key();
}

/* A call of the current task, which passed the filters, begins. */
static __noinline void begin_call(__u32 operation, struct file *file, __s64 offset)
{
	struct call_key key = { .operation = operation, .tid = bpf_get_current_pid_tgid() };
	struct file_call call = { .file = file, .offset = offset };

	if (file)
		call.inode = BPF_CORE_READ(file, f_inode, i_ino);
	call.start_ns = bpf_ktime_get_ns();
	if (!bpf_map_update_elem(&calls, &key, &call, BPF_NOEXIST))
		return;
	/* The exit of the call before was skipped, this call is made inside one of the same kind, or the map is full. */
	lose_key();
	bpf_map_update_elem(&calls, &key, &call, BPF_ANY);
}

/* A call ends. False: its start was not seen. `call` is then undefined. */
static __always_inline bool end_call(__u32 operation, struct file_call *call)
{
	struct call_key key = { .operation = operation, .tid = bpf_get_current_pid_tgid() };
	struct file_call *found = bpf_map_lookup_elem(&calls, &key);

	if (!found)
		return false;
	*call = *found;
	bpf_map_delete_elem(&calls, &key);
	return true;
}

/* Whether the file of a call that has ended is still the one of its start; else the memory was used anew, and the call is lost. */
static __always_inline bool same_file(const struct file_call *call)
{
	struct file *file = call->file;

	if (file && BPF_CORE_READ(file, f_inode, i_ino) == call->inode)
		return true;
	lose_key();
	return false;
}

/* Where a write to `file` begins: at the end of a file opened with O_APPEND, else at `position`. */
static __always_inline __s64 write_offset(struct file *file, __s64 position)
{
	return BPF_CORE_READ(file, f_flags) & O_APPEND ? BPF_CORE_READ(file, f_inode, i_size) : position;
}

#endif
