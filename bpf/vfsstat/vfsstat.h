/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What vfsstat passes to user space. */
#ifndef KTOP_VFSSTAT_H
#define KTOP_VFSSTAT_H

/* Calls since the object was loaded, on one CPU. */
struct vfsstat_counts {
	__u64 read;
	__u64 write;
	__u64 fsync;
	__u64 open;
	__u64 create;
	__u64 unlink;
	__u64 mkdir;
	__u64 rmdir;
};

#endif
