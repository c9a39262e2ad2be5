/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What fsdist passes to user space. */
#ifndef KTOP_FSDIST_H
#define KTOP_FSDIST_H

/* Operations of one kind since the object was loaded, on one CPU, by their duration (hist.bpf.h). */
struct fsdist_hist {
	__u64 slots[32];
	/* Nanoseconds of all of them. */
	__u64 sum_ns;
};

#endif
