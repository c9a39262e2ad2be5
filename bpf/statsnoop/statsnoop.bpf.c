// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * statsnoop: each finished call of the stat family, with its path and result.
 *
 * Hooks by tier: the end of newstat, newlstat, newfstat, newfstatat, statx, statfs, fstatfs
 *   fentry      fexit programs on __x64_sys_* and, for 32-bit programs and their older variants, __ia32_*
 *   kprobe      kprobes and kretprobes on the same functions
 *   tracepoint  sys_exit
 *
 * Maps
 *   scratch  per-CPU array, 2: struct record, a record being built, 25 kB per CPU
 *   events   ring buffer, 4 MiB: struct statsnoop_event with strings, variable length
 *   syscalls_in_flight  hash, 4096 on the kprobe tier, else 1: thread id → address of the caller's registers
 *
 * Cost: a call that passes the filters reads at most one string and writes one record. For an open file (fstat, fstatfs,
 * AT_EMPTY_PATH) or a path relative to a descriptor each directory and mount point on its path costs four reads of kernel memory.
 * On the tracepoint tier every other system call of the machine runs the program up to the check of its number.
 *
 * With dir_on a call walks up from its open file, or from where its path starts: dir_filter.bpf.h, dir_path.bpf.h.
 *
 * Caveats
 *   - dir_on: paths are compared by their text.
 *   - The path is the content of the program's memory when the call ends.
 *   - A path relative to the working directory is shown as given; one relative to a descriptor with its directory.
 *   - Paths of PATH_MAX or more bytes, with which the call fails, are cut and marked; so is a directory with more than PATH_DEPTH
 *     names and mount points.
 *   - io_uring and, on arm64, 32-bit programs are not seen.
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
#include "statsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool failed_only = false;

PATH_RECORD(struct statsnoop_event)

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

#define STAT_SYSCALLS(CALL)                                                                                         \
	CALL(SYS_STAT, STATSNOOP_STAT)                                                                              \
	CALL(SYS_LSTAT, STATSNOOP_LSTAT)                                                                            \
	CALL(SYS_FSTAT, STATSNOOP_FSTAT)                                                                            \
	CALL(SYS_NEWFSTATAT, STATSNOOP_NEWFSTATAT)                                                                  \
	CALL(SYS_STATX, STATSNOOP_STATX)                                                                            \
	CALL(SYS_STATFS, STATSNOOP_STATFS)                                                                          \
	CALL(SYS_FSTATFS, STATSNOOP_FSTATFS)

REPORTED_SYSCALLS(enum statsnoop_call, call_of, STATSNOOP_NONE, STAT_SYSCALLS)

static __always_inline struct stat_call read_stat_call(const struct syscall *syscall)
{
	enum statsnoop_call call = call_of(syscall->number);

	switch (call) {
	case STATSNOOP_FSTAT:
	case STATSNOOP_FSTATFS:
		return (struct stat_call){ .call = call, .dirfd = syscall->arguments[0], .may_be_empty = true };
	case STATSNOOP_NEWFSTATAT:
	case STATSNOOP_STATX:
		return (struct stat_call){
			.call = call,
			.dirfd = syscall->arguments[0],
			.path = (void *)syscall->arguments[1],
			.may_be_empty = (call == STATSNOOP_STATX ? syscall->arguments[2] : syscall->arguments[3]) & AT_EMPTY_PATH,
		};
	default:
		return (struct stat_call){ .call = call, .dirfd = AT_FDCWD, .path = (void *)syscall->arguments[0] };
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

/* Whether the open file, or the path, passes the filter by directory. `file`: NULL if the call is not on an open file. */
static __always_inline bool stat_passes_dir(const struct stat_call *call, struct file *file)
{
	return file ? file_passes_dir(file) : path_passes_dir(call->dirfd, call->path, false);
}

static __always_inline void on_stat_exit(const struct syscall *syscall, long ret)
{
	struct statsnoop_event *event;
	struct stat_call call;
	struct record *record;
	struct file *file = 0;
	struct walk *walk;
	bool on_open_file;

	if ((failed_only && ret >= 0) || !current_passes_filters())
		return;
	record = claim_scratch(&scratch);
	if (!record)
		return;
	call = read_stat_call(syscall);
	walk = &record->walk;
	RESET_WALK(record);
	event = &record->event;
	event->path_parts = append_given_path(record->strings, walk, call.path);
	on_open_file = asks_open_file(&call, walk->used, record->strings[0]);
	if (on_open_file && call.dirfd != AT_FDCWD)
		file = file_from_fd((__u32)call.dirfd);
	if (!stat_passes_dir(&call, file)) {
		release_scratch(&record->users);
		return;
	}
	if (on_open_file) {
		event->path_parts = 0;
		walk->used = 0;
		if (file)
			append_file_path(walk, file);
		else if (call.dirfd == AT_FDCWD)
			append_directory(walk, AT_FDCWD);
	} else if (starts_at_descriptor(&call, walk->used, record->strings[0])) {
		event->path_parts |= PATH_RELATIVE;
		append_directory(walk, call.dirfd);
	}
	event->time_ns = bpf_ktime_get_ns();
	SET_CURRENT_THREAD(event);
	event->ret = ret;
	event->dirfd = call.dirfd == AT_FDCWD ? STATSNOOP_NO_FD : call.dirfd;
	event->call = call.call;
	event->walked = walk->walked;
	output_strings(&events, event, sizeof(*event), walk->used);
	release_scratch(&record->users);
}

SYSCALL_EXIT(newstat, SYS_STAT, on_stat_exit)
SYSCALL_EXIT(newlstat, SYS_LSTAT, on_stat_exit)
SYSCALL_EXIT(newfstat, SYS_FSTAT, on_stat_exit)
SYSCALL_EXIT(newfstatat, SYS_NEWFSTATAT, on_stat_exit)
SYSCALL_EXIT(statx, SYS_STATX, on_stat_exit)
SYSCALL_EXIT(statfs, SYS_STATFS, on_stat_exit)
SYSCALL_EXIT(fstatfs, SYS_FSTATFS, on_stat_exit)
COMPAT_SYSCALL_EXIT(sys_stat, SYS_STAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(sys_lstat, SYS_LSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(sys_fstat, SYS_FSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_newstat, SYS_STAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_newlstat, SYS_LSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_newfstat, SYS_FSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_ia32_stat64, SYS_STAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_ia32_lstat64, SYS_LSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_ia32_fstat64, SYS_FSTAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_ia32_fstatat64, SYS_NEWFSTATAT, on_stat_exit)
COMPAT_SYSCALL_EXIT(sys_statx, SYS_STATX, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_statfs, SYS_STATFS, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_fstatfs, SYS_FSTATFS, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_statfs64, SYS_STATFS, on_stat_exit)
COMPAT_SYSCALL_EXIT(compat_sys_fstatfs64, SYS_FSTATFS, on_stat_exit)

SYSCALL_KPROBES(on_stat_exit)
SYS_EXIT_PROGRAM(on_stat_exit)
