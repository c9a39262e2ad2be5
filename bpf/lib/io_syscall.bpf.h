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

/* The calls of these families, for a table of system calls: the value of those that are counted here, else `none`. */
#define IO_SYSCALLS(CALL, reads, writes, both, none)                                                                \
	CALL(SYS_READ, syscalls_read ? reads : none)                                                                \
	CALL(SYS_PREAD64, syscalls_read ? reads : none)                                                             \
	CALL(SYS_WRITE, syscalls_write ? writes : none)                                                             \
	CALL(SYS_PWRITE64, syscalls_write ? writes : none)                                                          \
	CALL(SYS_READV, syscalls_readv ? reads : none)                                                              \
	CALL(SYS_PREADV, syscalls_readv ? reads : none)                                                             \
	CALL(SYS_PREADV2, syscalls_readv ? reads : none)                                                            \
	CALL(SYS_WRITEV, syscalls_writev ? writes : none)                                                           \
	CALL(SYS_PWRITEV, syscalls_writev ? writes : none)                                                          \
	CALL(SYS_PWRITEV2, syscalls_writev ? writes : none)                                                         \
	CALL(SYS_SENDFILE, syscalls_splice ? both : none)                                                           \
	CALL(SYS_SPLICE, syscalls_splice ? both : none)                                                             \
	CALL(SYS_COPY_FILE_RANGE, syscalls_splice ? both : none)

/* What a counted call does to files. */
#define READS 1
#define WRITES 2

#define COUNTED_IO_SYSCALLS(CALL) IO_SYSCALLS(CALL, READS, WRITES, READS | WRITES, 0)

/* Whether a call of the read or write family passes a file position. */
static __always_inline bool passes_position(long number)
{
	return number == SYS_PREAD64 || number == SYS_PWRITE64 || number == SYS_PREADV || number == SYS_PWRITEV;
}

/* preadv2, pwritev2: position -1 means the current file offset. */
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
