/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filegone hands to user space. */
#ifndef KTOP_FILEGONE_H
#define KTOP_FILEGONE_H

/* Bytes of a name in a record for short names, and in one for any. */
#define FILEGONE_SHORT 32
#define FILEGONE_LONG 256

enum filegone_action {
	FILEGONE_UNLINK,
	FILEGONE_RMDIR,
	FILEGONE_RENAME,
};

/*
 * A name is gone. Behind it, NUL terminated, the name and, for FILEGONE_RENAME, the new name: each in FILEGONE_SHORT bytes if
 * both fit, else in FILEGONE_LONG.
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
