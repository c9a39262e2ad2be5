// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * opensnoop: each finished open call, with its path, result and flags.
 *
 * Hooks by tier: the end of open, openat, openat2, creat, open_by_handle_at
 *   fentry      fexit programs on __x64_sys_* and, for 32-bit programs, __ia32_*
 *   kprobe      kprobes and kretprobes on the same functions
 *   tracepoint  sys_exit
 *
 * Maps
 *   scratch  per-CPU array, 2: struct record, a record being built, 25 kB per CPU
 *   events   ring buffer, 4 MiB: struct opensnoop_event with strings, variable length
 *   syscalls_in_flight  hash, 4096 on the kprobe tier, else 1: thread id → address of the caller's registers
 *
 * Cost: a call that passes the filters reads one string and writes one record; with full_path each parent directory and mount point
 * costs four reads of kernel memory. On the tracepoint tier every other system call of the machine runs the program up to the check
 * of its number.
 *
 * With dir_on a call walks up from its file, or from where its path starts: dir_filter.bpf.h, dir_path.bpf.h.
 *
 * Caveats
 *   - dir_on: the path of a failed call is compared by its text; failed calls of open_by_handle_at have none.
 *   - The path is the content of the program's memory when the call ends: a program that changes it during the call hides the path
 *     that was opened.
 *   - open_by_handle_at has no path: that of the opened file is shown, and none for a failed call.
 *   - Paths of PATH_MAX or more bytes, with which the call fails, are cut and marked; so is a directory with more than PATH_DEPTH
 *     names and mount points.
 *   - io_uring, the kernel's own opens (exec, nfsd) and, on arm64, 32-bit programs are not seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/dir_filter.bpf.h"
#include "lib/dir_path.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/path.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall.bpf.h"
#include "opensnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
const volatile bool failed_only = false;
/* Only these opens, when filter_flags_on: a bit for each access mode (1 << O_RDONLY), or any of the flags. */
const volatile bool filter_flags_on = false;
const volatile __u32 filter_access = 0;
const volatile __u32 filter_flags = 0;
/* Prefix relative paths with the directory they start at. */
const volatile bool full_path = false;

PATH_RECORD(struct opensnoop_event)

EVENTS(4 * 1024 * 1024, struct opensnoop_event);

/* include/uapi/asm-generic/fcntl.h */
#define O_ACCMODE 3
#define O_WRONLY 01
#define O_CREAT 0100
#define O_TRUNC 01000

/* include/uapi/linux/openat2.h */
struct open_how {
	__u64 flags;
	__u64 mode;
	__u64 resolve;
};

#define RESOLVE_IN_ROOT 0x10

struct open_call {
	/* NULL: opened by handle. */
	const void *path;
	int dirfd;
	/* Absolute paths start at dirfd too. */
	bool in_root;
	bool flags_known;
	__u32 flags;
	__u32 mode;
};

static __always_inline struct open_call openat2_arguments(const struct syscall *call)
{
	struct open_how how = {};
	bool known = !bpf_probe_read_user(&how, sizeof(how), (void *)call->arguments[2]);

	return (struct open_call){
		.path = (void *)call->arguments[1],
		.dirfd = call->arguments[0],
		.in_root = how.resolve & RESOLVE_IN_ROOT,
		.flags_known = known,
		.flags = how.flags,
		.mode = how.mode,
	};
}

static __always_inline struct open_call read_open_call(const struct syscall *call)
{
	switch (call->number) {
	case SYS_OPEN:
		return (struct open_call){
			.path = (void *)call->arguments[0],
			.dirfd = AT_FDCWD,
			.flags_known = true,
			.flags = call->arguments[1],
			.mode = call->arguments[2],
		};
	case SYS_CREAT:
		return (struct open_call){
			.path = (void *)call->arguments[0],
			.dirfd = AT_FDCWD,
			.flags_known = true,
			.flags = O_CREAT | O_WRONLY | O_TRUNC,
			.mode = call->arguments[1],
		};
	case SYS_OPENAT2:
		return openat2_arguments(call);
	case SYS_OPEN_BY_HANDLE_AT:
		return (struct open_call){ .flags_known = true, .flags = call->arguments[2] };
	default:
		return (struct open_call){
			.path = (void *)call->arguments[1],
			.dirfd = call->arguments[0],
			.flags_known = true,
			.flags = call->arguments[2],
			.mode = call->arguments[3],
		};
	}
}

