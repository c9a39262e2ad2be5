/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biotop passes to user space. */
#ifndef KTOP_BIOTOP_H
#define KTOP_BIOTOP_H

#include "lib/limits.bpf.h"

/* A process, a disk and an operation; by_file: also a file. */
struct biotop_key {
	/* Of the file; unknown if fs_dev is 0. */
	__u64 inode;
	/* The superblock's device: major << 20 | minor. */
	__u32 fs_dev;
	/* The process that dirtied the pages; if that is unknown, the one that made the requests; 0: unknown. */
	__u32 pid;
	/* The disk: major << 20 | first_minor; 0: none. */
	__u32 dev;
	/* REQ_OP_*: include/linux/blk_types.h */
	__u32 operation;
};

/* Requests completed in an interval. */
struct biotop_value {
	__u64 requests;
	/* Of them: made by another process, which wrote back pages. */
	__u64 written_back;
	__u64 bytes;
	/* Sum of the nanoseconds from their first issue to the driver to the completion of their last byte. */
	__u64 lat_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Of the thread that dirtied the pages of the first of them, or made it. */
	char comm[16];
};

/* by_file: the same with a name of the file; empty: it has none. */
struct biotop_file {
	struct biotop_value total;
	char file[NAME_BYTES];
};

#endif
