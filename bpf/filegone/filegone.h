/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filegone passes to user space. */
#ifndef KTOP_FILEGONE_H
#define KTOP_FILEGONE_H

enum filegone_action {
	FILEGONE_UNLINK,
	FILEGONE_RMDIR,
	FILEGONE_RENAME,
};

/*
 * A name was removed or renamed. Strings follow:
 *   1. the name, or with PATH_GIVEN the path as passed
 *   2. for FILEGONE_RENAME: the new one
 *   3. `names` names of the directory that has it, or at which its path starts, the last first; none if `walked` is WALK_NONE
 *   4. for FILEGONE_RENAME, unless same_directory: the same of the new one
 */
struct filegone_event {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	/* enum filegone_action */
	__u8 action;
	/* Bits of enum path_part. */
	__u8 path_parts;
	__u8 new_path_parts;
	/* enum walk_result */
	__u8 walked;
	__u8 new_walked;
	__u8 same_directory;
	__u16 names;
	char comm[16];
};

#endif
