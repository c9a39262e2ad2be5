/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef KTOP_CGROUP_EVENT_H
#define KTOP_CGROUP_EVENT_H

/* A longer path is cut and then not used. */
#define CGROUP_PATH_BYTES 1024

/* A cgroup that was created. */
struct cgroup_event {
	/* The inode number of its directory. */
	__u64 id;
	/* As in /proc/self/cgroup; 0: cgroup v2. */
	__u32 hierarchy;
	/* Length of the path, with its NUL. */
	__u32 length;
	/* From the root of the hierarchy, NUL-terminated. */
	char path[CGROUP_PATH_BYTES];
};

#endif
