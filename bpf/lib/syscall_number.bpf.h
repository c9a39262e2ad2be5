/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * System calls by number.
 */
#ifndef KTOP_SYSCALL_NUMBER_BPF_H
#define KTOP_SYSCALL_NUMBER_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"

/*
 * arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. Calls that do not exist on arm64 are negative and
 * never match.
 */
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
	SYS_ACCEPT = 43,
	SYS_EXECVE = 59,
	SYS_FSYNC = 74,
	SYS_FDATASYNC = 75,
	SYS_RENAME = 82,
	SYS_MKDIR = 83,
	SYS_RMDIR = 84,
	SYS_CREAT = 85,
	SYS_LINK = 86,
	SYS_UNLINK = 87,
	SYS_MKNOD = 133,
	SYS_STATFS = 137,
	SYS_FSTATFS = 138,
	SYS_PIVOT_ROOT = 155,
	SYS_MOUNT = 165,
	SYS_UMOUNT2 = 166,
	SYS_OPENAT = 257,
	SYS_MKDIRAT = 258,
	SYS_MKNODAT = 259,
	SYS_NEWFSTATAT = 262,
	SYS_UNLINKAT = 263,
	SYS_RENAMEAT = 264,
	SYS_LINKAT = 265,
	SYS_SPLICE = 275,
	SYS_ACCEPT4 = 288,
	SYS_PREADV = 295,
	SYS_PWRITEV = 296,
	SYS_OPEN_BY_HANDLE_AT = 304,
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
	SYS_LINK = -11,
	SYS_MKNODAT = 33,
	SYS_MKDIRAT = 34,
	SYS_UNLINKAT = 35,
	SYS_LINKAT = 37,
	SYS_RENAMEAT = 38,
	SYS_UMOUNT2 = 39,
	SYS_MOUNT = 40,
	SYS_PIVOT_ROOT = 41,
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
	SYS_ACCEPT = 202,
	SYS_EXECVE = 221,
	SYS_ACCEPT4 = 242,
	SYS_OPEN_BY_HANDLE_AT = 265,
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
	/* umount(2) of 32-bit programs, which has no flags. No 64-bit call has this number. */
	SYS_OLDUMOUNT = 1000,
	/* socketcall(2) of 32-bit programs. */
	SYS_SOCKETCALL = 1001,
};

#if defined(__TARGET_ARCH_x86)
/*
 * The 64-bit call with the same arguments as a call of a 32-bit program, apart from file positions (position_argument()); -1: none
 * that a tool reports.
 * arch/x86/entry/syscalls/syscall_32.tbl
 */
