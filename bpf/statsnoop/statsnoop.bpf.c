// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * statsnoop: each finished call of the stat family, with its path and result.
 *
 * Hooks by tier
 *   tracepoint  sys_exit of newstat, newlstat, newfstat, newfstatat, statx, statfs, fstatfs. The arguments are still in the
 *               registers, and the kernel has just read the path, so its page is in memory
 *   No other tier: the system-call tracepoint is stable and cheap.
 *
 * Maps
 *   scratch  per-CPU array, 1: struct record, a record being built, 12 kB per CPU
 *   events   ring buffer, 4 MiB: struct statsnoop_event with strings, variable length
 *
 * Cost: a call that passes the filters reads at most one string and writes one record. For an open file (fstat, fstatfs,
 * AT_EMPTY_PATH) or a path relative to a descriptor each directory and mount point on its path costs four reads of kernel memory.
 * Every other system call of the machine runs the program up to the check of its number.
 *
 * Caveats
 *   - The path is the content of the program's memory when the call ends.
 *   - A path relative to the working directory is shown as given; one relative to a descriptor with its directory.
 *   - Paths of PATH_MAX or more bytes, with which the call fails, are cut and marked; so is a directory with more than PATH_DEPTH
 *     names and mount points.
 *   - 32-bit programs and io_uring are not seen.
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
#include "statsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool failed_only = false;

struct record {
	struct walk walk;
	struct statsnoop_event event;
	char strings[STRINGS_BYTES];
};

ONE_PER_CPU(scratch, struct record);

EVENTS(4 * 1024 * 1024, struct statsnoop_event);

/* The target of a call of the family. */
struct stat_call {
	enum statsnoop_call call;
	/* NULL if it names an open file only. */
	const void *path;
	int dirfd;
	/* With an empty path, or none, the target is the open file itself. */
	bool may_be_empty;
};

static __always_inline enum statsnoop_call call_of(long number)
{
	switch (number) {
	case SYS_STAT:
		return STATSNOOP_STAT;
	case SYS_LSTAT:
		return STATSNOOP_LSTAT;
	case SYS_FSTAT:
		return STATSNOOP_FSTAT;
	case SYS_NEWFSTATAT:
		return STATSNOOP_NEWFSTATAT;
	case SYS_STATX:
		return STATSNOOP_STATX;
	case SYS_STATFS:
		return STATSNOOP_STATFS;
	case SYS_FSTATFS:
		return STATSNOOP_FSTATFS;
	default:
		return STATSNOOP_NONE;
	}
}

static __always_inline struct stat_call arguments(enum statsnoop_call call, struct pt_regs *regs)
{
	switch (call) {
	case STATSNOOP_FSTAT:
	case STATSNOOP_FSTATFS:
		return (struct stat_call){ .call = call, .dirfd = SYSCALL_ARG1(regs), .may_be_empty = true };
	case STATSNOOP_NEWFSTATAT:
	case STATSNOOP_STATX:
		return (struct stat_call){
			.call = call,
			.dirfd = SYSCALL_ARG1(regs),
			.path = (void *)SYSCALL_ARG2(regs),
			.may_be_empty = (call == STATSNOOP_STATX ? SYSCALL_ARG3(regs) : SYSCALL_ARG4(regs)) & AT_EMPTY_PATH,
		};
	default:
		return (struct stat_call){ .call = call, .dirfd = AT_FDCWD, .path = (void *)SYSCALL_ARG1(regs) };
	}
}

/* Whether the target is the open file. `used`: bytes of the path that were read, starting with `first`. */
static __always_inline bool asks_open_file(const struct stat_call *call, __u32 used, char first)
{
	return call->may_be_empty && (used ? !first : !call->path);
}

/* Whether the path starts at a directory that the call names by its descriptor. */
static __always_inline bool starts_at_descriptor(const struct stat_call *call, __u32 used, char first)
{
	return call->dirfd != AT_FDCWD && used && first && first != '/';
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	enum statsnoop_call number = call_of(syscall_number(regs));
	struct statsnoop_event *event;
	struct stat_call call;
	struct record *record;
	struct walk *walk;

	if (number == STATSNOOP_NONE || (failed_only && ret >= 0) || !current_passes_filters() || is_compat_syscall())
		return 0;
	record = only_entry(&scratch);
	if (!record)
		return 0;
	call = arguments(number, regs);
	walk = &record->walk;
	event = &record->event;
	event->path_parts = append_given_path(record->strings, walk, call.path);
	if (asks_open_file(&call, walk->used, record->strings[0])) {
		struct file *file = call.dirfd == AT_FDCWD ? 0 : file_from_fd((__u32)call.dirfd);

		event->path_parts = 0;
		walk->used = 0;
		if (file)
			append_file_path(record->strings, walk, file);
		else if (call.dirfd == AT_FDCWD)
			append_directory(record->strings, walk, AT_FDCWD);
	} else if (starts_at_descriptor(&call, walk->used, record->strings[0])) {
		event->path_parts |= PATH_RELATIVE;
		append_directory(record->strings, walk, call.dirfd);
	}
	event->time_ns = bpf_ktime_get_ns();
	SET_CURRENT_THREAD(event);
	event->ret = ret;
	event->dirfd = call.dirfd == AT_FDCWD ? STATSNOOP_NO_FD : call.dirfd;
	event->call = call.call;
	event->walked = walk->walked;
	output_strings(&events, event, sizeof(*event), walk->used);
	return 0;
}
