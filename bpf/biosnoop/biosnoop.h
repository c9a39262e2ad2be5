/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biosnoop passes to user space. */
#ifndef KTOP_BIOSNOOP_H
#define KTOP_BIOSNOOP_H

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
	/* Of the process. */
	__u64 cgroup_id;
	__u32 bytes;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
	/* The disk: major << 20 | first_minor; 0: none. */
	__u32 dev;
	/* The thread that made it and its process; 0: unknown. */
	__u32 tid;
	__u32 pid;
	__u32 uid;
	char comm[16];
};

#endif
