// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * vfsstat: calls of eight VFS functions, whether they succeed or not.
 *
 * Hooks by tier
 *   fentry      entry of vfs_read, vfs_write, vfs_fsync_range, vfs_open, vfs_create, vfs_unlink, vfs_mkdir, vfs_rmdir
 *   kprobe      the same
 *   tracepoint  sys_enter and sys_exit, for the system calls that reach them: read, pread64; write, pwrite64; fsync,
 *               fdatasync; open, openat, openat2, creat; mknod, mknodat; unlink, unlinkat; mkdir, mkdirat; rmdir
 *   Compilers inline vfs_rmdir into do_rmdir (5.10) and vfs_fsync_range into fsync (partly in 5.10 and 6.1, completely in 7.2). So
 *   the upper tiers also watch do_rmdir and the functions of the system calls fsync and fdatasync, which count the calls that did
 *   not enter the VFS function. The tracepoints of the system calls would work too, but an attached system-call tracepoint slows
 *   every system call of the machine.
 *   CREATE counts vfs_create, which nowadays only mknod and nfsd call, and every vfs_open of a file that this open created
 *   (FMODE_CREATED, which lookup_open() in fs/namei.c sets before vfs_open is called). open(O_CREAT) does not call vfs_create, so
 *   nothing is counted twice. Vectored I/O and io_uring bypass vfs_read and vfs_write, and are not counted in any tier.
 *
 * Maps
 *   counts  per-CPU array, 1: struct vfsstat_counts
 *   calls   hash, 1024: thread id -> enum call, how to count its call: 90 kB. Not used in the tracepoint tier
 *
 * Cost: an array lookup and one atomic addition per call (two for an open that creates its file). In the fentry and kprobe tiers
 * vfs_fsync_range and vfs_rmdir also look up `calls`; do_rmdir, fsync and fdatasync insert into it, look it up and delete from it, and
 * look up `counts`. In the tracepoint tier every system call of the machine runs two programs that check its number.
 *
 * Caveats
 *   - O_TMPFILE opens reach vfs_open only before 6.1; file systems with atomic_open (NFS, FUSE, 9p) open and create without it.
 *   - tracepoint: the result of a call shows how far it came.
 *     READ, WRITE, FSYNC: exact for system calls (the descriptor is looked up as the kernel does); without I/O by the kernel
 *     itself, fsync by O_SYNC writes and by msync.
 *     OPEN, CREATE: successful opens; without execve and opens that failed within the file system, including those that an
 *     atomic_open served.
 *     UNLINK, MKDIR, RMDIR: calls that succeeded or failed in the VFS function itself (path_failed()).
 *     io_uring and, on arm64, 32-bit programs are not seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/path_result.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "lib/syscall_programs.bpf.h"
#include "vfsstat.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* System calls that are counted themselves, because their VFS function is not hooked. */
const volatile bool syscalls_read = false;
const volatile bool syscalls_write = false;
const volatile bool syscalls_fsync = false;
const volatile bool syscalls_open = false;
const volatile bool syscalls_create = false;
const volatile bool syscalls_mkdir = false;
const volatile bool syscalls_remove = false;

ONE_PER_CPU(counts, struct vfsstat_counts);

/* How a call in flight is counted, unless it enters the VFS function. */
enum call {
	CALL_FSYNC = 1,
	CALL_RMDIR,
	CALL_COUNTED,
};

IN_FLIGHT(calls, 1024, __u32, __u32);

/* The counters of this CPU; NULL if the current task is filtered out. */
static __always_inline struct vfsstat_counts *counts_of_current(void)
{
	return current_passes_filters() ? only_entry(&counts) : 0;
}

/* Counts an open of `file`. `direct`: see MEMBER(). */
static __always_inline void count_open(struct file *file, const bool direct)
{
	struct vfsstat_counts *own = counts_of_current();

	if (!own)
		return;
	ADD(own->open, 1);
	if (MEMBER(direct, file, f_mode) & FMODE_CREATED)
		ADD(own->create, 1);
}

/* fentry and kprobe tiers. */

/* A VFS function that may be inlined elsewhere marks the call in flight as counted. */
static __always_inline void mark_counted(enum call call)
{
	__u32 tid = current_tid();
	__u32 *current_call = find_in_flight(&calls, &tid);

	if (current_call && *current_call == call)
		*current_call = CALL_COUNTED;
}

