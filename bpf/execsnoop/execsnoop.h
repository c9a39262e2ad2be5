/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What execsnoop hands to user space. */
#ifndef KTOP_EXECSNOOP_H
#define KTOP_EXECSNOOP_H

/*
 * One call of execve or execveat, ended. Strings follow: the path of the program, unless it could not be read, and the
 * arguments that were read.
 */
struct execsnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	/* A bit for each argument: its text could not be read and is not among the strings. */
	__u64 unreadable;
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 uid;
	/* 0, or a negative errno. */
	__s32 ret;
	/* Arguments in the strings and in `unreadable`. */
	__u16 arguments;
	/* The path was read. */
	__u8 path_known;
	/* There are more arguments, or more of the last one. */
	__u8 more;
	/*
	 * The arguments are those of an interpreter: its name and perhaps an argument of its own, then the path of the program
	 * and the arguments that the program was given.
	 */
	__u8 interpreted;
	/* Of the program; of the caller where the call failed. */
	char comm[16];
};

#endif
