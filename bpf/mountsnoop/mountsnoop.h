/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What mountsnoop passes to user space. */
#ifndef KTOP_MOUNTSNOOP_H
#define KTOP_MOUNTSNOOP_H

/* Which call; the order is that of CALLS in src/tools/mountsnoop/calls.ts. */
enum mountsnoop_call {
	MOUNTSNOOP_NONE,
	MOUNTSNOOP_MOUNT,
	MOUNTSNOOP_UMOUNT,
	MOUNTSNOOP_FSOPEN,
	MOUNTSNOOP_FSPICK,
	MOUNTSNOOP_FSCONFIG,
	MOUNTSNOOP_FSMOUNT,
	MOUNTSNOOP_MOVE_MOUNT,
	MOUNTSNOOP_OPEN_TREE,
	MOUNTSNOOP_MOUNT_SETATTR,
	MOUNTSNOOP_OPEN_TREE_ATTR,
	MOUNTSNOOP_PIVOT_ROOT,
};

/* include/uapi/linux/mount.h: struct mount_attr, version 0 */
struct mountsnoop_attr {
	__u64 set;
	__u64 clear;
	__u64 propagation;
	__u64 userns_fd;
};

/* A finished call. Strings follow: the arguments whose bit of `strings` is set, in order. */
struct mountsnoop_event {
	/* CLOCK_MONOTONIC, when the call ended. */
	__u64 time_ns;
	/* Of the process. */
	__u64 cgroup_id;
	/* As passed: numbers, descriptors, pointers. */
	__u64 arguments[5];
	/* The struct that mount_setattr's argument points to; valid if attr_known. */
	struct mountsnoop_attr attr;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__u32 ppid;
	/* Inode number of the mount namespace. */
	__u32 mnt_ns;
	/* 0 or a descriptor, or a negative errno. */
	__s32 ret;
	/* enum mountsnoop_call */
	__u8 call;
	/* A bit per argument: it is among the strings; it was longer than what was read. */
	__u8 strings;
	__u8 cut;
	__u8 attr_known;
	char comm[16];
};

#endif