/* Counts the entry of a function in `member` of vfsstat_counts. `call`: the call that may inline it, or 0. */
#define COUNT_ENTRY(function, member, call)                                                                         \
	static __always_inline int count_##function(void)                                                           \
	{                                                                                                           \
		struct vfsstat_counts *own = counts_of_current();                                                   \
                                                                                                                    \
		if (own) {                                                                                          \
			ADD(own->member, 1);                                                                        \
			if (call)                                                                                   \
				mark_counted(call);                                                                 \
		}                                                                                                   \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		return count_##function();                                                                          \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #function)                                                                                    \
	int function##_enter__kprobe(void *ctx)                                                                     \
	{                                                                                                           \
		return count_##function();                                                                          \
	}

COUNT_ENTRY(vfs_read, read, 0)
COUNT_ENTRY(vfs_write, write, 0)
COUNT_ENTRY(vfs_create, create, 0)
COUNT_ENTRY(vfs_mkdir, mkdir, 0)
COUNT_ENTRY(vfs_fsync_range, fsync, CALL_FSYNC)
COUNT_ENTRY(vfs_unlink, unlink, 0)
COUNT_ENTRY(vfs_rmdir, rmdir, CALL_RMDIR)

SEC("fentry/vfs_open")
int BPF_PROG(vfs_open_enter__fentry, const struct path *path, struct file *file)
{
	count_open(file, true);
	return 0;
}

SEC("kprobe/vfs_open")
int BPF_KPROBE(vfs_open_enter__kprobe, const struct path *path, struct file *file)
{
	count_open(file, false);
	return 0;
}

/* Calls on a descriptor are counted at their start, if the kernel will find the file. */
#define AT_ENTER 1
#define AT_EXIT 2

#define COUNTED_SYSCALLS(CALL)                                                                                      \
	CALL(SYS_READ, syscalls_read ? AT_ENTER : 0)                                                                \
	CALL(SYS_PREAD64, syscalls_read ? AT_ENTER : 0)                                                             \
	CALL(SYS_WRITE, syscalls_write ? AT_ENTER : 0)                                                              \
	CALL(SYS_PWRITE64, syscalls_write ? AT_ENTER : 0)                                                           \
	CALL(SYS_FSYNC, syscalls_fsync ? AT_ENTER : 0)                                                              \
	CALL(SYS_FDATASYNC, syscalls_fsync ? AT_ENTER : 0)                                                          \
	OPEN_SYSCALLS(CALL, syscalls_open ? AT_EXIT : 0)                                                            \
	CALL(SYS_MKNOD, syscalls_create ? AT_EXIT : 0)                                                              \
	CALL(SYS_MKNODAT, syscalls_create ? AT_EXIT : 0)                                                            \
	CALL(SYS_MKDIR, syscalls_mkdir ? AT_EXIT : 0)                                                               \
	CALL(SYS_MKDIRAT, syscalls_mkdir ? AT_EXIT : 0)                                                             \
	CALL(SYS_UNLINK, syscalls_remove ? AT_EXIT : 0)                                                             \
	CALL(SYS_UNLINKAT, syscalls_remove ? AT_EXIT : 0)                                                           \
	CALL(SYS_RMDIR, syscalls_remove ? AT_EXIT : 0)

REPORTED_SYSCALLS(__u32, counted_at, 0, COUNTED_SYSCALLS)

/* What a system call that is counted at its end has done. */
enum ending {
	NOT_COUNTED,
	OPENED,
	CREATED,
	MADE_DIRECTORY,
	UNLINKED,
	REMOVED_DIRECTORY,
};

/* mknod of a regular file calls vfs_create; so does a mode without a type. do_mknodat() */
static __always_inline enum ending ending_of_mknod(__u64 mode)
{
	return (mode & S_IFMT) == S_IFREG || !(mode & S_IFMT) ? CREATED : NOT_COUNTED;
}

/* Of a call that is counted AT_EXIT. */
static __always_inline enum ending ending_of(const struct syscall *call)
{
	switch (call->number) {
	case SYS_MKNOD:
		return ending_of_mknod(call->arguments[1]);
	case SYS_MKNODAT:
		return ending_of_mknod(call->arguments[2]);
	case SYS_MKDIR:
	case SYS_MKDIRAT:
		return MADE_DIRECTORY;
	case SYS_UNLINK:
		return UNLINKED;
	case SYS_RMDIR:
		return REMOVED_DIRECTORY;
	case SYS_UNLINKAT:
		return call->arguments[2] & AT_REMOVEDIR ? REMOVED_DIRECTORY : UNLINKED;
	default:
		return OPENED;
	}
}

/* tracepoint tier. */

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	long number = call->number;
	struct vfsstat_counts *own = counted_at(number) == AT_ENTER ? counts_of_current() : 0;
	__u64 fd = call->arguments[0];
	__s64 position = position_argument(call);

	if (!own)
		return;
	if (number == SYS_READ && io_file_from_fd(fd))
		ADD(own->read, 1);
	else if (number == SYS_PREAD64 && positioned_file_from_fd(fd, position, FMODE_PREAD))
		ADD(own->read, 1);
	else if (number == SYS_WRITE && io_file_from_fd(fd))
		ADD(own->write, 1);
	else if (number == SYS_PWRITE64 && positioned_file_from_fd(fd, position, FMODE_PWRITE))
		ADD(own->write, 1);
	else if ((number == SYS_FSYNC || number == SYS_FDATASYNC) && io_file_from_fd(fd))
		ADD(own->fsync, 1);
}

