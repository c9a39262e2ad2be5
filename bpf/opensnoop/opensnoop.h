/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What opensnoop passes to user space. */
#ifndef KTOP_OPENSNOOP_H
#define KTOP_OPENSNOOP_H

/*
 * A finished open call. Strings follow: the path as passed, unless it could not be read; then, unless `walked` is WALK_NONE, the
 * names of the directory it starts at, the last first.
 */
struct opensnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	/* Descriptor, or a negative errno. */
	__s32 ret;
	/* O_*, and the mode for a new file. */
	__u32 flags;
	__u32 mode;
	/* enum walked */
	__u8 walked;
	/* The path was read. */
	__u8 path_known;
	/* flags and mode were read. */
	__u8 flags_known;
	char comm[16];
};

#endif
