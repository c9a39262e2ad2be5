/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Reads and writes by their system calls, for the tracepoint tier: which calls are counted, and on which file.
 */
#ifndef KTOP_IO_SYSCALL_BPF_H
#define KTOP_IO_SYSCALL_BPF_H

#include "file.bpf.h"
#include "sys_tracepoints.bpf.h"
#include "syscall_args.bpf.h"
#include "syscall_number.bpf.h"

/* Families of system calls that are counted here, because their VFS function is not hooked. */
const volatile bool syscalls_read = false;
const volatile bool syscalls_write = false;
const volatile bool syscalls_readv = false;
const volatile bool syscalls_writev = false;
const volatile bool syscalls_splice = false;

/* The calls of these families. */
#define IO_SYSCALLS                                                                                                 \
	SYS_READ, SYS_PREAD64, SYS_WRITE, SYS_PWRITE64, SYS_READV, SYS_PREADV, SYS_PREADV2, SYS_WRITEV, SYS_PWRITEV, \
		SYS_PWRITEV2, SYS_SENDFILE, SYS_SPLICE, SYS_COPY_FILE_RANGE

/* What a system call does to files. */
#define READS 1
#define WRITES 2

/* What the call does if it is counted here, else 0. */
static __always_inline __u32 effect_of(long number)
{
	switch (number) {
	case SYS_READ:
	case SYS_PREAD64:
		return syscalls_read ? READS : 0;
	case SYS_WRITE:
	case SYS_PWRITE64:
		return syscalls_write ? WRITES : 0;
	case SYS_READV:
	case SYS_PREADV:
	case SYS_PREADV2:
		return syscalls_readv ? READS : 0;
	case SYS_WRITEV:
	case SYS_PWRITEV:
	case SYS_PWRITEV2:
		return syscalls_writev ? WRITES : 0;
	case SYS_SENDFILE:
	case SYS_SPLICE:
	case SYS_COPY_FILE_RANGE:
		return syscalls_splice ? READS | WRITES : 0;
	default:
		return 0;
	}
}

/* Whether a call of the read or write family passes a file position. */
static __always_inline bool passes_position(long number)
{
	return number == SYS_PREAD64 || number == SYS_PWRITE64 || number == SYS_PREADV || number == SYS_PWRITEV;
}

/* preadv2 and pwritev2, whose position may be -1: the file's own. */
static __always_inline bool may_pass_position(long number)
{
	return number == SYS_PREADV2 || number == SYS_PWRITEV2;
}

/* The file of a call of the read or write family; NULL if the call fails before it reaches the file. */
static __always_inline struct file *io_syscall_file(const struct syscall *call, __u32 mode)
{
	__u64 fd = call->arguments[0];

	if (passes_position(call->number))
		return positioned_file_from_fd(fd, position_argument(call), mode);
	if (may_pass_position(call->number))
		return preadv2_file_from_fd(fd, position_argument(call), mode);
	return io_file_from_fd(fd);
}

#endif
