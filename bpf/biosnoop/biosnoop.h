/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biosnoop passes to user space. */
#ifndef KTOP_BIOSNOOP_H
#define KTOP_BIOSNOOP_H

#include "lib/limits.bpf.h"

/* A completed block request. Times are nanoseconds. */
struct biosnoop_event {
	/* CLOCK_MONOTONIC when its last byte was done. */
	__u64 time_ns;
	/* From its first issue to the driver until time_ns. */
	__u64 lat_ns;
	/* From when it was made until its first issue. */
	__u64 queue_ns;
	/* In 512-byte units; 2^64-1: none. */
	__u64 sector;
	/* Like uid: of the process that dirtied the pages; if that is unknown, of the one that made the request. */
	__u64 cgroup_id;
	/* Of the file; unknown if fs_dev is 0. */
	__u64 inode;
	__u32 bytes;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
	/* The disk: major << 20 | first_minor; 0: none. */
	__u32 dev;
	/* The superblock's device: major << 20 | minor. */
	__u32 fs_dev;
	/* The thread that made it and its process; 0: unknown. */
	__u32 tid;
	__u32 pid;
	/* The thread that dirtied the pages and its process; 0: unknown. */
	__u32 writer_tid;
	__u32 writer_pid;
	__u32 uid;
	char comm[16];
	char writer_comm[16];
	/* A name of the file; empty: it has none. */
	char file[NAME_BYTES];
};

#endif
