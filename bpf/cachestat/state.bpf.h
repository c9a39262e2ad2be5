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
/*
 * How the pages that a read asks for are known:
 *   neither             from the entry of the read function, before any page is added (fentry, kprobe)
 *   reads_by_tracepoint from page_cache_sync_ra and page_cache_async_ra, before the pages of a batch are added (6.17 and newer)
 *   both                from mm_filemap_get_pages, after they were added: pages are remembered until then (6.9 to 6.16)
 */
const volatile bool reads_by_tracepoint = false;
const volatile bool asked_at_end = false;

ONE_PER_CPU(counts, struct cachestat_counts);

DOUBLE_HASH(totals, 1, struct cachestat_key, struct cachestat_value);

/* Consecutive pages, by their index in the file. Empty: first > last. */
struct range {
	__u64 first;
	__u64 last;
};

/* Ranges of added pages that are remembered until mm_filemap_get_pages. */
#define MAX_ADDED 4

/*
 * The last read of a thread. A file is the address of its struct address_space, its mapping; 0: none. Members called *_calls are
 * io_calls() of the read that they belong to: another number is another read.
 */
struct read_state {
	/* The pages that a read in flight asks for, and how many of them had to be added. */
	__u64 mapping;
	struct range asked;
	__u64 missing;
	/* fentry, kprobe: position in the file, bytes; and bytes that the caller has already read without the cache. */
	__u64 position;
	__u64 bytes_before;
	/* tracepoint: the read that `mapping`, `asked` and `missing` belong to. */
	__u64 io_calls;
	/* tracepoint: what the last mm_filemap_get_pages reported. */
	__u64 reported_mapping;
	__u64 reported_calls;
	struct range reported;
	/* asked_at_end: pages added by read-ahead since then, the first `ranges` of `added`. */
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
	/* finished_faults() at its start: the same number is the same page fault, which the kernel may retry. */
	__u64 faults;
	/* The page that filemap_fault() was asked for, if it was called: has_page. */
	__u64 page;
	bool has_page;
	/* Fault-around could not map each page of `mapped`. */
	bool incomplete;
	/* The pages that fault-around was asked for, those near the fault. */
	struct range window;
	/* The pages that it mapped: the window, and the rest of the folios in it. */
	struct range mapped;
	/* How many pages of `mapped` are counted. */
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
