/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What runqslower passes to user space. */
#ifndef KTOP_RUNQSLOWER_H
#define KTOP_RUNQSLOWER_H

/* A thread got a CPU after waiting at least min_us for it. */
struct runqslower_event {
	/* CLOCK_MONOTONIC when it got the CPU, nanoseconds. */
	__u64 time_ns;
	/* Time spent runnable but not running, nanoseconds. */
	__u64 lat_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* The thread and its process; the thread that ran on that CPU before (0: idle) and its process. */
	__u32 tid;
	__u32 pid;
	__u32 prev_tid;
	__u32 prev_pid;
	__u32 cpu;
	/* Of the process. */
	__u32 uid;
	char comm[16];
	char prev_comm[16];
};

#define RUNQSLOWER_SLOTS 32

/* Delays since the object was loaded, on one CPU. */
struct runqslower_hist {
	/* slots[i] counts delays of 2^i to 2^(i+1)-1 microseconds; slot 0 also shorter ones, the last slot also longer ones. */
	__u64 slots[RUNQSLOWER_SLOTS];
};

#endif
