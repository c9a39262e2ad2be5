/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biolatency passes to user space. */
#ifndef KTOP_BIOLATENCY_H
#define KTOP_BIOLATENCY_H

#define BIOLATENCY_SLOTS 32

/* Which requests a histogram counts; members that do not distinguish requests are 0. */
struct biolatency_key {
	/* The disk: major << 20 | first_minor. */
	__u32 dev;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
};

/* Requests completed since the object was loaded. */
struct biolatency_hist {
	/* slots[i] counts times of 2^i to 2^(i+1)-1 units; slot 0 also shorter ones, the last slot also longer ones. */
	__u64 slots[BIOLATENCY_SLOTS];
	/* Sum of the times, nanoseconds. */
	__u64 sum_ns;
};

#endif
