// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * opensnoop: each finished open call, with its path, result and flags.
 *
 * Hooks by tier
 *   tracepoint  sys_exit of open, openat, openat2, creat, open_by_handle_at. The arguments are still in the registers, and the kernel has just read
 *               the path, so its page is in memory. At sys_enter it often is not (a constant that a child uses first after fork)
 *   No other tier: the system-call tracepoint is stable and cheap.
 *
 * Maps
 *   scratch  per-CPU array, 1: struct record, a record being built, 12 kB per CPU
 *   events   ring buffer, 4 MiB: struct opensnoop_event with strings, variable length
 *
 * Cost: a call that passes the filters reads one string and writes one record; with full_path each parent directory and mount point
 * costs four reads of kernel memory. Every other system call of the machine runs the program up to the check of its number.
 *
 * Caveats
 *   - The path is the content of the program's memory when the call ends: a program that changes it during the call hides the path
 *     that was opened.
 *   - open_by_handle_at has no path: that of the opened file is shown, and none for a failed call.
 *   - Paths of PATH_MAX or more bytes, with which the call fails, are cut and marked; so is a directory with more than PATH_DEPTH
 *     names and mount points.
 *   - 32-bit programs, io_uring and the kernel's own opens (exec, nfsd) are not seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/path.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "opensnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only this thread; 0: any. */
const volatile __u32 filter_tid = 0;
/* Only this user, in the initial user namespace; used when filter_uid_on. */
const volatile __u32 filter_uid = 0;
const volatile bool filter_uid_on = false;
const volatile bool failed_only = false;
/* Only these opens, when filter_flags_on: a bit for each access mode (1 << O_RDONLY), or any of the flags. */
const volatile bool filter_flags_on = false;
const volatile __u32 filter_access = 0;
const volatile __u32 filter_flags = 0;
/* Prefix relative paths with the directory they start at. */
const volatile bool full_path = false;

struct record {
	struct walk walk;
	struct opensnoop_event event;
	char strings[STRINGS_BYTES];
};

ONE_PER_CPU(scratch, struct record);

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

static __always_inline struct open_call openat2_arguments(struct pt_regs *regs)
{
	struct open_how how = {};
	bool known = !bpf_probe_read_user(&how, sizeof(how), (void *)SYSCALL_ARG3(regs));

	return (struct open_call){
		.path = (void *)SYSCALL_ARG2(regs),
		.dirfd = SYSCALL_ARG1(regs),
		.in_root = how.resolve & RESOLVE_IN_ROOT,
		.flags_known = known,
		.flags = how.flags,
		.mode = how.mode,
	};
}

static __always_inline struct open_call arguments(long number, struct pt_regs *regs)
{
	switch (number) {
	case SYS_OPEN:
		return (struct open_call){
			.path = (void *)SYSCALL_ARG1(regs),
			.dirfd = AT_FDCWD,
			.flags_known = true,
			.flags = SYSCALL_ARG2(regs),
			.mode = SYSCALL_ARG3(regs),
		};
	case SYS_CREAT:
		return (struct open_call){
			.path = (void *)SYSCALL_ARG1(regs),
			.dirfd = AT_FDCWD,
			.flags_known = true,
			.flags = O_CREAT | O_WRONLY | O_TRUNC,
			.mode = SYSCALL_ARG2(regs),
		};
	case SYS_OPENAT2:
		return openat2_arguments(regs);
	case SYS_OPEN_BY_HANDLE_AT:
		return (struct open_call){ .flags_known = true, .flags = SYSCALL_ARG3(regs) };
	default:
		return (struct open_call){
			.path = (void *)SYSCALL_ARG2(regs),
			.dirfd = SYSCALL_ARG1(regs),
			.flags_known = true,
			.flags = SYSCALL_ARG3(regs),
			.mode = SYSCALL_ARG4(regs),
		};
	}
}

static __always_inline bool thread_passes_filters(void)
{
	if (filter_tid && (__u32)bpf_get_current_pid_tgid() != filter_tid)
		return false;
	if (filter_uid_on && (__u32)bpf_get_current_uid_gid() != filter_uid)
		return false;
	return current_passes_filters();
}

static __always_inline bool flags_match(const struct open_call *call)
{
	if (!filter_flags_on)
		return true;
	return call->flags_known && ((filter_access & (1 << (call->flags & O_ACCMODE))) || (call->flags & filter_flags));
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	long number = syscall_number(regs);
	struct opensnoop_event *event;
	struct open_call call;
	struct record *record;
	struct walk *walk;

	if (!is_open(number) || (failed_only && ret >= 0) || !thread_passes_filters() || is_compat_syscall())
		return 0;
	call = arguments(number, regs);
	if (!flags_match(&call))
		return 0;
	record = only_entry(&scratch);
	if (!record)
		return 0;
	walk = &record->walk;
	event = &record->event;
	event->path_parts = append_given_path(record->strings, walk, call.path);
	event->time_ns = bpf_ktime_get_ns();
	SET_CURRENT_THREAD(event);
	event->uid = bpf_get_current_uid_gid();
	event->ret = ret;
	event->flags = call.flags;
	event->mode = call.mode;
	event->flags_known = call.flags_known;
	if (number == SYS_OPEN_BY_HANDLE_AT) {
		struct file *file = ret >= 0 ? file_from_fd(ret) : 0;

		if (file)
			append_file_path(record->strings, walk, file);
	} else if (full_path && walk->used > 0 && (record->strings[0] != '/' || call.in_root)) {
		event->path_parts |= PATH_RELATIVE;
		append_directory(record->strings, walk, call.dirfd);
	}
	event->walked = walk->walked;
	output_strings(&events, event, sizeof(*event), walk->used);
	return 0;
}
