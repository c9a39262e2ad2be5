/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What cachestat passes to user space. */
#ifndef KTOP_CACHESTAT_H
#define KTOP_CACHESTAT_H

#include "lib/limits.bpf.h"

/* A process (by_process) or a file (by_file). */
struct cachestat_key {
	__u64 inode;
	/* As the kernel encodes it, major << 20 | minor: of the file system; of a block device its own. */
	__u32 dev;
	/* Process id (tgid). */
	__u32 pid;
};

/* Pages. */
#define CACHESTAT_COUNTS                                                                                            \
	/* Asked for and in the cache. Goes down when a page that was counted turns out to be missing. */           \
	__u64 hits;                                                                                                 \
	/* Added to the cache by reading. */                                                                        \
	__u64 misses;                                                                                               \
	/* Of misses: by read-ahead, without having been asked for. */                                              \
	__u64 readahead;                                                                                            \
	__u64 dirties;                                                                                              \
	/* Asked for by page faults: of hits, and of misses that are not in readahead. */                           \
	__u64 mapped;

struct cachestat_counts {
	CACHESTAT_COUNTS
};

struct cachestat_value {
	CACHESTAT_COUNTS
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	/* inode->i_mode: type and permissions; by_file. */
	__u32 mode;
	/* Of the process's main thread; by_process. */
	char comm[16];
	/* A name of the file; empty if it has none in memory; by_file. */
	char file[NAME_BYTES];
};

#endif
