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
	SYS_EXECVE = 221,
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
};

#if defined(__TARGET_ARCH_x86)
/*
 * The 64-bit call with the same arguments as a call of a 32-bit program, apart from file positions (position_argument()); -1: none
 * that a tool reports.
 * arch/x86/entry/syscalls/syscall_32.tbl
 */
static __always_inline long native_number(long compat_number)
{
	switch (compat_number) {
	case 3:
		return SYS_READ;
	case 4:
		return SYS_WRITE;
	case 5:
		return SYS_OPEN;
	case 8:
		return SYS_CREAT;
	case 9:
		return SYS_LINK;
	case 10:
		return SYS_UNLINK;
	case 11:
		return SYS_EXECVE;
	case 14:
		return SYS_MKNOD;
	/* oldstat, stat, stat64 */
	case 18:
	case 106:
	case 195:
		return SYS_STAT;
	case 21:
		return SYS_MOUNT;
	case 22:
		return SYS_OLDUMOUNT;
	case 28:
	case 108:
	case 197:
		return SYS_FSTAT;
	case 38:
		return SYS_RENAME;
	case 39:
		return SYS_MKDIR;
	case 40:
		return SYS_RMDIR;
	case 52:
		return SYS_UMOUNT2;
	case 84:
	case 107:
	case 196:
		return SYS_LSTAT;
	/* statfs, statfs64 */
	case 99:
	case 268:
		return SYS_STATFS;
	case 100:
	case 269:
		return SYS_FSTATFS;
	case 118:
		return SYS_FSYNC;
	case 145:
		return SYS_READV;
	case 146:
		return SYS_WRITEV;
	case 148:
		return SYS_FDATASYNC;
	case 180:
		return SYS_PREAD64;
	case 181:
		return SYS_PWRITE64;
	/* sendfile, sendfile64 */
	case 187:
	case 239:
		return SYS_SENDFILE;
	case 217:
		return SYS_PIVOT_ROOT;
	case 295:
		return SYS_OPENAT;
	case 296:
		return SYS_MKDIRAT;
	case 297:
		return SYS_MKNODAT;
	case 300:
		return SYS_NEWFSTATAT;
	case 301:
		return SYS_UNLINKAT;
	case 302:
		return SYS_RENAMEAT;
	case 303:
		return SYS_LINKAT;
	case 313:
		return SYS_SPLICE;
	case 333:
		return SYS_PREADV;
	case 334:
		return SYS_PWRITEV;
	case 342:
		return SYS_OPEN_BY_HANDLE_AT;
	case 353:
		return SYS_RENAMEAT2;
	case 358:
		return SYS_EXECVEAT;
	case 377:
		return SYS_COPY_FILE_RANGE;
	case 378:
		return SYS_PREADV2;
	case 379:
		return SYS_PWRITEV2;
	case 383:
		return SYS_STATX;
	case SYS_OPEN_TREE:
	case SYS_MOVE_MOUNT:
	case SYS_FSOPEN:
	case SYS_FSCONFIG:
	case SYS_FSMOUNT:
	case SYS_FSPICK:
	case SYS_OPENAT2:
	case SYS_MOUNT_SETATTR:
	case SYS_OPEN_TREE_ATTR:
		return compat_number;
	default:
		return -1;
	}
}
#elif defined(__TARGET_ARCH_arm64)
static __always_inline long native_number(long compat_number)
{
	return -1;
}
#endif

/* The 64-bit number of a call; -1: a 32-bit call that no tool reports. */
static __always_inline long native_syscall(long number, bool compat)
{
	return compat ? native_number(number) : number;
}

/* The system call number at sys_exit. kernel/trace/trace_syscalls.c: syscall_get_nr() */
static __always_inline long syscall_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#endif
}

/* The same in a kprobe program, whose pointer to the registers is a scalar to the verifier. */
static __always_inline long read_syscall_number(struct pt_regs *regs)
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

#define OPEN_SYSCALLS SYS_OPENAT, SYS_OPEN, SYS_OPENAT2, SYS_CREAT, SYS_OPEN_BY_HANDLE_AT

/* One of OPEN_SYSCALLS. */
static __always_inline bool is_open(long number)
{
	return number == SYS_OPENAT || number == SYS_OPEN || number == SYS_OPENAT2 || number == SYS_CREAT ||
	       number == SYS_OPEN_BY_HANDLE_AT;
}

#endif
