/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the tools that count by stack pass to user space. */
#ifndef KTOP_STACKS_H
#define KTOP_STACKS_H

/* A stack of a process: user addresses mean something in one process only. */
struct stack_id {
	/* Hash of the addresses. */
	__u64 hash;
	__u32 pid;
	__u32 unused;
};

struct stack_key {
	__u64 hash;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 pid;
	/* 0: all threads of the process with this name. */
	__u32 tid;
	__u32 uid;
	__u32 unused;
	char comm[16];
};

/* In an interval. */
struct stack_counts {
	__u64 count;
	__u64 time_ns;
};

/* The record of a stack. The addresses follow, each a __u64: those of the kernel, then those of the program, innermost first. */
struct stack_record {
	struct stack_id id;
	/* Number of addresses. */
	__u32 kernel_frames;
	__u32 user_frames;
};

#endif
