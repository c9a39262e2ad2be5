/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Classifies io_uring opcodes as reads or writes.
 */
#ifndef KTOP_IO_URING_BPF_H
#define KTOP_IO_URING_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* include/uapi/linux/io_uring.h: enum io_uring_op. READ_MULTISHOT since 6.7, the last two since 6.15. */
enum {
	IORING_OP_READV = 1,
	IORING_OP_WRITEV = 2,
	IORING_OP_READ_FIXED = 4,
	IORING_OP_WRITE_FIXED = 5,
	IORING_OP_READ = 22,
	IORING_OP_WRITE = 23,
	IORING_OP_READ_MULTISHOT = 49,
	IORING_OP_READV_FIXED = 60,
	IORING_OP_WRITEV_FIXED = 61,
};

static __always_inline bool io_uring_reads(__u8 opcode)
{
	return opcode == IORING_OP_READV || opcode == IORING_OP_READ_FIXED || opcode == IORING_OP_READ ||
	       opcode == IORING_OP_READ_MULTISHOT || opcode == IORING_OP_READV_FIXED;
}

static __always_inline bool io_uring_writes(__u8 opcode)
{
	return opcode == IORING_OP_WRITEV || opcode == IORING_OP_WRITE_FIXED || opcode == IORING_OP_WRITE ||
	       opcode == IORING_OP_WRITEV_FIXED;
}

#endif
