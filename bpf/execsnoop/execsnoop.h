/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What execsnoop passes to user space. */
#ifndef KTOP_EXECSNOOP_H
#define KTOP_EXECSNOOP_H

/*
 * A finished execve or execveat. Strings follow: the path of the program, unless it could not be read, and the arguments that
 * were read.
 */
struct execsnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* A bit per argument: its text could not be read and is not among the strings. */
	__u64 unreadable;
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 uid;
	/* 0, or a negative errno. */
	__s32 ret;
	/* Number of arguments in the strings and in `unreadable`. */
	__u16 arguments;
	/* The path was read. */
	__u8 path_known;
	/* There are more arguments, or the last one was cut. */
	__u8 more;
	/*
	 * The arguments are those of an interpreter: its name and possibly an option, then the path of the program and the
	 * arguments passed to the program.
	 */
	__u8 interpreted;
	/* Of the program; of the caller if the call failed. */
	char comm[16];
	/* Of the parent's first thread. */
	char parent_comm[16];
};

#endif
