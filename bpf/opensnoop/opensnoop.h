/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What opensnoop passes to user space. */
#ifndef KTOP_OPENSNOOP_H
#define KTOP_OPENSNOOP_H

/*
 * A finished open call. Strings follow:
 *   1. the path argument, if path_parts has PATH_GIVEN
 *   2. the components of the starting directory, innermost first; absent if `walked` is WALK_NONE. Without 1: those of the path of
 *      the file that was opened
 */
struct opensnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	/* Descriptor, or a negative errno. */
	__s32 ret;
	/* O_*: open(2). */
	__u32 flags;
	/* Meaningful with O_CREAT or O_TMPFILE. */
	__u32 mode;
	/* enum walk_result */
	__u8 walked;
	/* Bits of enum path_part */
	__u8 path_parts;
	/* flags and mode were read. */
	__u8 flags_known;
	char comm[16];
};

#endif
