/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What fsslower passes to user space. */
#ifndef KTOP_FSSLOWER_H
#define KTOP_FSSLOWER_H

#include "lib/limits.bpf.h"

/* An operation that took at least min_ns. A short record ends after 40 bytes of `file`, if the name fits. The names
 * of its path may follow, the last first. */
struct fsslower_event {
	/* CLOCK_MONOTONIC when it ended, nanoseconds. */
	__u64 time_ns;
	__u64 lat_ns;
	/* What it returned: bytes of a read or write, else 0, or a negative errno. */
	__s64 ret;
	/* File offset at which a read or write started, bytes; -1: the operation has no offset (open, fsync). */
	__s64 offset;
	__u64 inode;
	/* Of the process. */
	__u64 cgroup_id;
	/* superblock->s_dev */
	__u32 dev;
	__u32 tid;
	__u32 pid;
	__u32 uid;
	/* enum fs_operation (lib/fs_call.bpf.h) */
	__u8 operation;
	/* With full_path: enum walk_result; WALK_NONE: no path follows. */
	__u8 walked;
	/* The name by which the file was opened has been removed. */
	__u8 deleted;
	char comm[16];
	char file[NAME_BYTES];
};

#endif
