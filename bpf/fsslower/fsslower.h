/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What fsslower hands to user space. */
#ifndef KTOP_FSSLOWER_H
#define KTOP_FSSLOWER_H

/* An operation that took at least min_ns. A record may end within `file`: only as much of the name as there is. */
struct fsslower_event {
	/* CLOCK_MONOTONIC when it ended, nanoseconds. */
	__u64 time_ns;
	/* How long it took, nanoseconds. */
	__u64 lat_ns;
	/* What it returned: bytes of a read or write, else 0, or a negative errno. */
	__s64 ret;
	/* Where a read or write began, bytes; -1: no meaning. */
	__s64 offset;
	__u64 inode;
	/* superblock->s_dev */
	__u32 dev;
	__u32 tid;
	__u32 pid;
	/* enum fs_operation: 0 read, 1 write, 2 open, 3 fsync. */
	__u32 operation;
	/* NUL terminated; what follows the NUL means nothing. */
	char comm[16];
	char file[256];
};

#endif