static __always_inline long compat_to_native(long number)
{
#define MAP(compat, native)                                                                                         \
	case compat:                                                                                                \
		return native;

	switch (number) {
	MAP(3, SYS_READ)
	MAP(4, SYS_WRITE)
	MAP(5, SYS_OPEN)
	MAP(8, SYS_CREAT)
	MAP(9, SYS_LINK)
	MAP(10, SYS_UNLINK)
	MAP(11, SYS_EXECVE)
	MAP(14, SYS_MKNOD)
	/* oldstat, stat, stat64 */
	MAP(18, SYS_STAT)
	MAP(106, SYS_STAT)
	MAP(195, SYS_STAT)
	MAP(21, SYS_MOUNT)
	MAP(22, SYS_OLDUMOUNT)
	/* oldfstat, fstat, fstat64 */
	MAP(28, SYS_FSTAT)
	MAP(108, SYS_FSTAT)
	MAP(197, SYS_FSTAT)
	MAP(38, SYS_RENAME)
	MAP(39, SYS_MKDIR)
	MAP(40, SYS_RMDIR)
	MAP(52, SYS_UMOUNT2)
	/* oldlstat, lstat, lstat64 */
	MAP(84, SYS_LSTAT)
	MAP(107, SYS_LSTAT)
	MAP(196, SYS_LSTAT)
	/* statfs, statfs64 */
	MAP(99, SYS_STATFS)
	MAP(268, SYS_STATFS)
	/* fstatfs, fstatfs64 */
	MAP(100, SYS_FSTATFS)
	MAP(269, SYS_FSTATFS)
	MAP(102, SYS_SOCKETCALL)
	MAP(118, SYS_FSYNC)
	MAP(145, SYS_READV)
	MAP(146, SYS_WRITEV)
	MAP(148, SYS_FDATASYNC)
	MAP(180, SYS_PREAD64)
	MAP(181, SYS_PWRITE64)
	/* sendfile, sendfile64 */
	MAP(187, SYS_SENDFILE)
	MAP(239, SYS_SENDFILE)
	MAP(217, SYS_PIVOT_ROOT)
	MAP(295, SYS_OPENAT)
	MAP(296, SYS_MKDIRAT)
	MAP(297, SYS_MKNODAT)
	MAP(300, SYS_NEWFSTATAT)
	MAP(301, SYS_UNLINKAT)
	MAP(302, SYS_RENAMEAT)
	MAP(303, SYS_LINKAT)
	MAP(313, SYS_SPLICE)
	MAP(333, SYS_PREADV)
	MAP(334, SYS_PWRITEV)
	MAP(342, SYS_OPEN_BY_HANDLE_AT)
	MAP(353, SYS_RENAMEAT2)
	MAP(358, SYS_EXECVEAT)
	MAP(364, SYS_ACCEPT4)
	MAP(377, SYS_COPY_FILE_RANGE)
	MAP(378, SYS_PREADV2)
	MAP(379, SYS_PWRITEV2)
	MAP(383, SYS_STATX)
	case SYS_OPEN_TREE:
	case SYS_MOVE_MOUNT:
	case SYS_FSOPEN:
	case SYS_FSCONFIG:
	case SYS_FSMOUNT:
	case SYS_FSPICK:
	case SYS_OPENAT2:
	case SYS_MOUNT_SETATTR:
	case SYS_OPEN_TREE_ATTR:
		return number;
	default:
		return -1;
	}
#undef MAP
}
#elif defined(__TARGET_ARCH_arm64)
static __always_inline long compat_to_native(long number)
{
	return -1;
}
#endif

/* The 64-bit number of a call by its raw number, the one in the register; -1: a 32-bit call that no tool reports. */
static __always_inline long native_number(long raw, bool compat)
{
	return compat ? compat_to_native(raw) : raw;
}

/* The raw number at sys_exit. kernel/trace/trace_syscalls.c: syscall_get_nr() */
static __always_inline long raw_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#endif
}

/* The same in a kprobe program, whose pointer to the registers is a scalar to the verifier. */
static __always_inline long read_raw_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(regs, orig_ax);
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, syscallno);
#endif
}

/* x86: TS_COMPAT; arm64: TIF_32BIT */
#if defined(__TARGET_ARCH_x86)
#define THREAD_ABI thread_info.status
#define THREAD_ABI_COMPAT 0x2
#elif defined(__TARGET_ARCH_arm64)
#define THREAD_ABI thread_info.flags
#define THREAD_ABI_COMPAT (1UL << 22)
#endif

/* True for a 32-bit system call, whose number comes from another table than the enum above. */
static __always_inline bool is_compat_syscall(void)
{
	struct task_struct *task;

	/* A plain load: reading the memory through a helper takes ten times as long. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->THREAD_ABI & THREAD_ABI_COMPAT;
	task = (struct task_struct *)bpf_get_current_task();
	return BPF_CORE_READ(task, THREAD_ABI) & THREAD_ABI_COMPAT;
}

/*
 * A table of system calls is a macro that expands CALL(number, value) for each of them. This defines the function that looks up a
 * number's value: `none` for a number that is not in the table.
 */
#define SYSCALL_LOOKUP(type, function, none, table)                                                                 \
	static __always_inline type function(long number)                                                           \
	{                                                                                                           \
		switch (number) {                                                                                   \
			table(SYSCALL_CASE)                                                                         \
		default:                                                                                            \
			return none;                                                                                \
		}                                                                                                   \
	}

#define SYSCALL_CASE(number, value)                                                                                 \
	case number:                                                                                                \
		return value;

#define OPEN_SYSCALLS(CALL, value)                                                                                  \
	CALL(SYS_OPENAT, value)                                                                                     \
	CALL(SYS_OPEN, value)                                                                                       \
	CALL(SYS_OPENAT2, value)                                                                                    \
	CALL(SYS_CREAT, value)                                                                                      \
	CALL(SYS_OPEN_BY_HANDLE_AT, value)

#define EVERY_OPEN(CALL) OPEN_SYSCALLS(CALL, true)

SYSCALL_LOOKUP(bool, is_open, false, EVERY_OPEN)

#endif
