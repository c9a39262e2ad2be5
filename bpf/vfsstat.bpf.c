// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * vfsstat: calls of eight VFS functions, whether they succeed or not.
 *
 * Hooks by tier
 *   fentry      entry of vfs_read, vfs_write, vfs_fsync_range, vfs_open, vfs_create, vfs_unlink, vfs_mkdir, vfs_rmdir
 *   kprobe      the same
 *   tracepoint  the system calls that reach them: read, pread64; write, pwrite64; fsync, fdatasync; open, openat,
 *               openat2, creat; mknod, mknodat; unlink, unlinkat; mkdir, mkdirat; rmdir
 *   Compilers inline vfs_rmdir into rmdir (5.10) and vfs_fsync_range into fsync (in part in 5.10 and 6.1, wholly in 7.2).
 *   So the upper tiers also watch the functions of the system calls fsync, fdatasync, rmdir and unlinkat, which count the
 *   calls in which the VFS function's entry was not seen. Their tracepoints would do too, but one attached system-call
 *   tracepoint slows every system call of the machine.
 *   CREATE counts vfs_create, which nowadays only mknod and nfsd call, and every vfs_open of a file that this open has
 *   created (FMODE_CREATED, which lookup_open() in fs/namei.c sets before vfs_open is reached). open(O_CREAT) does not
 *   call vfs_create, so nothing is counted twice. Vectored I/O and io_uring pass by vfs_read and vfs_write, and are not
 *   counted in any tier.
 *
 * Maps
 *   counts  per-CPU array, 1: vfsstat_counts
 *   calls   hash, 1024: thread -> what its system call is to be counted as (enum call). 90 kB.
 *
 * Cost: one array lookup and one atomic addition a call; two hash operations besides for the calls that are remembered.
 *
 * Caveats
 *   - O_TMPFILE opens reach vfs_open only before 6.1; file systems with atomic_open (NFS, FUSE, 9p) open and create
 *     without it.
 *   - tracepoint counts what a call's result says about how far it came:
 *     READ, WRITE, FSYNC: exact for system calls (the descriptor is looked up as the kernel does); without I/O by the
 *     kernel itself, fsync by O_SYNC writes and by msync.
 *     OPEN, CREATE: successful opens; without execve and opens that failed within the file system, with those that an
 *     atomic_open served.
 *     UNLINK, MKDIR, RMDIR: calls that succeeded or failed in the function itself (see path_failed()).
 *     32-bit programs and io_uring are not seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "maps.bpf.h"
#include "syscall.bpf.h"
#include "vfsstat.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vfsstat_counts);
} counts SEC(".maps");

/* What a system call in progress is to be counted as, unless the VFS function itself is seen. */
enum call {
	CALL_FSYNC = 1,
	CALL_CREATE,
	CALL_UNLINK,
	CALL_RMDIR,
	CALL_SEEN,
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} calls SEC(".maps");

/* The counters of this CPU; NULL if the current task is filtered out. */
static __always_inline struct vfsstat_counts *wanted_counts(void)
{
	return current_wanted() ? only_entry(&counts) : 0;
}

/* Counts one call of the current task in `member` of vfsstat_counts. */
#define COUNT(member)                                                                                               \
	({                                                                                                          \
		struct vfsstat_counts *own = wanted_counts();                                                       \
                                                                                                                    \
		if (own)                                                                                            \
			ADD(own->member, 1);                                                                        \
	})

/* Counts an open of `file`. `direct`: see MEMBER(). */
static __always_inline void count_open(struct file *file, const bool direct)
{
	struct vfsstat_counts *own = wanted_counts();

	if (!own)
		return;
	ADD(own->open, 1);
	if (MEMBER(direct, file, f_mode) & FMODE_CREATED)
		ADD(own->create, 1);
}

/* fentry and kprobe tiers. */

/* The entry of a VFS function that may be inlined elsewhere marks the system call it is in as counted. */
static __always_inline void mark_seen(enum call call)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u32 *current_call = bpf_map_lookup_elem(&calls, &tid);

	if (current_call && *current_call == call)
		*current_call = CALL_SEEN;
}

#define COUNT_ENTRY(function, member)                                                                               \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		COUNT(member);                                                                                      \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #function)                                                                                    \
	int function##_enter__kprobe(void *ctx)                                                                     \
	{                                                                                                           \
		COUNT(member);                                                                                      \
		return 0;                                                                                           \
	}

COUNT_ENTRY(vfs_read, read)
COUNT_ENTRY(vfs_write, write)
COUNT_ENTRY(vfs_mkdir, mkdir)

