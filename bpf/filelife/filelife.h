/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filelife passes to user space. */
#ifndef KTOP_FILELIFE_H
#define KTOP_FILELIFE_H

#include "lib/limits.bpf.h"

/* Size of the name, NUL included, in a short and in a long record. */
#define FILELIFE_SHORT_NAME_BYTES 32
#define FILELIFE_LONG_NAME_BYTES NAME_BYTES

/*
 * The last link of a file was removed, and its creation had been traced. A short record ends after FILELIFE_SHORT_NAME_BYTES bytes
 * of `file`.
 */
struct filelife_event {
	/* CLOCK_MONOTONIC of its removal, nanoseconds. */
	__u64 time_ns;
	/* Since its creation, nanoseconds. */
	__u64 age_ns;
	/* The process and the thread that removed it. */
	__u32 pid;
	__u32 tid;
	char comm[16];
	/* Last component of its path. */
	char file[FILELIFE_LONG_NAME_BYTES];
};

#endif
