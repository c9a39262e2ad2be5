/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filegone passes to user space. */
#ifndef KTOP_FILEGONE_H
#define KTOP_FILEGONE_H

#include "lib/limits.bpf.h"

/* Size of each name, NUL included, in a short and in a long record. */
#define FILEGONE_SHORT_NAME_BYTES 32
#define FILEGONE_LONG_NAME_BYTES NAME_BYTES

enum filegone_action {
	FILEGONE_UNLINK,
	FILEGONE_RMDIR,
	FILEGONE_RENAME,
};

/*
 * A name was removed or renamed. After the struct: the name and, for FILEGONE_RENAME, the new name, NUL-terminated, each in
 * FILEGONE_SHORT_NAME_BYTES bytes if both fit, otherwise in FILEGONE_LONG_NAME_BYTES.
 */
struct filegone_event {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	/* enum filegone_action */
	__u32 action;
	__u32 unused;
	char comm[16];
};

#endif