#define COUNT_ENTRY_ONCE(function, member, call)                                                                    \
	static __always_inline int count_##function(void)                                                           \
	{                                                                                                           \
		struct vfsstat_counts *own = wanted_counts();                                                       \
                                                                                                                    \
		if (own) {                                                                                          \
			ADD(own->member, 1);                                                                        \
			mark_seen(call);                                                                            \
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

COUNT_ENTRY_ONCE(vfs_fsync_range, fsync, CALL_FSYNC)
COUNT_ENTRY_ONCE(vfs_create, create, CALL_CREATE)
COUNT_ENTRY_ONCE(vfs_unlink, unlink, CALL_UNLINK)
COUNT_ENTRY_ONCE(vfs_rmdir, rmdir, CALL_RMDIR)

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

/* tracepoint tier: calls on a descriptor are counted when they begin, if the kernel will find the file. */

#define COUNT_DESCRIPTOR(name, member, file)                                                                        \
	SEC("tracepoint/syscalls/sys_enter_" #name)                                                                 \
	int sys_enter_##name##__tracepoint(struct syscall_enter_ctx *ctx)                                           \
	{                                                                                                           \
		struct vfsstat_counts *own = wanted_counts();                                                       \
                                                                                                                    \
		if (own && file)                                                                                    \
			ADD(own->member, 1);                                                                        \
		return 0;                                                                                           \
	}

COUNT_DESCRIPTOR(read, read, fd_file(ctx->args[0]))
COUNT_DESCRIPTOR(pread64, read, fd_file_at(ctx->args[0], ctx->args[3], FMODE_PREAD))
COUNT_DESCRIPTOR(write, write, fd_file(ctx->args[0]))
COUNT_DESCRIPTOR(pwrite64, write, fd_file_at(ctx->args[0], ctx->args[3], FMODE_PWRITE))

/* Opens are counted when they have succeeded. */

#define COUNT_OPEN(name)                                                                                            \
	SEC("tracepoint/syscalls/sys_exit_" #name)                                                                  \
	int sys_exit_##name##__tracepoint(struct syscall_exit_ctx *ctx)                                             \
	{                                                                                                           \
		if (ctx->ret >= 0)                                                                                  \
			count_open(open_file(ctx->ret), false);                                                     \
		return 0;                                                                                           \
	}

COUNT_OPEN(open)
COUNT_OPEN(openat)
COUNT_OPEN(openat2)
COUNT_OPEN(creat)

/* Calls on a path are counted when they have ended, if their result says that the VFS function was reached. */

/* include/uapi/asm-generic/errno-base.h, errno.h */
#define ENOENT 2
#define EBADF 9
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EEXIST 17
#define ENOTDIR 20
#define EINVAL 22
#define EROFS 30
#define ENAMETOOLONG 36
#define ELOOP 40

/*
 * Whether a call failed before the VFS function: in the path walk, for its flags or for a read-only mount (fs/namei.c).
 * EACCES, and of rmdir ENOTDIR, may come from before or from within, and are taken for the former.
 */
static __always_inline bool path_failed(__s64 ret)
{
	switch (-ret) {
	case ENOENT:
	case EBADF:
	case ENOMEM:
	case EACCES:
	case EFAULT:
	case ENOTDIR:
	case EINVAL:
	case EROFS:
	case ENAMETOOLONG:
	case ELOOP:
		return true;
	default:
		return false;
	}
}

/* vfs_unlink and vfs_rmdir are reached where something exists: do_unlinkat(), do_rmdir() */
static __always_inline bool reached_removal(__s64 ret)
{
	return !path_failed(ret);
}

/* vfs_mkdir and vfs_create are reached where nothing exists: filename_create() */
static __always_inline bool reached_creation(__s64 ret)
{
	return !path_failed(ret) && ret != -EEXIST;
}

#define COUNT_PATH(name, member, reached)                                                                           \
	SEC("tracepoint/syscalls/sys_exit_" #name)                                                                  \
	int sys_exit_##name##__tracepoint(struct syscall_exit_ctx *ctx)                                             \
	{                                                                                                           \
		if (reached(ctx->ret))                                                                              \
			COUNT(member);                                                                              \
		return 0;                                                                                           \
	}

COUNT_PATH(unlink, unlink, reached_removal)
COUNT_PATH(mkdir, mkdir, reached_creation)
COUNT_PATH(mkdirat, mkdir, reached_creation)

/* Calls that are remembered while they last: for their arguments, or because their VFS function may be inlined. */

static __always_inline void begin(enum call call)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u32 value = call;

	if (current_wanted() && bpf_map_update_elem(&calls, &tid, &value, BPF_ANY))
		lose_key();
}

static __always_inline void end(__s64 ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct vfsstat_counts *own = wanted_counts();
	__u32 *call = own ? bpf_map_lookup_elem(&calls, &tid) : 0;

	if (!call)
		return;
	if (*call == CALL_FSYNC)
		ADD(own->fsync, 1);
	else if (*call == CALL_UNLINK && reached_removal(ret))
		ADD(own->unlink, 1);
	else if (*call == CALL_RMDIR && reached_removal(ret))
		ADD(own->rmdir, 1);
	else if (*call == CALL_CREATE && reached_creation(ret))
		ADD(own->create, 1);
	bpf_map_delete_elem(&calls, &tid);
}

/* mknod of a regular file: vfs_create. Mode without a type means that too. do_mknodat() */
static __always_inline void begin_mknod(__u64 mode)
{
	if ((mode & S_IFMT) == S_IFREG || !(mode & S_IFMT))
		begin(CALL_CREATE);
}

static __always_inline void begin_fsync(__u64 fd)
{
	if (current_wanted() && fd_file(fd))
		begin(CALL_FSYNC);
}

static __always_inline void begin_unlinkat(__u64 flags)
{
	begin(flags & AT_REMOVEDIR ? CALL_RMDIR : CALL_UNLINK);
}

/*
 * A remembered call, by its tracepoint and, for the upper tiers, by the function that serves it: `begins` says what it is
 * to be counted as, from its arguments `args`.
 */
#define REMEMBERED_CALL(name, begins)                                                                               \
	static __always_inline void begin_call_##name(const __u64 args[3])                                          \
	{                                                                                                           \
		begins;                                                                                             \
	}                                                                                                           \
                                                                                                                    \
	SEC("tracepoint/syscalls/sys_enter_" #name)                                                                 \
	int sys_enter_##name##__tracepoint(struct syscall_enter_ctx *ctx)                                           \
	{                                                                                                           \
		const __u64 args[3] = { ctx->args[0], ctx->args[1], ctx->args[2] };                                 \
                                                                                                                    \
		begin_call_##name(args);                                                                            \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("tracepoint/syscalls/sys_exit_" #name)                                                                  \
	int sys_exit_##name##__tracepoint(struct syscall_exit_ctx *ctx)                                             \
	{                                                                                                           \
		end(ctx->ret);                                                                                      \
		return 0;                                                                                           \
	}

#define REMEMBERED_FUNCTION(name)                                                                                   \
	SEC("fentry/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_PROG(sys_##name##_enter__fentry, struct pt_regs *regs)                                              \
	{                                                                                                           \
		const __u64 args[3] = { PT_REGS_PARM1(regs), PT_REGS_PARM2(regs), PT_REGS_PARM3(regs) };            \
                                                                                                                    \
		begin_call_##name(args);                                                                            \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" SYSCALL_PREFIX #name)                                                                          \
	int BPF_PROG(sys_##name##_exit__fentry, struct pt_regs *regs, long ret)                                     \
	{                                                                                                           \
		end(ret);                                                                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_KPROBE(sys_##name##_enter__kprobe, struct pt_regs *regs)                                            \
	{                                                                                                           \
		const __u64 args[3] = { PT_REGS_PARM1_CORE(regs), PT_REGS_PARM2_CORE(regs),                         \
					PT_REGS_PARM3_CORE(regs) };                                                 \
                                                                                                                    \
		begin_call_##name(args);                                                                            \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" SYSCALL_PREFIX #name)                                                                      \
	int BPF_KRETPROBE(sys_##name##_exit__kprobe, long ret)                                                      \
	{                                                                                                           \
		end(ret);                                                                                           \
		return 0;                                                                                           \
	}

REMEMBERED_CALL(fsync, begin_fsync(args[0]))
REMEMBERED_CALL(fdatasync, begin_fsync(args[0]))
REMEMBERED_CALL(rmdir, begin(CALL_RMDIR))
REMEMBERED_CALL(unlinkat, begin_unlinkat(args[2]))
REMEMBERED_CALL(mknod, begin_mknod(args[1]))
REMEMBERED_CALL(mknodat, begin_mknod(args[2]))

REMEMBERED_FUNCTION(fsync)
REMEMBERED_FUNCTION(fdatasync)
REMEMBERED_FUNCTION(rmdir)
REMEMBERED_FUNCTION(unlinkat)
