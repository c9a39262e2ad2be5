/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biosnoop hands to user space. */
#ifndef KTOP_BIOSNOOP_H
#define KTOP_BIOSNOOP_H

/* A block request has been completed. */
struct biosnoop_event {
	/* CLOCK_MONOTONIC when its last byte was done, nanoseconds. */
	__u64 time_ns;
	/* From its first issue to the driver until then. */
	__u64 lat_ns;
	/* From when it was made until its first issue. */
	__u64 queue_ns;
	/* 2^64-1: it has none. */
	__u64 sector;
	__u32 bytes;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
	/* Of the disk: major << 20 | first_minor; 0: it has none. */
	__u32 dev;
	/* The thread that made it and its process; 0: unknown. */
	__u32 tid;
	__u32 pid;
	/* NUL terminated; what follows the NUL means nothing. */
	char comm[16];
};

#endif
