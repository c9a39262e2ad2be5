/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dcsnoop passes to user space. */
#ifndef KTOP_DCSNOOP_H
#define KTOP_DCSNOOP_H

#include "lib/limits.bpf.h"

/* Size of the name, NUL included, in a short and in a long record. */
#define DCSNOOP_SHORT_NAME_BYTES 32
#define DCSNOOP_LONG_NAME_BYTES NAME_BYTES

/* A name was looked up. A short record ends after DCSNOOP_SHORT_NAME_BYTES bytes of `file`. */
struct dcsnoop_event {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	__u32 tid;
	/* 1: not in the cache; 0: found. */
	__u32 missed;
	__u32 uid;
	char comm[16];
	char file[DCSNOOP_LONG_NAME_BYTES];
};

#endif
