/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where a read got its data, judged by the functions that it called, or by its file if these cannot be watched.
 *
 *   A read uses the page cache if it calls generic_file_buffered_read or filemap_read; in the tracepoint tier, if it reaches
 *   mm_filemap_get_pages or a function that a miss calls. It missed if it called page_cache_sync_ra (without that tracepoint: if it
 *   added to the page cache); it read ahead if it called only page_cache_async_ra; otherwise it hit, if it read anything. All other
 *   reads are neither: O_DIRECT, /proc, tmpfs, DAX, failed reads, reads at the end of a file.
 *   Where none of these functions can be watched (tracepoint tier until 6.8) the file decides: a read uses the page cache unless it
 *   is O_DIRECT or the file system reads no pages, and it cannot have hit in a file without cached pages.
 */
#ifndef KTOP_READPATH_READ_OUTCOME_BPF_H
#define KTOP_READPATH_READ_OUTCOME_BPF_H

#include <bpf/bpf_core_read.h>

#include "lib/compat.bpf.h"
#include "file_facts.bpf.h"
#include "readpath.h"

/* There is no tracepoint page_cache_sync_ra: a read that adds to the page cache missed. */
const volatile bool added_is_missed = false;

/* The functions that every read of the page cache calls are watched. */
const volatile bool page_cache_watched = false;

/* What is known about a read in flight. */
struct source {
	/* The read uses the page cache. */
	bool cached;
	/* The file had no cached pages at the start. */
	bool empty;
	/* The file has O_DIRECT: pages that the read adds to the page cache do not hold its data. */
	bool direct;
	/* The read called page_cache_sync_ra; page_cache_async_ra. */
	bool missed;
	bool read_ahead;
};

static __always_inline void judge_by_file(struct source *source, struct file *file)
{
	struct address_space *mapping = BPF_CORE_READ(file, f_mapping);
	bool overlay = is_on_overlayfs(file);

	source->cached = !source->direct && (overlay || has_read_folio(BPF_CORE_READ(mapping, a_ops)));
	source->empty = !overlay && !BPF_CORE_READ(mapping, nrpages);
}

static __always_inline struct source source_of(struct file *file)
{
	struct source source = { .direct = has_flags(file, O_DIRECT) };

	if (!page_cache_watched)
		judge_by_file(&source, file);
	return source;
}

static __always_inline void mark_called(struct source *source, __u32 function)
{
	switch (function) {
	case READPATH_PAGE_CACHE_SYNC_RA:
		source->missed = true;
		/* fallthrough */
	case READPATH_GENERIC_FILE_BUFFERED_READ:
	case READPATH_FILEMAP_READ:
	case READPATH_FILEMAP_GET_PAGES:
		source->cached = true;
		break;
	case READPATH_PAGE_CACHE_ASYNC_RA:
		source->read_ahead = true;
		break;
	}
}

/* The read added to the page cache; mm_filemap_get_pages does not report pages that were added one by one. */
static __always_inline void mark_added(struct source *source)
{
	if (!added_is_missed)
		return;
	source->missed = true;
	if (!source->direct)
		source->cached = true;
}

/* The outcome of a read with this result: READPATH_HIT, READPATH_READAHEAD, READPATH_MISS or READPATH_OTHER. */
static __always_inline __u32 read_outcome(const struct source *source, __s64 ret)
{
	if (!source->cached)
		return READPATH_OTHER;
	if (source->missed)
		return READPATH_MISS;
	if (source->read_ahead)
		return READPATH_READAHEAD;
	return ret > 0 && !source->empty ? READPATH_HIT : READPATH_OTHER;
}

#endif
