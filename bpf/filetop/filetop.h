/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What filetop passes to user space. */
#ifndef KTOP_FILETOP_H
#define KTOP_FILETOP_H

#include "lib/limits.bpf.h"

/* A file and a thread (by_process: a process) that uses it. */
struct filetop_key {
	__u64 inode;
	/* The superblock's device as the kernel encodes it: major << 20 | minor. */
	__u32 dev;
	/* Thread id; by_process: process id. */
	__u32 tid;
};

struct filetop_value {
	/* Finished calls, failed ones included. */
	__u64 reads;
	__u64 writes;
	/* Bytes returned. */
	__u64 read_bytes;
	__u64 write_bytes;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* Process id (tgid). */
	__u32 pid;
	/* inode->i_mode: type and permissions. */
	__u32 mode;
	/* Of the thread; by_process: of the process's main thread. */
	char comm[16];
	/* Last component of the path by which the file was opened, NUL-terminated; empty for pipes. */
	char file[NAME_BYTES];
};

/* The path of the file of a key. Its names follow as strings, the last first. */
struct filetop_path {
	struct filetop_key key;
	/* enum walk_result */
	__u8 walked;
	/* The name by which the file was opened has been removed. */
	__u8 deleted;
};

#endif
