/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * System calls for the tracepoint tier: their numbers, their arguments, and the file behind a descriptor.
 *
 * Two programs, on sys_enter and sys_exit, serve all calls of a tool. A perf event for each call would do too, but the
 * kernel releases perf events one by one, tens of milliseconds each: quitting took seconds.
 */
#ifndef KTOP_SYSCALL_BPF_H
#define KTOP_SYSCALL_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. Calls that arm64 lacks are below zero. */
enum syscall_number {
#if defined(__TARGET_ARCH_x86)
	SYS_READ = 0,
	SYS_WRITE = 1,
	SYS_OPEN = 2,
	SYS_STAT = 4,
	SYS_FSTAT = 5,
	SYS_LSTAT = 6,
	SYS_PREAD64 = 17,
	SYS_PWRITE64 = 18,
	SYS_READV = 19,
	SYS_WRITEV = 20,
	SYS_SENDFILE = 40,
	SYS_EXECVE = 59,
	SYS_FSYNC = 74,
	SYS_FDATASYNC = 75,
	SYS_RENAME = 82,
	SYS_MKDIR = 83,
	SYS_RMDIR = 84,
	SYS_CREAT = 85,
	SYS_UNLINK = 87,
	SYS_MKNOD = 133,
	SYS_STATFS = 137,
	SYS_FSTATFS = 138,
	SYS_MOUNT = 165,
	SYS_UMOUNT2 = 166,
	SYS_OPENAT = 257,
	SYS_MKDIRAT = 258,
	SYS_MKNODAT = 259,
	SYS_NEWFSTATAT = 262,
	SYS_UNLINKAT = 263,
	SYS_RENAMEAT = 264,
	SYS_SPLICE = 275,
	SYS_PREADV = 295,
	SYS_PWRITEV = 296,
	SYS_RENAMEAT2 = 316,
	SYS_EXECVEAT = 322,
	SYS_COPY_FILE_RANGE = 326,
	SYS_PREADV2 = 327,
	SYS_PWRITEV2 = 328,
	SYS_STATX = 332,
#elif defined(__TARGET_ARCH_arm64)
	SYS_OPEN = -2,
	SYS_MKDIR = -3,
	SYS_RMDIR = -4,
	SYS_CREAT = -5,
	SYS_UNLINK = -6,
	SYS_MKNOD = -7,
	SYS_STAT = -8,
	SYS_LSTAT = -9,
	SYS_RENAME = -10,
	SYS_MKNODAT = 33,
	SYS_MKDIRAT = 34,
	SYS_UNLINKAT = 35,
	SYS_RENAMEAT = 38,
	SYS_UMOUNT2 = 39,
	SYS_MOUNT = 40,
	SYS_STATFS = 43,
	SYS_FSTATFS = 44,
	SYS_OPENAT = 56,
	SYS_READ = 63,
	SYS_WRITE = 64,
	SYS_READV = 65,
	SYS_WRITEV = 66,
	SYS_PREAD64 = 67,
	SYS_PWRITE64 = 68,
	SYS_PREADV = 69,
	SYS_PWRITEV = 70,
	SYS_SENDFILE = 71,
	SYS_SPLICE = 76,
	SYS_NEWFSTATAT = 79,
	SYS_FSTAT = 80,
	SYS_FSYNC = 82,
	SYS_FDATASYNC = 83,
	SYS_EXECVE = 221,
	SYS_RENAMEAT2 = 276,
	SYS_EXECVEAT = 281,
	SYS_COPY_FILE_RANGE = 285,
	SYS_PREADV2 = 286,
	SYS_PWRITEV2 = 287,
	SYS_STATX = 291,
#endif
	SYS_OPEN_TREE = 428,
	SYS_MOVE_MOUNT = 429,
	SYS_FSOPEN = 430,
	SYS_FSCONFIG = 431,
	SYS_FSMOUNT = 432,
	SYS_FSPICK = 433,
	SYS_OPENAT2 = 437,
	SYS_MOUNT_SETATTR = 442,
	SYS_OPEN_TREE_ATTR = 467,
};

/* Number of the call that ends with these registers. kernel/trace/trace_syscalls.c: syscall_get_nr() */
static __always_inline long syscall_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#endif
}

/*
 * Arguments of a call, from the registers that sys_enter and sys_exit hand over. An execve that succeeded has wiped
 * them.
 */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_ARG1(regs) ((regs)->di)
