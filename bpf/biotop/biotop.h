/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What biotop passes to user space. */
#ifndef KTOP_BIOTOP_H
#define KTOP_BIOTOP_H

/* A process, a disk and an operation. */
struct biotop_key {
	/* The process that made the requests; 0: unknown. */
	__u32 pid;
	/* The disk: major << 20 | first_minor; 0: none. */
	__u32 dev;
	/* REQ_OP_*: include/linux/blk_types.h */
	__u32 operation;
};

/* Requests completed in an interval. */
struct biotop_value {
	__u64 requests;
	__u64 bytes;
	/* Sum of the nanoseconds from their first issue to the driver to the completion of their last byte. */
	__u64 lat_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Of the thread that made the first of them. */
	char comm[16];
};

#endif
