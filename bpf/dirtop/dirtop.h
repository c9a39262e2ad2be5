/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dirtop passes to user space. */
#ifndef KTOP_DIRTOP_H
#define KTOP_DIRTOP_H

/* I/O below one directory since the object was loaded, on one CPU. */
struct dirtop_counts {
	/* Finished calls, failed ones included. */
	__u64 reads;
	__u64 writes;
	/* Bytes returned. */
	__u64 read_bytes;
	__u64 write_bytes;
};

#endif
