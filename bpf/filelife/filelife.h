/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filelife hands to user space. */
#ifndef KTOP_FILELIFE_H
#define KTOP_FILELIFE_H

/* Bytes of the name in a record for short names, and in one for any. */
#define FILELIFE_SHORT 32
#define FILELIFE_LONG 256

/* A file whose creation was seen has lost its last name. The record is cut after FILELIFE_SHORT bytes of a short name. */
struct filelife_event {
	/* CLOCK_MONOTONIC of its end, nanoseconds. */
	__u64 time_ns;
	/* Since its creation, nanoseconds. */
	__u64 age_ns;
	/* The process and the thread that removed it. */
	__u32 pid;
	__u32 tid;
	char comm[16];
	/* Last component of its path, NUL terminated; what follows the NUL means nothing. */
	char file[FILELIFE_LONG];
};

#endif
