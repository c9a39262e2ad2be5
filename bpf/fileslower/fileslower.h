/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What fileslower passes to user space. */
#ifndef KTOP_FILESLOWER_H
#define KTOP_FILESLOWER_H

#include "lib/limits.bpf.h"

/* A read or write that took at least min_ns. A short record ends within `file`. The names of its path may follow,
 * the last first. */
struct fileslower_event {
	/* CLOCK_MONOTONIC when it ended, nanoseconds. */
	__u64 time_ns;
	__u64 lat_ns;
	/* Bytes read or written, or a negative errno. */
	__s64 ret;
	__u64 inode;
	/* Of the process. */
	__u64 cgroup_id;
	/* superblock->s_dev and inode->i_mode. */
	__u32 dev;
	__u32 mode;
	__u32 tid;
	__u32 pid;
	__u32 uid;
	/* 0 a read, 1 a write. */
	__u8 writes;
	/* With full_path: enum walk_result; WALK_NONE: no path follows. */
	__u8 walked;
	/* The name by which the file was opened has been removed. */
	__u8 deleted;
	char comm[16];
	char file[NAME_BYTES];
};

#endif
