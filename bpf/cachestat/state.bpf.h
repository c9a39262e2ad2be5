/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The constants and maps of cachestat, and what is remembered of the last read and the last page fault of a thread. */
#ifndef KTOP_CACHESTAT_STATE_BPF_H
#define KTOP_CACHESTAT_STATE_BPF_H

#include "lib/double_hash.bpf.h"
#include "lib/maps.bpf.h"
#include "cachestat.h"

/* An entry per process, or per file, instead of one sum. */
const volatile bool by_process = false;
const volatile bool by_file = false;
/* The kernel's PAGE_SHIFT. */
const volatile __u32 page_shift = 12;
/* Reads are seen by tracepoints; with asked_at_end their pages are known only when they have been added. */
const volatile bool reads_by_tracepoint = false;
const volatile bool asked_at_end = false;

ONE_PER_CPU(counts, struct cachestat_counts);

DOUBLE_HASH(totals, 1, struct cachestat_key, struct cachestat_value);

/* Consecutive pages: first to last. */
struct range {
	__u64 first;
	__u64 last;
};

#define MAX_ADDED 4

/* The last read of a thread. Mappings are addresses of struct address_space; 0: none. */
struct read_state {
	/* The pages that a read in flight asks for, and how many of them were added. */
	__u64 mapping;
	struct range asked;
	__u64 missing;
	/* fentry, kprobe: position in the file, bytes; and bytes that the caller has already read without the cache. */
	__u64 position;
	__u64 bytes_before;
	/* tracepoint: io_calls() when it was set. */
	__u64 io_calls;
	/* tracepoint: what the last mm_filemap_get_pages reported. */
	__u64 reported_mapping;
	__u64 reported_calls;
	struct range reported;
	/* asked_at_end: pages added since then. */
	__u64 added_mapping;
	__u64 added_calls;
	struct range added[MAX_ADDED];
	__u32 ranges;
	/* asked_at_end: the last pages that were added by neither read-ahead nor a page fault: by a read or a write. */
	__u64 created_mapping;
	__u64 created_calls;
	struct range created;
};

LRU_HASH(reads, 4096, __u32, struct read_state);

/* The last page fault of a thread. */
struct fault_state {
	__u64 mapping;
	/* Finished page faults of the thread: the same number is the same page fault, which the kernel may retry. */
	__u64 faults;
	/* The page of the fault, when filemap_fault() was called. */
	__u64 page;
	bool has_page;
	/* Fault-around: the pages near it, and how many of them are counted; not all of them could be mapped. */
	bool incomplete;
	struct range window;
	/* The same with the rest of the folios. */
	struct range mapped;
	__u64 counted;
};

LRU_HASH(faults, 4096, __u32, struct fault_state);

/* include/linux/sched.h: readahead sets it, see page_cache_ra_unbounded() */
#define PF_MEMALLOC_NOFS 0x00040000
/* include/uapi/linux/stat.h */
#define S_IFBLK 0060000
/* include/linux/backing-dev.h */
#define BDI_CAP_WRITEBACK 1

#endif
