/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dcsnoop hands to user space. */
#ifndef KTOP_DCSNOOP_H
#define KTOP_DCSNOOP_H

/* Bytes of the name in a record for short names, and in one for any. */
#define DCSNOOP_SHORT 32
#define DCSNOOP_LONG 256

/* A path component was looked up. The record is cut after DCSNOOP_SHORT bytes of a short name. */
struct dcsnoop_event {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	/* 1: it was not in the cache; 0: it was. */
	__u32 missed;
	__u32 unused;
	char comm[16];
	/* NUL terminated; what follows the NUL means nothing. */
	char file[DCSNOOP_LONG];
};

#endif
