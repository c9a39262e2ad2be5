/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filelife passes to user space. */
#ifndef KTOP_FILELIFE_H
#define KTOP_FILELIFE_H

/*
 * The last link of a file was removed, and its creation had been traced. Strings follow:
 *   1. its name, or with PATH_GIVEN the path as passed
 *   2. the names of the directory that had it, or at which its path starts, the last first; none if `walked` is WALK_NONE
 */
struct filelife_event {
	/* CLOCK_MONOTONIC of its removal, nanoseconds. */
	__u64 time_ns;
	/* Since its creation, nanoseconds. */
	__u64 age_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* The process and the thread that removed it. */
	__u32 pid;
	__u32 tid;
	__u32 uid;
	/* Bits of enum path_part. */
	__u8 path_parts;
	/* enum walk_result */
	__u8 walked;
	char comm[16];
};

#endif
