/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the tools that count by stack pass to user space. */
#ifndef KTOP_STACKS_H
#define KTOP_STACKS_H

/* A stack of a thread or process. */
struct stack_key {
	/* Hash of the addresses. */
	__u64 hash;
	__u32 pid;
	/* 0: all threads of the process with this name. */
	__u32 tid;
	char comm[16];
};

/* Since the element was inserted. */
struct stack_counts {
	__u64 count;
	__u64 time_ns;
	/* The addresses are in the ring buffer, or were read. */
	__u32 sent;
	/* A wait is in progress, which will be added: the element must not be deleted. */
	__u32 waiting;
};

/* What found no room in the map, since the object was loaded. */
struct stack_missed {
	__u64 count;
	__u64 time_ns;
};

/* The record of a stack. The addresses follow, each a __u64: those of the kernel, then those of the program, innermost first. */
struct stack_record {
	__u64 hash;
	__u32 pid;
	/* Number of addresses. */
	__u16 kernel_frames;
	__u16 user_frames;
};

#endif