SYS_ENTER_PROGRAM(on_sys_enter)

/* Opens are counted when they succeed, calls on a path if their result shows that they reached the VFS function. */

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	enum ending ending = counted_at(call->number) == AT_EXIT ? ending_of(call) : NOT_COUNTED;
	struct vfsstat_counts *own = ending != NOT_COUNTED ? counts_of_current() : 0;

	if (!own)
		return;
	if (ending == OPENED && ret >= 0)
		count_open(file_from_fd(ret), false);
	else if (ending == CREATED && reached_creation(ret))
		ADD(own->create, 1);
	else if (ending == MADE_DIRECTORY && reached_creation(ret))
		ADD(own->mkdir, 1);
	else if (ending == UNLINKED && reached_removal(ret))
		ADD(own->unlink, 1);
	else if (ending == REMOVED_DIRECTORY && reached_removal(ret))
		ADD(own->rmdir, 1);
}

SYS_EXIT_PROGRAM(on_sys_exit)

/* fentry and kprobe tiers: functions into which a VFS function may be inlined. */

static __always_inline void begin_call(enum call call)
{
	__u32 tid = current_tid();
	__u32 value = call;

	if (current_passes_filters())
		begin_in_flight(&calls, &tid, &value);
}

static __always_inline void on_call_exit(__s64 ret)
{
	__u32 tid = current_tid();
	struct vfsstat_counts *own = counts_of_current();
	__u32 *call = own ? find_in_flight(&calls, &tid) : 0;

	if (!call)
		return;
	if (*call == CALL_FSYNC)
		ADD(own->fsync, 1);
	else if (*call == CALL_RMDIR && reached_removal(ret))
		ADD(own->rmdir, 1);
	end_in_flight(&calls, &tid);
}

static __always_inline void on_fsync_enter(__u64 fd, __u64 unused2, __u64 unused3)
{
	__u32 tid = current_tid();

	if (!current_passes_filters())
		return;
	if (io_file_from_fd(fd))
		begin_call(CALL_FSYNC);
	else
		discard_stale(&calls, &tid);
}

SYSCALL_PROGRAMS(fsync, on_fsync_enter, on_call_exit)
SYSCALL_PROGRAMS(fdatasync, on_fsync_enter, on_call_exit)

SEC("fentry/do_rmdir")
int do_rmdir_enter__fentry(void *ctx)
{
	begin_call(CALL_RMDIR);
	return 0;
}

SEC("fexit/do_rmdir")
int BPF_PROG(do_rmdir_exit__fentry, int dirfd, struct filename *filename, long ret)
{
	on_call_exit((int)ret);
	return 0;
}

SEC("kprobe/do_rmdir")
int do_rmdir_enter__kprobe(void *ctx)
{
	begin_call(CALL_RMDIR);
	return 0;
}

SEC("kretprobe/do_rmdir")
int BPF_KRETPROBE(do_rmdir_exit__kprobe, long ret)
{
	on_call_exit((int)ret);
	return 0;
}
