/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What offcputime passes to user space. */
#ifndef KTOP_OFFCPUTIME_H
#define KTOP_OFFCPUTIME_H

/* A wait in progress. */
struct offcputime_start {
	/* Of the stack. */
	__u64 hash;
	/* CLOCK_MONOTONIC, nanoseconds */
	__u64 ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	__u32 uid;
	char comm[16];
};

#endif
