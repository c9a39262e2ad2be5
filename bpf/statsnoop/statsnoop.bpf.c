// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * statsnoop: each call of the stat family that has ended, with its path and result.
 *
 * Hooks by tier
 *   tracepoint  sys_exit of newstat, newlstat, newfstat, newfstatat, statx, statfs, fstatfs. The arguments are still in the
 *               registers then, and the kernel has just read the path, so its page is in memory.
 *   No other tier: the calls' tracepoint is the stable and cheap way.
 *
 * Maps
 *   scratch  per-CPU array, 1: a record being put together, 12 kB a CPU
 *   events   ring buffer, 4 MiB: statsnoop_event with strings, as long as needed
 *
 * Cost: a call that passes the filters reads one string and writes one record; where it names an open file (fstat, fstatfs, or
 * AT_EMPTY_PATH) each directory above costs four to six reads of kernel memory instead. All other system calls of the machine run
 * the program up to the look at their number.
 *
 * Caveats
 *   - The path is what stands in the program's memory when the call ends.
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
#include "lib/syscall.bpf.h"
#include "statsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only calls that failed. */
const volatile bool failed_only = false;
/* Puts the event's layout into the object's BTF. */
const volatile struct statsnoop_event *const volatile event_layout = 0;

struct record {
	struct walk walk;
	struct statsnoop_event event;
	char strings[STRINGS];
};

ONE_PER_CPU(scratch, struct record);

EVENTS(4 * 1024 * 1024);

/* What a call of the family asks about. */
struct stat_call {
	enum statsnoop_call call;
	/* 0 where it names an open file only. */
	const void *path;
	int dirfd;
	/* An empty path, or none, means the open file itself. */
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

/* Whether the call asks about the open file: `used` bytes of a path were read, the first being `first`. */
static __always_inline bool asks_open_file(const struct stat_call *call, __u32 used, char first)
{
	return call->may_be_empty && (used ? !first : !call->path);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	enum statsnoop_call number = call_of(syscall_number(regs));
	__u64 id = bpf_get_current_pid_tgid();
	struct statsnoop_event *event;
	struct stat_call call;
	struct record *record;
	struct walk *walk;

	if (number == STATSNOOP_NONE || (failed_only && ret >= 0) || !current_wanted() || compat_syscall())
		return 0;
	record = only_entry(&scratch);
	if (!record)
		return 0;
	call = arguments(number, regs);
	walk = &record->walk;
	walk->walked = NOT_WALKED;
	walk->used = 0;
	if (call.path)
		walk->used = append_user_string(record->strings, 0, call.path);
	if (asks_open_file(&call, walk->used, record->strings[0])) {
		struct file *file = call.dirfd == AT_FDCWD ? 0 : open_file((__u32)call.dirfd);

		walk->used = 0;
		if (file)
			append_file_path(record->strings, walk, file);
		else if (call.dirfd == AT_FDCWD)
			append_directory(record->strings, walk, AT_FDCWD);
	}
	event = &record->event;
	event->time_ns = bpf_ktime_get_ns();
	event->pid = id >> 32;
	event->tid = id;
	event->ret = ret;
	event->dirfd = call.dirfd == AT_FDCWD ? STATSNOOP_NO_FD : call.dirfd;
	event->call = call.call;
	event->walked = walk->walked;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (output_strings(&events, event, sizeof(*event), walk->used))
		lose_event();
	return 0;
}
