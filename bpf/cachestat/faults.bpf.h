/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The pages that a page fault asks for, and those that fault-around maps. */
#ifndef KTOP_CACHESTAT_FAULTS_BPF_H
#define KTOP_CACHESTAT_FAULTS_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "counts.bpf.h"
#include "pages.bpf.h"
#include "reads.bpf.h"
#include "state.bpf.h"

static __noinline struct fault_state *last_fault_or_new(void)
{
	struct fault_state empty = {};
	__u32 tid = current_tid();

	return find_or_insert(&faults, &tid, &empty);
}

static __always_inline bool contains(const struct range *range, __u64 page)
{
	return range->first <= page && page <= range->last;
}

/* Prepares the state for the current page fault, unless the last one is the same. */
static __always_inline void renew(struct fault_state *fault, __u64 mapping)
{
	bool same_file = fault->mapping == mapping;
	bool same_fault = same_file && fault->faults == finished_faults();

	if (same_fault)
		return;
	fault->mapping = mapping;
	fault->faults = finished_faults();
	fault->has_page = false;
	if (!same_file) {
		fault->window = (struct range){ .first = 1, .last = 0 };
		fault->mapped = fault->window;
	}
	/*
	 * Once each page of the window was mapped, another fault in it can only mean that the window was unmapped: it counts again. If
	 * some could not be mapped, the fault may be one of these, and those that are mapped count once.
	 */
	if (!fault->incomplete)
		fault->counted = 0;
	fault->incomplete = false;
}

/* The page cache is asked for the page of a fault. */
static __always_inline void on_fault(__u64 mapping, __u64 page)
{
	struct range asked = { .first = page, .last = page };
	struct fault_state *fault;

	if (!is_counted(mapping))
		return;
	clip(&asked, mapping);
	fault = last_fault_or_new();
	if (!pages_in(&asked) || !fault)
		return;
	renew(fault, mapping);
	if (fault->has_page && fault->page == page)
		return;
	fault->has_page = true;
	fault->page = page;
	if (contains(&fault->window, page))
		fault->counted++;
	count_mapped(mapping, 1);
}

/* Pages near a fault are mapped, those from `first` to `last` that can be. */
static __always_inline void on_map_pages(__u64 mapping, __u64 first, __u64 last)
{
	struct range window = { .first = first, .last = last };
	struct fault_state *fault;
	struct range mapped;
	__u64 pages;

	if (!is_counted(mapping))
		return;
	clip(&window, mapping);
	fault = last_fault_or_new();
	if (!pages_in(&window) || !fault)
		return;
	renew(fault, mapping);
	mapped = window;
	/* Read from the map, it is a number, which a global function requires; `mapping` may be a pointer to the verifier. */
	pages = mappable_pages(*(volatile __u64 *)&fault->mapping, &mapped);
	if (fault->window.first != window.first || fault->window.last != window.last) {
		/* Pages that the window shares with the previous one are mapped already. */
		fault->counted = pages_in_both(&fault->mapped, &mapped);
		if (fault->has_page && contains(&window, fault->page) && !contains(&fault->mapped, fault->page))
			fault->counted++;
		fault->window = window;
	}
	fault->mapped = mapped;
	fault->incomplete = pages < pages_in(&mapped);
	if (pages <= fault->counted)
		return;
	count_mapped(mapping, pages - fault->counted);
	fault->counted = pages;
}

#endif
