/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Reads, writes, opens and fsyncs of one file system, timed: the programs that fsslower and fsdist share. Each of them defines
 * on_fs_call_end(), which receives the finished calls.
 *
 * Hooks by tier
 *   fentry      fentry + fexit of the file system's read_iter, write_iter, open and fsync functions
 *   kprobe      kprobe + kretprobe of the same: also if the file system is a module
 *   tracepoint  sys_enter/sys_exit of the calls that reach them, for files on a superblock of the file system's magic:
 *               read, pread64, readv, preadv, preadv2; write, pwrite64, writev, pwritev, pwritev2; open, openat, openat2,
 *               creat; fsync, fdatasync
 *
 * Caveats
 *   - Asynchronous direct I/O (io_uring, Linux AIO) returns when it is queued: only the time until then is measured.
 *   - sendfile and splice (filemap_splice_read, 6.5) and memory-mapped files do not go through read_iter.
 *   - kprobe: a kretprobe traces a bounded number of sleeping callers; above it the kernel skips the exit, and the call is lost.
 *   - tracepoint: the whole system call is timed, an open with its path walk; opens that failed, msync, the fsync within
 *     a synchronous write, I/O through overlayfs, by the kernel's own threads and, on arm64, by 32-bit programs are not seen.
 *   - ext2, ext3 and ext4 have one magic, and one driver on most kernels.
 */
#ifndef KTOP_FS_CALL_BPF_H
#define KTOP_FS_CALL_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "file_call.bpf.h"
#include "filter.bpf.h"
#include "io_syscall.bpf.h"

enum fs_operation {
	FS_READ,
	FS_WRITE,
	FS_OPEN,
	FS_FSYNC,
	/* A system call that is not timed. */
	FS_NONE,
};

/* superblock->s_magic of the file system. */
const volatile __u64 fs_magic = 0;
/* System calls that are timed themselves, because their function is not hooked. */
const volatile bool syscalls_open = false;
const volatile bool syscalls_fsync = false;

/* Receives a finished call by a task that passes the filters: it ended at `now` (CLOCK_MONOTONIC, nanoseconds) with `ret`. */
static __always_inline void on_fs_call_end(enum fs_operation operation, const struct file_call *call, __u64 now, __s64 ret);

static __always_inline bool on_file_system(struct file *file)
{
	return BPF_CORE_READ(file, f_inode, i_sb, s_magic) == fs_magic;
}

/* A read_iter or write_iter starts. `any`: other file systems share the function. */
static __noinline void begin_iocb(enum fs_operation operation, struct kiocb *iocb, bool any)
{
	struct file *file = BPF_CORE_READ(iocb, ki_filp);
	__s64 offset = BPF_CORE_READ(iocb, ki_pos);

	if (!current_passes_filters())
		return;
	if (any && !on_file_system(file))
		skip_call(operation);
	else
		begin_call(operation, file, operation == FS_WRITE ? write_offset(file, offset) : offset);
}

/* An open or fsync starts. `any`: other file systems share the function. */
static __noinline void begin_file(enum fs_operation operation, struct file *file, bool any)
{
	if (!current_passes_filters())
		return;
	if (any && !on_file_system(file))
		skip_call(operation);
	else
		begin_call(operation, file, NO_OFFSET);
}

static __noinline void end_fs_call(enum fs_operation operation, __s64 ret)
{
	__u64 now = bpf_ktime_get_ns();
	struct file_call call;

	if (current_passes_filters() && end_call(operation, &call))
		on_fs_call_end(operation, &call, now, ret);
}

/*
 * fentry and kprobe tiers. The handler `on_enter` uses `entry_args`, the first arguments. `all_args` are all of them: a fexit
 * program finds the result after the last one.
 */

#define ARGS(...) __VA_ARGS__

#define FS_CALL(name, operation, on_enter, entry_args, all_args)                                                    \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, entry_args)                                                              \
	{                                                                                                           \
		on_enter;                                                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, all_args, long ret)                                                       \
	{                                                                                                           \
		end_fs_call(operation, (operation) < FS_OPEN ? ret : (int)ret);                                     \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, entry_args)                                                            \
	{                                                                                                           \
		on_enter;                                                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, long ret)                                                            \
	{                                                                                                           \
		end_fs_call(operation, (operation) < FS_OPEN ? ret : (int)ret);                                     \
		return 0;                                                                                           \
	}

#define FS_ITER(name, operation, any)                                                                               \
	FS_CALL(name, operation, begin_iocb(operation, iocb, any), ARGS(struct kiocb *iocb),                        \
		ARGS(struct kiocb *iocb, void *iter))

#define FS_OPENING(name)                                                                                            \
	FS_CALL(name, FS_OPEN, begin_file(FS_OPEN, file, false), ARGS(void *inode, struct file *file),                     \
		ARGS(void *inode, struct file *file))

#define FS_SYNCING(name, any)                                                                                       \
	FS_CALL(name, FS_FSYNC, begin_file(FS_FSYNC, file, any), ARGS(struct file *file),                           \
		ARGS(struct file *file, __s64 start, __s64 end, int datasync))

/* fs/ext4/file.c; before 4.11 its read_iter was generic_file_read_iter, like that of other file systems. */
FS_ITER(ext4_file_read_iter, FS_READ, false)
FS_ITER(generic_file_read_iter, FS_READ, true)
FS_ITER(ext4_file_write_iter, FS_WRITE, false)
FS_OPENING(ext4_file_open)
FS_SYNCING(ext4_sync_file, false)

