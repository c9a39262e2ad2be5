/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where a read had its data from, told by the functions that it came to, or where these cannot be watched by its file.
 *
 *   A read is of the page cache if it came to generic_file_buffered_read or filemap_read; in the tracepoint tier to
 *   mm_filemap_get_pages or what a miss comes to. It has missed if it came to page_cache_sync_ra (without that tracepoint: if it
 *   added to the page cache); it has read ahead if it came to page_cache_async_ra alone; else it has hit, if it read anything.
 *   All others are neither: O_DIRECT, /proc, tmpfs, DAX, reads that failed, reads at the end of a file.
 *   Where none of these can be watched (tracepoint tier until 6.8) the file tells: a read is of the page cache unless it is
 *   O_DIRECT or the file system reads no pages, and it cannot have hit a file without pages.
 */
#ifndef KTOP_READPATH_OUTCOME_BPF_H
#define KTOP_READPATH_OUTCOME_BPF_H

#include <bpf/bpf_core_read.h>

#include "lib/compat.bpf.h"
#include "readpath.h"

/* There is no tracepoint page_cache_sync_ra: a read that adds to the page cache has missed. */
const volatile bool added_is_missed = false;

/* What each read of the page cache comes to is watched. */
const volatile bool page_cache_watched = false;

/* include/uapi/asm-generic/fcntl.h, arch/arm64/include/uapi/asm/fcntl.h */
#if defined(__TARGET_ARCH_x86)
#define O_DIRECT 040000
#elif defined(__TARGET_ARCH_arm64)
#define O_DIRECT 0200000
#endif

/* include/uapi/linux/magic.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630

/* What is known of a read so far. */
struct source {
	/* The read is of the page cache. */
	bool cached;
	/* There was nothing that it could have hit. */
	bool empty;
	/* Of a file with O_DIRECT: what it adds to the page cache are not its data. */
	bool direct;
	/* The read came by page_cache_sync_ra, page_cache_async_ra. */
	bool missed;
	bool read_ahead;
};

/* Says of a read what its file tells. A file of overlayfs has no pages of its own: the one below it is read. */
static __always_inline void judge_by_file(struct source *source, struct file *file)
{
	struct address_space *mapping = BPF_CORE_READ(file, f_mapping);
	bool overlay = BPF_CORE_READ(file, f_inode, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC;

	source->cached = !source->direct && (overlay || reads_pages(BPF_CORE_READ(mapping, a_ops)));
	source->empty = !overlay && !BPF_CORE_READ(mapping, nrpages);
}

/* What is known of a read of this file when it begins. */
static __always_inline struct source source_of(struct file *file)
{
	struct source source = { .direct = BPF_CORE_READ(file, f_flags) & O_DIRECT };

	if (!page_cache_watched)
		judge_by_file(&source, file);
	return source;
}

/* The read has come to this function. */
static __always_inline void came_to(struct source *source, __u32 function)
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

/* The read has added to the page cache; mm_filemap_get_pages does not tell of pages that had to be added one by one. */
static __always_inline void added(struct source *source)
{
	if (!added_is_missed)
		return;
	source->missed = true;
	if (!source->direct)
		source->cached = true;
}

/* What became of the read that returned this: READPATH_HIT, READPATH_READAHEAD, READPATH_MISS or READPATH_OTHER. */
static __always_inline __u32 outcome(const struct source *source, __s64 ret)
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
