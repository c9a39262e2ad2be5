/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What runqlat passes to user space. */
#ifndef KTOP_RUNQLAT_H
#define KTOP_RUNQLAT_H

#define RUNQLAT_SLOTS 32

/* Waits since the object was loaded, on one CPU. */
struct runqlat_hist {
	/* slots[i] counts waits of 2^i to 2^(i+1)-1 units; slot 0 also shorter ones, the last slot also longer ones. */
	__u64 slots[RUNQLAT_SLOTS];
	/* Nanoseconds of all of them. */
	__u64 sum_ns;
};

/* Waits of one process in an interval. */
struct runqlat_process {
	__u64 slots[RUNQLAT_SLOTS];
	__u64 sum_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Of the process's main thread, NUL-terminated. */
	char comm[16];
};

#endif
