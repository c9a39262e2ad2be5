/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Pages of the page cache: the folio of a page, its flags and its file. Until 5.15 a folio is the first page of a compound page,
 * or a single page.
 */
#ifndef KTOP_FOLIO_BPF_H
#define KTOP_FOLIO_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* 7.1, include/linux/mm_types.h: struct page.compound_head became compound_info, which may hold a mask. */
struct page___until_7_0 {
	unsigned long compound_head;
};

struct page___since_7_1 {
	unsigned long compound_info;
};

/* 6.15, include/linux/mm_types.h: struct folio._folio_nr_pages became _nr_pages. */
struct folio___since_6_15 {
	unsigned int _nr_pages;
};

struct folio___until_6_14 {
	unsigned int _folio_nr_pages;
};

/* Before that, include/linux/mm_types.h: in the second page of a compound page. */
struct page___second {
	unsigned int compound_nr;
};

#pragma clang attribute pop

/* The flags of a folio or page, whose first member they are. */
static __always_inline __u64 folio_flags(const void *folio)
{
	__u64 flags = 0;

	bpf_probe_read_kernel(&flags, sizeof(flags), folio);
	return flags;
}

#define HAS_FLAG(flags, flag) ((flags) >> bpf_core_enum_value(enum pageflags, flag) & 1)

static __always_inline __u64 pages_in_folio(struct folio *folio)
{
	struct folio___since_6_15 *since_6_15 = (void *)folio;
	struct folio___until_6_14 *until_6_14 = (void *)folio;
	struct page___second *second = (void *)folio + bpf_core_type_size(struct page);

	if (!HAS_FLAG(folio_flags(folio), PG_head))
		return 1;
	if (bpf_core_field_exists(since_6_15->_nr_pages))
		return BPF_CORE_READ(since_6_15, _nr_pages);
	if (bpf_core_field_exists(until_6_14->_folio_nr_pages))
		return BPF_CORE_READ(until_6_14, _folio_nr_pages);
	if (bpf_core_field_exists(second->compound_nr))
		return BPF_CORE_READ(second, compound_nr);
	return 1;
}

/* Masks for folios of up to this many bytes of struct page: a power of two above all that exist, and below all addresses of pages. */
#define MAX_COMPOUND_BYTES (1ULL << 30)

/* The folio of a page, which may be any of its pages. include/linux/page-flags.h: _compound_head() */
static __always_inline void *folio_of(__u64 page)
{
	struct page___since_7_1 *since_7_1 = (void *)page;
	struct page___until_7_0 *until_7_0 = (void *)page;
	__u64 head = 0;

	if (bpf_core_field_exists(since_7_1->compound_info))
		head = BPF_CORE_READ(since_7_1, compound_info);
	else if (bpf_core_field_exists(until_7_0->compound_head))
		head = BPF_CORE_READ(until_7_0, compound_head);
	if (!(head & 1))
		return (void *)page;
	head -= 1;
	return (void *)(-head <= MAX_COMPOUND_BYTES ? page & head : head);
}

/* Whether the kernel has struct folio: since 5.16. */
#define HAS_FOLIOS bpf_core_type_exists(struct folio)

static __always_inline __u64 folio_mapping(void *folio)
{
	if (HAS_FOLIOS)
		return (__u64)BPF_CORE_READ((struct folio *)folio, mapping);
	return (__u64)BPF_CORE_READ((struct page *)folio, mapping);
}

/* In pages. */
static __always_inline __u64 folio_index(void *folio)
{
	if (HAS_FOLIOS)
		return BPF_CORE_READ((struct folio *)folio, index);
	return BPF_CORE_READ((struct page *)folio, index);
}

#endif