static __always_inline bool thread_passes_filters(void)
{
	if (filter_tid && (__u32)bpf_get_current_pid_tgid() != filter_tid)
		return false;
	return current_passes_filters();
}

static __always_inline bool flags_match(const struct open_call *call)
{
	if (!filter_flags_on)
		return true;
	return call->flags_known && ((filter_access & (1 << (call->flags & O_ACCMODE))) || (call->flags & filter_flags));
}

/* Whether the opened file, or the path of a failed open, passes the filter by directory. */
static __always_inline bool open_passes_dir(const struct open_call *open, long ret)
{
	struct file *file = dir_on && ret >= 0 ? file_from_fd(ret) : 0;

	return file ? file_passes_dir(file) : path_passes_dir(open->dirfd, open->path, open->in_root);
}

static __always_inline void on_open_exit(const struct syscall *call, long ret)
{
	struct opensnoop_event *event;
	struct open_call open;
	struct record *record;
	struct walk *walk;

	if ((failed_only && ret >= 0) || !thread_passes_filters())
		return;
	open = read_open_call(call);
	if (!flags_match(&open) || !open_passes_dir(&open, ret))
		return;
	record = claim_scratch(&scratch);
	if (!record)
		return;
	walk = &record->walk;
	RESET_WALK(record);
	event = &record->event;
	event->path_parts = append_given_path(record->strings, walk, open.path);
	event->time_ns = bpf_ktime_get_ns();
	SET_CURRENT_THREAD(event);
	event->ret = ret;
	event->flags = open.flags;
	event->mode = open.mode;
	event->flags_known = open.flags_known;
	if (call->number == SYS_OPEN_BY_HANDLE_AT) {
		struct file *file = ret >= 0 ? file_from_fd(ret) : 0;

		if (file)
			append_file_path(walk, file);
	} else if (full_path && walk->used > 0 && (record->strings[0] != '/' || open.in_root)) {
		event->path_parts |= PATH_RELATIVE;
		append_directory(walk, open.dirfd);
	}
	event->walked = walk->walked;
	output_strings(&events, event, sizeof(*event), walk->used);
	release_scratch(&record->users);
}

SYSCALL_EXIT(open, SYS_OPEN, on_open_exit)
SYSCALL_EXIT(openat, SYS_OPENAT, on_open_exit)
SYSCALL_EXIT(openat2, SYS_OPENAT2, on_open_exit)
SYSCALL_EXIT(creat, SYS_CREAT, on_open_exit)
SYSCALL_EXIT(open_by_handle_at, SYS_OPEN_BY_HANDLE_AT, on_open_exit)
COMPAT_SYSCALL_EXIT(compat_sys_open, SYS_OPEN, on_open_exit)
COMPAT_SYSCALL_EXIT(compat_sys_openat, SYS_OPENAT, on_open_exit)
COMPAT_SYSCALL_EXIT(sys_openat2, SYS_OPENAT2, on_open_exit)
COMPAT_SYSCALL_EXIT(sys_creat, SYS_CREAT, on_open_exit)
COMPAT_SYSCALL_EXIT(compat_sys_open_by_handle_at, SYS_OPEN_BY_HANDLE_AT, on_open_exit)

SYSCALL_KPROBES(on_open_exit)
REPORTED_SYSCALLS(bool, is_reported_open, false, EVERY_OPEN)
SYS_EXIT_PROGRAM(on_open_exit)
