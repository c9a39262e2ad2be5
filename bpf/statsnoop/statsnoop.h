/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What statsnoop passes to user space. */
#ifndef KTOP_STATSNOOP_H
#define KTOP_STATSNOOP_H

/* Which call; the order is that of CALLS in src/tools/statsnoop/mod.ts. */
enum statsnoop_call {
	STATSNOOP_NONE,
	STATSNOOP_STAT,
	STATSNOOP_LSTAT,
	STATSNOOP_FSTAT,
	STATSNOOP_NEWFSTATAT,
	STATSNOOP_STATX,
	STATSNOOP_STATFS,
	STATSNOOP_FSTATFS,
};

/*
 * A finished call of the stat family. Strings follow:
 *   1. the path as passed, if path_parts has PATH_GIVEN
 *   2. unless `walked` is WALK_NONE: the names of the open file's path or of the directory that the path starts at, the last first
 */
struct statsnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	/* 0, or a negative errno. */
	__s32 ret;
	/* The descriptor asked about, or the directory a relative path starts at; STATSNOOP_NO_FD: none was passed. */
	__s32 dirfd;
	/* enum statsnoop_call */
	__u8 call;
	/* enum walk_result */
	__u8 walked;
	/* Bits of enum path_part */
	__u8 path_parts;
	char comm[16];
};

/* Not a valid descriptor. */
#define STATSNOOP_NO_FD (-2147483647 - 1)

#endif
