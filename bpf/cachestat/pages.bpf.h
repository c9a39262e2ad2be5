/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Ranges of pages, folios, and the pages of a file that are in the page cache. */
#ifndef KTOP_CACHESTAT_PAGES_BPF_H
#define KTOP_CACHESTAT_PAGES_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/folio.bpf.h"
#include "counts.bpf.h"
#include "state.bpf.h"

static __always_inline __u64 pages_in(const struct range *range)
{
	return range->first <= range->last ? range->last - range->first + 1 : 0;
}

static __always_inline __u64 pages_in_both(const struct range *a, const struct range *b)
{
	struct range both = {
		.first = a->first > b->first ? a->first : b->first,
		.last = a->last < b->last ? a->last : b->last,
	};

	return pages_in(&both);
}

/* Ends the range at the end of the file. */
static __always_inline void clip(struct range *range, __u64 mapping)
{
	__s64 size = BPF_CORE_READ(host_of(mapping), i_size);
	__u64 pages = size > 0 ? ((__u64)size + (1ULL << page_shift) - 1) >> page_shift : 0;

	/* An empty range has first > last. */
	if (!pages)
		*range = (struct range){ .first = 1, .last = 0 };
	else if (range->last >= pages)
		range->last = pages - 1;
}

/* The pages with these bytes. */
static __always_inline struct range pages_of_bytes(__u64 position, __u64 bytes)
{
	return (struct range){ .first = position >> page_shift, .last = (position + bytes - 1) >> page_shift };
}

/* include/linux/xarray.h */
#define XA_CHUNK_MASK 63ULL
#define XA_INTERNAL 2
#define XA_TAG_MASK 3
/* Internal entries up to here are no nodes: xa_is_node() */
#define XA_MAX_RESERVED 4096
/* lib/xarray.c: 64 bits in steps of 6 */
#define XA_LEVELS 11

static __always_inline __u64 slot_of(__u64 node, __u64 index)
{
	__u64 entry = 0;

	bpf_probe_read_kernel(&entry, sizeof(entry),
			      (void *)node + bpf_core_field_offset(struct xa_node, slots) + (index & XA_CHUNK_MASK) * sizeof(entry));
	return entry;
}

/* The folio or page at an index of the cache; 0: none. As xas_load(). */
static __always_inline __u64 cached_page(__u64 mapping, __u64 index)
{
	__u64 entry = (__u64)BPF_CORE_READ((struct address_space *)mapping, i_pages.xa_head);
	__u64 beyond = index;

	for (int i = 0; i < XA_LEVELS; i++) {
		__u64 node = entry - XA_INTERNAL;
		__u32 shift;

		if ((entry & XA_TAG_MASK) != XA_INTERNAL || entry <= XA_MAX_RESERVED)
			break;
		shift = BPF_CORE_READ((struct xa_node *)node, shift) & 63;
		/* Only at the root can the index be beyond the node. */
		if (!i)
			beyond = index >> shift & ~XA_CHUNK_MASK;
		entry = slot_of(node, index >> shift);
		/* Another slot of the same folio holds the pointer: xa_is_sibling() */
		if ((entry & XA_TAG_MASK) == XA_INTERNAL && entry < (XA_CHUNK_MASK + 1) << 2)
			entry = slot_of(node, entry >> 2);
		if (!shift)
			break;
	}
	/* A shadow entry of an evicted page has bit 0. */
	return beyond || entry & XA_TAG_MASK ? 0 : entry;
}

/* 6.18, include/linux/mm_types.h: the type of the flags. From then on fault-around maps whole folios: filemap_map_folio_range() */
typedef struct {
	unsigned long f;
} memdesc_flags_t;

/* The same flag; PG_readahead was a macro before 6.3. */
static __always_inline bool is_marked_readahead(__u64 flags)
{
	if (bpf_core_enum_value_exists(enum pageflags, PG_readahead))
		return HAS_FLAG(flags, PG_readahead);
	return HAS_FLAG(flags, PG_reclaim);
}

/*
 * Pages of the folio at an index of the cache, if fault-around maps it: next_uptodate_folio() in mm/filemap.c; else 0. Global, so that
 * it is verified once.
 */
__noinline __u64 mappable_folio(__u64 mapping, __u64 index)
{
	__u64 page = cached_page(mapping, index);
	__u64 flags = page ? folio_flags((void *)page) : 0;

	if (!HAS_FLAG(flags, PG_uptodate) || HAS_FLAG(flags, PG_locked) || is_marked_readahead(flags))
		return 0;
	return bpf_core_type_exists(struct folio) ? pages_in_folio((struct folio *)page) : 1;
}

#define MAX_WINDOW 64

/* Counts the pages that fault-around maps, and extends `window` by the rest of its folios. */
static __always_inline __u64 mappable_pages(__u64 mapping, struct range *window)
{
	bool whole_folios = bpf_core_type_exists(memdesc_flags_t);
	struct range file = { .first = 0, .last = ~0ULL };
	struct range asked = *window;
	__u64 index = asked.first;
	__u64 pages = 0;

	clip(&file, mapping);
	for (__u32 i = 0; i < MAX_WINDOW; i++) {
		struct range folio;
		__u64 size;

		if (index > asked.last)
			break;
		size = mappable_folio(mapping, index);
		if (!size) {
			index++;
			continue;
		}
		/* Folios are aligned to their size. */
		folio.first = index & ~(size - 1);
		folio.last = folio.first + size - 1;
		if (whole_folios && folio.last < file.last) {
			if (folio.first < window->first)
				window->first = folio.first;
			if (folio.last > window->last)
				window->last = folio.last;
		} else {
			folio.first = index;
			if (folio.last > asked.last)
				folio.last = asked.last;
		}
		pages += pages_in(&folio);
		index = folio.last + 1;
	}
	return pages;
}

#endif
