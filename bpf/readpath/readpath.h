/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What readpath passes to user space. */
#ifndef KTOP_READPATH_H
#define KTOP_READPATH_H

/* The system calls that are followed, with their variants. User space sets it. */
enum readpath_call {
	READPATH_CALL_READ,
	READPATH_CALL_WRITE,
};

/* What is counted: kernel functions (in the tracepoint tier the tracepoints in them), then outcomes of calls. */
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

	READPATH_VFS_WRITE,
	READPATH_VFS_WRITEV,
	READPATH_GENERIC_FILE_WRITE_ITER,
	READPATH_EXT4_FILE_WRITE_ITER,
	READPATH_EXT4_BUFFERED_WRITE_ITER,
	READPATH_XFS_FILE_WRITE_ITER,
	READPATH_BTRFS_FILE_WRITE_ITER,
	READPATH_SHMEM_FILE_WRITE_ITER,
	READPATH_FILE_UPDATE_TIME,
	READPATH_GENERIC_PERFORM_WRITE,
	READPATH_IOMAP_FILE_BUFFERED_WRITE,
	READPATH_EXT4_DA_WRITE_BEGIN,
	READPATH_EXT4_DA_WRITE_END,
	READPATH_EXT4_WRITE_BEGIN,
	READPATH_EXT4_WRITE_END,
	READPATH_SIMPLE_WRITE_BEGIN,
	READPATH_SIMPLE_WRITE_END,
	READPATH_SHMEM_WRITE_BEGIN,
	READPATH_SHMEM_WRITE_END,
	READPATH_IOV_ITER_COPY_FROM_USER_ATOMIC,
	READPATH_COPY_PAGE_FROM_ITER_ATOMIC,
	READPATH_COPY_FOLIO_FROM_ITER_ATOMIC,
	READPATH_BALANCE_DIRTY_PAGES_RATELIMITED,
	READPATH_BALANCE_DIRTY_PAGES_RATELIMITED_FLAGS,
	READPATH_GENERIC_FILE_DIRECT_WRITE,
	READPATH_IOMAP_DIO_RW,
	READPATH___IOMAP_DIO_RW,
	READPATH_VFS_FSYNC_RANGE,
	READPATH_EXT4_SYNC_FILE,
	READPATH_SUBMIT_BIO,
	/* Tracepoints, on all tiers. */
	READPATH_EXT4_DA_RESERVE_SPACE,
	READPATH_BALANCE_DIRTY_PAGES,
	/* Tracepoints of the tracepoint tier. */
	READPATH_WRITEBACK_DIRTY_FOLIO,
	READPATH_WRITEBACK_DIRTY_PAGE,
	/* write_outcome.bpf.h */
	READPATH_WRITE_BUFFERED,
	READPATH_WRITE_DELALLOC,
	READPATH_WRITE_THROTTLED,
	READPATH_WRITE_DIRECT,
	READPATH_WRITE_SYNC,
	READPATH_WRITE_OTHER,

	READPATH_FUNCTIONS,
};

/* Calls since the object was loaded, on one CPU. */
struct readpath_counts {
	__u64 calls;
	/* From entry to exit, nanoseconds; of tracepoints 0. */
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
	/* Excluding the functions it called, nanoseconds; of tracepoints 0. */
	__u64 self_ns;
};

#endif
