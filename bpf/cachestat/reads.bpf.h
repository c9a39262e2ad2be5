/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The pages that a read asks for, those that were not in the page cache, and read-ahead. */
#ifndef KTOP_CACHESTAT_READS_BPF_H
#define KTOP_CACHESTAT_READS_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/filter.bpf.h"
#include "counts.bpf.h"
#include "pages.bpf.h"
#include "state.bpf.h"

static __always_inline __u64 finished_faults(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, min_flt) + BPF_CORE_READ(task, maj_flt);
}

static __always_inline struct fault_state *last_fault(void)
{
	__u32 tid = current_tid();

	return bpf_map_lookup_elem(&faults, &tid);
}

/* Whether the current task is in a page fault that asked for a page of this file. */
static __always_inline bool is_in_fault(__u64 mapping, const struct fault_state *fault)
{
	return fault && fault->has_page && fault->mapping == mapping && fault->faults == finished_faults();
}

/* The number of the system call that the task is in. The helpers are in all kernels that have asked_at_end: 5.15. */
static __always_inline __u64 syscall_number(void)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
#if defined(__TARGET_ARCH_x86)
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &regs->orig_ax);
	return number;
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, syscallno);
#endif
}

/* Of 64-bit programs: arch/x86/entry/syscalls/syscall_64.tbl, scripts/syscall.tbl */
enum {
#if defined(__TARGET_ARCH_x86)
	NR_MADVISE = 28,
	NR_READAHEAD = 187,
	NR_FADVISE64 = 221,
#elif defined(__TARGET_ARCH_arm64)
	NR_READAHEAD = 213,
	NR_FADVISE64 = 223,
	NR_MADVISE = 233,
#endif
};

/* The task asks for read-ahead, not for pages. */
static __always_inline bool is_advising(void)
{
	__u64 number = syscall_number();

	return number == NR_READAHEAD || number == NR_FADVISE64 || number == NR_MADVISE;
}

/*
 * Identifies a read or write of the thread by how many it has finished. With asked_at_end the system call's number is part of it, since
 * readahead(2), fadvise and madvise, which also add pages, are not among the finished reads.
 */
static __always_inline __u64 io_calls(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 calls = 0;

	/* Absent without CONFIG_TASK_XACCT. */
	if (bpf_core_field_exists(task->ioac.syscr))
		calls = BPF_CORE_READ(task, ioac.syscr) + BPF_CORE_READ(task, ioac.syscw);
	return asked_at_end ? calls << 16 | (syscall_number() & 0xffff) : calls;
}

static __always_inline struct read_state *last_read(void)
{
	__u32 tid = current_tid();

	return bpf_map_lookup_elem(&reads, &tid);
}

static __noinline struct read_state *last_read_or_new(void)
{
	struct read_state empty = {};
	__u32 tid = current_tid();

	return find_or_insert(&reads, &tid, &empty);
}

/* fentry and kprobe tiers: a read asks for pages; which of them are missing is counted until end_read(). */
static __always_inline void begin_read(struct file *file, __u64 position, __u64 bytes, __u64 bytes_before)
{
	__u64 mapping = (__u64)BPF_CORE_READ(file, f_mapping);
	struct read_state *read;

	if (!bytes || !is_counted(mapping))
		return;
	read = last_read_or_new();
	if (!read)
		return;
	read->mapping = mapping;
	read->asked = pages_of_bytes(position, bytes);
	clip(&read->asked, mapping);
	read->missing = 0;
	read->position = position;
	read->bytes_before = bytes_before;
}

/* fentry and kprobe tiers: what the read returned, and did not have to add, are hits. `ret` bytes, or a negative errno. */
static __always_inline int end_read(__s64 ret)
{
	struct read_state *read = current_passes_filters() ? last_read() : 0;
	struct range asked;
	__u64 mapping;

	if (!read || !read->mapping)
		return 0;
	mapping = read->mapping;
	read->mapping = 0;
	ret -= read->bytes_before;
	if (ret <= 0)
		return 0;
	asked = pages_of_bytes(read->position, ret);
	count_hits(mapping, (__s64)pages_in(&asked) - (__s64)read->missing);
	return 0;
}

/* tracepoint tier: a read is about to add pages, and asks for those from `first` on. */
static __always_inline void on_read_ahead(struct inode *inode, __u64 first, __u64 pages)
{
	__u64 mapping = (__u64)BPF_CORE_READ(inode, i_mapping);
	struct read_state *read;

	if (!pages || !is_counted(mapping) || is_in_fault(mapping, last_fault()))
		return;
	read = last_read_or_new();
	if (!read)
		return;
	if (read->mapping != mapping || read->io_calls != io_calls())
		read->missing = 0;
	read->mapping = mapping;
	read->io_calls = io_calls();
	read->asked.first = first;
	read->asked.last = first + pages - 1;
}

/* asked_at_end: counts the pages added by this thread since the last report as misses. Returns how many of them are in `asked`. */
static __noinline __u64 count_added(struct read_state *read, struct range *asked)
{
	__u64 pages = 0, missing = 0;

	for (__u32 i = 0; i < MAX_ADDED; i++) {
		if (i >= read->ranges)
			break;
		pages += pages_in(&read->added[i]);
		missing += pages_in_both(&read->added[i], asked);
	}
	read->ranges = 0;
	if (pages)
		count_misses(read->added_mapping, pages, missing);
	return missing;
}

/* Ends the current read's count of missing pages, and returns it. Pages of an earlier read were not asked for by this one. */
static __always_inline __u64 take_missing(struct read_state *read, __u64 mapping, struct range *asked)
{
	struct range none = { .first = 1, .last = 0 };
	bool is_current;
	__u64 missing;

	if (asked_at_end) {
		is_current = read->added_mapping == mapping && read->added_calls == io_calls();
		missing = count_added(read, is_current ? asked : &none);
		if (read->created_mapping == mapping && read->created_calls == io_calls()) {
			missing += pages_in_both(&read->created, asked);
			count_misses(mapping, pages_in(&read->created), pages_in_both(&read->created, asked));
		}
		read->created_mapping = 0;
		return missing;
	}
	is_current = read->mapping == mapping && read->io_calls == io_calls();
	missing = is_current ? read->missing : 0;
	read->mapping = 0;
	read->missing = 0;
	return missing;
}

/*
 * tracepoint tier: a read has found or added pages, from `first` on, and asks for those up to `last`. A long read reports itself
 * several times, each time from a later page to the same last one: filemap_read().
 */
static __always_inline void on_get_pages(__u64 mapping, __u64 first, __u64 last)
{
	struct range asked = { .first = first, .last = last };
	struct read_state *read;
	bool is_continued;
	__s64 hits;

	if (!is_counted(mapping))
		return;
	read = last_read_or_new();
	if (!read)
		return;
	is_continued = read->reported_mapping == mapping && read->reported_calls == io_calls() && read->reported.last == last &&
		       read->reported.first < first;
	read->reported_mapping = mapping;
	read->reported_calls = io_calls();
	read->reported = asked;
	clip(&asked, mapping);
	hits = -(__s64)take_missing(read, mapping, &asked);
	if (!is_continued)
		hits += pages_in(&asked);
	count_hits(mapping, hits);
}

#endif