/* fs/xfs/xfs_file.c: directories have a separate fsync. */
FS_ITER(xfs_file_read_iter, FS_READ, false)
FS_ITER(xfs_file_write_iter, FS_WRITE, false)
FS_OPENING(xfs_file_open)
FS_SYNCING(xfs_file_fsync, false)
FS_SYNCING(xfs_dir_fsync, false)

/* fs/btrfs/file.c */
FS_ITER(btrfs_file_read_iter, FS_READ, false)
FS_ITER(btrfs_file_write_iter, FS_WRITE, false)
FS_OPENING(btrfs_file_open)
FS_SYNCING(btrfs_sync_file, false)

/* fs/f2fs/file.c */
FS_ITER(f2fs_file_read_iter, FS_READ, false)
FS_ITER(f2fs_file_write_iter, FS_WRITE, false)
FS_OPENING(f2fs_file_open)
FS_SYNCING(f2fs_sync_file, false)

/* fs/nfs/file.c, fs/nfs/nfs4file.c: version 4 has a separate open. */
FS_ITER(nfs_file_read, FS_READ, false)
FS_ITER(nfs_file_write, FS_WRITE, false)
FS_OPENING(nfs_file_open)
FS_OPENING(nfs4_file_open)
FS_SYNCING(nfs_file_fsync, false)

/* fs/overlayfs/file.c */
FS_ITER(ovl_read_iter, FS_READ, false)
FS_ITER(ovl_write_iter, FS_WRITE, false)
FS_OPENING(ovl_open)
FS_SYNCING(ovl_fsync, false)

/* mm/shmem.c: write and open since 6.6; noop_fsync is in fs/libfs.c. */
FS_ITER(shmem_file_read_iter, FS_READ, false)
FS_ITER(shmem_file_write_iter, FS_WRITE, false)
FS_ITER(generic_file_write_iter, FS_WRITE, true)
FS_OPENING(shmem_file_open)
FS_SYNCING(noop_fsync, true)

/* OpenZFS: module/os/linux/zfs/zpl_file.c */
FS_ITER(zpl_iter_read, FS_READ, false)
FS_ITER(zpl_iter_write, FS_WRITE, false)
FS_OPENING(zpl_open)
FS_SYNCING(zpl_fsync, false)

/* tracepoint tier. */

/* A splice is not timed. */
#define TIMED_SYSCALLS(CALL)                                                                                        \
	OPEN_SYSCALLS(CALL, syscalls_open ? FS_OPEN : FS_NONE)                                                      \
	CALL(SYS_FSYNC, syscalls_fsync ? FS_FSYNC : FS_NONE)                                                        \
	CALL(SYS_FDATASYNC, syscalls_fsync ? FS_FSYNC : FS_NONE)                                                    \
	IO_SYSCALLS(CALL, FS_READ, FS_WRITE, FS_NONE, FS_NONE)

REPORTED_SYSCALLS(enum fs_operation, operation_of, FS_NONE, TIMED_SYSCALLS)

/* Whether a call on this file reaches the file system's own function; for directories only fsync does. */
static __always_inline bool reaches_file_system(struct file *file, bool directories)
{
	__u32 type = file_type(file);

	return (type == S_IFREG || (directories && type == S_IFDIR)) && on_file_system(file);
}

/* File offset at which a read or write without RWF_APPEND starts. */
static __always_inline __s64 call_position(const struct syscall *call, struct file *file)
{
	__s64 position = position_argument(call);

	if (passes_position(call->number) || (may_pass_position(call->number) && position != -1))
		return position;
	return BPF_CORE_READ(file, f_pos);
}

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	enum fs_operation operation = operation_of(call->number);
	struct file *file;
	__s64 position;

	if (!current_passes_filters())
		return;
	if (operation == FS_OPEN) {
		begin_call(FS_OPEN, 0, NO_OFFSET);
		return;
	}
	file = io_syscall_file(call, operation == FS_WRITE ? FMODE_PWRITE : FMODE_PREAD);
	if (!file || !reaches_file_system(file, operation == FS_FSYNC)) {
		skip_call(operation);
		return;
	}
	position = call_position(call, file);
	if (operation == FS_FSYNC)
		position = NO_OFFSET;
	else if (operation == FS_WRITE)
		position = write_offset(file, position);
	begin_call(operation, file, position);
}

SYS_ENTER_PROGRAM(on_sys_enter)

/* Only the end of an open shows the file. */
static __noinline void end_open(__s64 ret)
{
	__u64 now = bpf_ktime_get_ns();
	struct file_call call;
	struct file *file;

	if (!current_passes_filters() || !end_call(FS_OPEN, &call))
		return;
	file = ret >= 0 ? io_file_from_fd(ret) : 0;
	if (!file || !reaches_file_system(file, false))
		return;
	call.ref = file_ref(file);
	on_fs_call_end(FS_OPEN, &call, now, 0);
}

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	enum fs_operation operation = operation_of(call->number);

	if (operation == FS_OPEN)
		end_open(ret);
	else
		end_fs_call(operation, ret);
}

SYS_EXIT_PROGRAM(on_sys_exit)

#endif
