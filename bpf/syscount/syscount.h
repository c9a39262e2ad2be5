/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What syscount passes to user space. */
#ifndef KTOP_SYSCOUNT_H
#define KTOP_SYSCOUNT_H

/* Numbers of calls are less than this; a power of two. */
#define SYSCOUNT_NUMBERS 1024

/* Bits of a call beside its number. */
enum syscount_call {
	/* By a 32-bit program, whose numbers come from another table. */
	SYSCOUNT_COMPAT = 1 << 30,
	/* The number is not less than SYSCOUNT_NUMBERS and is not kept. */
	SYSCOUNT_UNKNOWN = 1 << 29,
};

/* Calls since the object was loaded, of all programs. */
struct syscount_counts {
	__u64 calls;
	/* Those that returned an error. */
	__u64 errors;
	/* Nanoseconds from start to end; only counted with `timed`. */
	__u64 time_ns;
};

/* The same of one process, in an interval. */
struct syscount_process {
	__u64 calls;
	__u64 errors;
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Of its main thread. */
	char comm[16];
};

#endif
