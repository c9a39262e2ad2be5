/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What readpath passes to user space. */
#ifndef KTOP_READPATH_H
#define KTOP_READPATH_H

/* What is counted: kernel functions (in the tracepoint tier the tracepoints in them), then outcomes of reads. */
enum readpath_function {
	READPATH_VFS_READ,
	READPATH_GENERIC_FILE_BUFFERED_READ,
	READPATH_FILEMAP_READ,
	READPATH_FILEMAP_GET_PAGES,
	READPATH_PAGE_CACHE_SYNC_RA,
	READPATH_PAGE_CACHE_ASYNC_RA,
	READPATH_PAGE_CACHE_RA_UNBOUNDED,
	READPATH_READ_PAGES,
	READPATH_FILEMAP_ADD_FOLIO,
	READPATH_ADD_TO_PAGE_CACHE_LRU,
	READPATH_FILEMAP_READ_FOLIO,
	READPATH_FOLIO_WAIT_BIT_COMMON,
	READPATH_COPY_PAGE_TO_ITER,
	/*
	 * Reads that found everything in the page cache; that also started readahead; that had to bring their data in; that read
	 * nothing, or not from the page cache.
	 */
	READPATH_HIT,
	READPATH_READAHEAD,
	READPATH_MISS,
	READPATH_OTHER,
	READPATH_FUNCTIONS,
};

/* Calls since the object was loaded, on one CPU. */
struct readpath_counts {
	__u64 calls;
	/* From entry to exit, nanoseconds; in the tracepoint tier 0 except for reads. */
	__u64 time_ns;
};

/* A function and the stack that leads to it. */
struct readpath_stack_key {
	/* enum readpath_function */
	__u32 function;
	/* Key in stack_traces; negative: the stack is unknown. */
	__s32 stack;
};

struct readpath_stack {
	__u64 calls;
	/* Excluding the functions it called, nanoseconds; 0 in the tracepoint tier. */
	__u64 self_ns;
};

#endif