#define SYSCALL_ARG2(regs) ((regs)->si)
#define SYSCALL_ARG3(regs) ((regs)->dx)
#define SYSCALL_ARG4(regs) ((regs)->r10)
#define SYSCALL_ARG5(regs) ((regs)->r8)
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_ARG1(regs) ((regs)->orig_x0)
#define SYSCALL_ARG2(regs) ((regs)->regs[1])
#define SYSCALL_ARG3(regs) ((regs)->regs[2])
#define SYSCALL_ARG4(regs) ((regs)->regs[3])
#define SYSCALL_ARG5(regs) ((regs)->regs[4])
#endif

/* A 32-bit program's call: its numbers mean other calls. arch/x86: TS_COMPAT; arch/arm64: TIF_32BIT */
static __always_inline bool compat_syscall(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(task, thread_info.status) & 0x2;
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(task, thread_info.flags) & (1UL << 22);
#endif
}

/* Name of the function that serves a system call: its only argument is the caller's registers. Since 4.17 and 4.19. */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_PREFIX "__x64_sys_"
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_PREFIX "__arm64_sys_"
#endif

/*
 * The programs around the kernel's function of a system call, for the fentry and kprobe tiers. `fentry` and `kprobe` are done
 * when it begins, with the caller's registers in regs: SYSCALL_ARG1(regs), PT_REGS_PARM1_CORE_SYSCALL(regs). `ends` is done
 * with its result in ret.
 */
#define SYSCALL_PROGRAMS(name, fentry, kprobe, ends)                                                                \
	SEC("fentry/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_PROG(sys_##name##_enter__fentry, struct pt_regs *regs)                                              \
	{                                                                                                           \
		fentry;                                                                                             \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" SYSCALL_PREFIX #name)                                                                          \
	int BPF_PROG(sys_##name##_exit__fentry, struct pt_regs *regs, long ret)                                     \
	{                                                                                                           \
		ends;                                                                                               \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" SYSCALL_PREFIX #name)                                                                         \
	int BPF_KPROBE(sys_##name##_enter__kprobe, struct pt_regs *regs)                                            \
	{                                                                                                           \
		kprobe;                                                                                             \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" SYSCALL_PREFIX #name)                                                                      \
	int BPF_KRETPROBE(sys_##name##_exit__kprobe, long ret)                                                      \
	{                                                                                                           \
		ends;                                                                                               \
		return 0;                                                                                           \
	}

/* include/linux/fs.h: file->f_mode; the same since 5.10 */
#define FMODE_PREAD 0x8
#define FMODE_PWRITE 0x10
#define FMODE_PATH 0x4000
#define FMODE_CREATED 0x100000

/* include/uapi/linux/stat.h: inode->i_mode */
#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFDIR 0040000
#define S_IFREG 0100000

/* include/uapi/linux/fcntl.h */
#define AT_FDCWD -100
#define AT_REMOVEDIR 0x200
#define AT_EMPTY_PATH 0x1000

/* The file behind descriptor `number` of the current task; NULL if there is none. fs/file.c: files_lookup_fd_raw() */
static __always_inline struct file *open_file(__u64 number)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;
	__u32 fd = number;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + fd);
	return file;
}

/*
 * The same for a call that does I/O: NULL also for a descriptor opened with O_PATH. Where this says NULL the call fails
 * with EBADF before any VFS function is reached. fs/file.c: __fget_light()
 */
static __always_inline struct file *fd_file(__u64 number)
{
	struct file *file = open_file(number);

	return file && !(BPF_CORE_READ(file, f_mode) & FMODE_PATH) ? file : 0;
}

/*
 * The same for a call with a file position, such as pread64: NULL also where it fails with EINVAL (negative position)
 * or ESPIPE (`mode`, FMODE_PREAD or FMODE_PWRITE, is not there). fs/read_write.c: ksys_pread64(), do_preadv()
 */
static __always_inline struct file *fd_file_at(__u64 number, __s64 position, __u32 mode)
{
	struct file *file = position < 0 ? 0 : fd_file(number);

	return file && (BPF_CORE_READ(file, f_mode) & mode) ? file : 0;
}

/* preadv2 and pwritev2: position -1 means the file's own. */
static __always_inline struct file *fd_file_v2(__u64 number, __s64 position, __u32 mode)
{
	return position == -1 ? fd_file(number) : fd_file_at(number, position, mode);
}

/* The pipe at one end of a splice is not the file that is read or written. */
static __always_inline struct file *fd_file_spliced(__u64 number)
{
	struct file *file = fd_file(number);

	return file && (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFIFO ? file : 0;
}

/* What the result of a call on a path says. */

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

#endif
