/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What execsnoop passes to user space. */
#ifndef KTOP_EXECSNOOP_H
#define KTOP_EXECSNOOP_H

/* Ancestors of a process that are recorded. */
#define MAX_PARENTS 8

enum execsnoop_kind {
	/* A finished execve or execveat. */
	EXECSNOOP_CALL,
	/* The end of a process that executed a program; with --exit. */
	EXECSNOOP_EXIT,
	/* The end of a program that executed another one; with --exit. */
	EXECSNOOP_REPLACED,
};

/*
 * A call, or the end of a program, of which only time_ns, pid, ret and kind are set. Strings follow a call: the names of the
 * parents, the path of the program, unless it could not be read, and the arguments that were read.
 */
struct execsnoop_event {
	/* CLOCK_MONOTONIC, when the call or the program ended. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* A bit per argument: its text could not be read and is not among the strings. */
	__u64 unreadable;
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 uid;
	/* Of a call: 0, or a negative errno. Of an exit: the status as in wait(2). */
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
	/* enum execsnoop_kind */
	__u8 kind;
	/* Number of parents. */
	__u8 parents;
	/* There are more than MAX_PARENTS. */
	__u8 more_parents;
	/* Of the program; of the caller if the call failed. */
	char comm[16];
	/* Of the parent's first thread. */
	char parent_comm[16];
	/* Process ids of the parents, the nearest first. */
	__u32 parent_pids[MAX_PARENTS];
};

#endif
