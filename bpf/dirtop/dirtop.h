/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dirtop passes to user space. */
#ifndef KTOP_DIRTOP_H
#define KTOP_DIRTOP_H

/* A directory: its inode, the device of its superblock (as s_dev), and on btrfs its subvolume. */
struct dirtop_directory {
	__u64 inode;
	__u32 dev;
	__u32 subvolume;
};

/* I/O below one directory since the object was loaded, on one CPU. */
struct dirtop_counts {
	/* Finished calls, failed ones included. */
	__u64 reads;
	__u64 writes;
	/* Bytes transferred: the sum of the positive return values. */
	__u64 read_bytes;
	__u64 write_bytes;
};

#endif
