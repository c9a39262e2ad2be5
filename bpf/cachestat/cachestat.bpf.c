// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * cachestat: pages of files that reads and page faults find in the page cache, that reading adds to it, and that become dirty.
 *
 *   HITS       pages asked for that were in the cache. A read asks for the pages of its bytes up to the end of the file, a page fault
 *              for its page, and fault-around for the pages near it that it can map
 *   MISSES     pages added to the cache by reads, page faults and read-ahead
 *   READAHEAD  of MISSES: pages that read-ahead added and that the read or page fault had not asked for
 *   DIRTIES    pages that became dirty, as nr_dirtied in /proc/vmstat
 *   MMAP       pages asked for by page faults
 *
 * Hooks by tier
 *   all         mm_filemap_add_to_page_cache, writeback_dirty_page (until 5.17) or writeback_dirty_folio
 *   fentry      entry and exit of generic_file_buffered_read (until 5.11) or filemap_read, and of filemap_splice_read (since 6.5);
 *               entry of filemap_fault and filemap_map_pages
 *   kprobe      the same
 *   tracepoint  mm_filemap_get_pages, mm_filemap_fault, mm_filemap_map_pages (6.9), and page_cache_sync_ra and
 *               page_cache_async_ra (6.17), which report which pages a read asks for before they are added
 *
 * Maps
 *   counts  per-CPU array, 1: struct cachestat_counts
 *   totals  two hashes, 10240 each with by_process or by_file, else 1: struct cachestat_key -> struct cachestat_value. Elements of
 *           48 + 16 + 320 bytes: 8 MB with the buckets
 *   reads   LRU hash, 4096: thread id -> struct read_state, its last read: 0.9 MB
 *   faults  LRU hash, 4096: thread id -> struct fault_state, its last page fault: 0.5 MB
 *
 * Cost: a lookup in `reads` and some ten loads per read (fentry, kprobe: two lookups), two lookups per page added, one per page dirtied
 * in the tracepoint tier; page faults walk the page cache for each of the (usually 16) pages near them.
 *
 * Caveats
 *   - Left out: file systems in memory (tmpfs, ramfs), O_DIRECT, DAX, and file-system metadata, except that DIRTIES has it.
 *   - A page that writeback dirties again is counted again; the kernel takes it out of nr_dirtied (folio_account_redirty()).
 *   - A page that a process has already mapped is used without a page fault, and not seen.
 *   - Of a fault-around of more than 64 pages the rest is not counted.
 *   - tracepoint: a page fault that maps a huge page at once is not reported.
 *   - tracepoint, until 6.16: pages that 32-bit programs read by readahead(2), fadvise or madvise are counted at the thread's next read.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/double_hash.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "cachestat.h"
#include "state.bpf.h"
#include "counts.bpf.h"
#include "pages.bpf.h"
#include "reads.bpf.h"
#include "faults.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline bool is_in_read(__u64 mapping, const struct read_state *read)
{
	return read && read->mapping == mapping && (!reads_by_tracepoint || read->io_calls == io_calls());
}

/* Adds to the page cache by read-ahead, not by a write. Reading metadata of a file system also looks like this. */
static __always_inline bool is_reading_ahead(__u64 mapping)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, flags) & PF_MEMALLOC_NOFS && !is_block_device(host_of(mapping));
}

/* asked_at_end: keeps the pages until mm_filemap_get_pages. */
static __noinline void keep_added(__u64 mapping, struct range *pages)
{
	struct range none = { .first = 1, .last = 0 };
	__u64 calls = io_calls();
	struct read_state *read;
	__u32 i;

	if (is_advising()) {
		count_misses(mapping, pages_in(pages), 0);
		return;
	}
	read = last_read_or_new();
	if (!read)
		return;
	if (!is_reading_ahead(mapping)) {
		read->created_mapping = mapping;
		read->created_calls = calls;
		read->created = *pages;
		return;
	}
	if (read->added_mapping != mapping || read->added_calls != calls || read->ranges >= MAX_ADDED)
		count_added(read, &none);
	read->added_mapping = mapping;
	read->added_calls = calls;
	i = read->ranges;
	if (i && read->added[(i - 1) & (MAX_ADDED - 1)].last + 1 == pages->first) {
		read->added[(i - 1) & (MAX_ADDED - 1)].last = pages->last;
		return;
	}
	read->added[i & (MAX_ADDED - 1)] = *pages;
	read->ranges = i + 1;
}

static __always_inline void on_added(__u64 mapping, __u64 first, __u64 pages)
{
	struct range added = { .first = first, .last = first + pages - 1 };
	__u32 tid = current_tid();
	struct fault_state *fault;
	struct read_state *read;
	__u64 missing;

	if (!is_counted(mapping))
		return;
	/* generic_file_buffered_read() adds a page beyond the end of a file that a read crosses. */
	clip(&added, mapping);
	pages = pages_in(&added);
	if (!pages)
		return;
	fault = bpf_map_lookup_elem(&faults, &tid);
	if (is_in_fault(mapping, fault)) {
		missing = contains(&added, fault->page);
		count_misses(mapping, pages, missing);
		if (missing)
			count_hits(mapping, -1);
		return;
	}
	read = bpf_map_lookup_elem(&reads, &tid);
	if (is_in_read(mapping, read)) {
		missing = pages_in_both(&added, &read->asked);
		read->missing += missing;
		count_misses(mapping, pages, missing);
	} else if (asked_at_end) {
		keep_added(mapping, &added);
	} else if (is_reading_ahead(mapping)) {
		count_misses(mapping, pages, 0);
	}
}

/* Until 5.15 the argument is a page. */
SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(mm_filemap_add_to_page_cache__tracepoint, void *added)
{
	struct folio *folio = added;
	struct page *page = added;

	if (bpf_core_type_exists(struct folio))
		on_added((__u64)BPF_CORE_READ(folio, mapping), BPF_CORE_READ(folio, index), pages_in_folio(folio));
	else
		on_added((__u64)BPF_CORE_READ(page, mapping), BPF_CORE_READ(page, index), 1);
	return 0;
}

static __always_inline int on_dirtied(__u64 mapping, __u64 pages)
{
	struct cachestat_counts *own = mapping && is_counted(mapping) ? counts_of(mapping) : 0;

	if (own)
		ADD(own->dirties, pages);
	return 0;
}

SEC("tp_btf/writeback_dirty_page")
int BPF_PROG(writeback_dirty_page__tracepoint, struct page *page, struct address_space *mapping)
{
	return on_dirtied((__u64)mapping, 1);
}

SEC("tp_btf/writeback_dirty_folio")
int BPF_PROG(writeback_dirty_folio__tracepoint, struct folio *folio, struct address_space *mapping)
{
	return on_dirtied((__u64)mapping, pages_in_folio(folio));
}

/* fentry and kprobe tiers. */

#define BEGIN_READ(iocb, iter, bytes_before)                                                                        \
	({                                                                                                          \
		begin_read(BPF_CORE_READ(iocb, ki_filp), BPF_CORE_READ(iocb, ki_pos), BPF_CORE_READ(iter, count),   \
			   bytes_before);                                                                           \
		0;                                                                                                  \
	})

#define READ_FUNCTION(name)                                                                                         \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, struct kiocb *iocb, struct iov_iter *iter, __s64 bytes_before)           \
	{                                                                                                           \
		return BEGIN_READ(iocb, iter, bytes_before);                                                        \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, struct kiocb *iocb, struct iov_iter *iter, __s64 bytes_before, __s64 ret) \
	{                                                                                                           \
		return end_read(ret);                                                                               \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct kiocb *iocb, struct iov_iter *iter, __s64 bytes_before)         \
	{                                                                                                           \
		return BEGIN_READ(iocb, iter, bytes_before);                                                        \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, __s64 ret)                                                           \
	{                                                                                                           \
		return end_read(ret);                                                                               \
	}

READ_FUNCTION(generic_file_buffered_read)
READ_FUNCTION(filemap_read)

static __always_inline int begin_splice(struct file *file, __u64 *position, __u64 bytes)
{
	__u64 start = 0;

	bpf_probe_read_kernel(&start, sizeof(start), position);
	begin_read(file, start, bytes, 0);
	return 0;
}

SEC("fentry/filemap_splice_read")
int BPF_PROG(filemap_splice_read_enter__fentry, struct file *file, __u64 *position, void *pipe, __u64 bytes)
{
	return begin_splice(file, position, bytes);
}

SEC("fexit/filemap_splice_read")
int BPF_PROG(filemap_splice_read_exit__fentry, struct file *file, __u64 *position, void *pipe, __u64 bytes, unsigned int flags,
	     __s64 ret)
{
	return end_read(ret);
}

SEC("kprobe/filemap_splice_read")
int BPF_KPROBE(filemap_splice_read_enter__kprobe, struct file *file, __u64 *position, void *pipe, __u64 bytes)
{
	return begin_splice(file, position, bytes);
}

SEC("kretprobe/filemap_splice_read")
int BPF_KRETPROBE(filemap_splice_read_exit__kprobe, __s64 ret)
{
	return end_read(ret);
}

static __always_inline __u64 mapping_of(struct vm_fault *fault)
{
	return (__u64)BPF_CORE_READ(fault, vma, vm_file, f_mapping);
}

#define FAULT_FUNCTIONS(tier, PROGRAM)                                                                              \
	SEC(#tier "/filemap_fault")                                                                                 \
	int PROGRAM(filemap_fault_enter__##tier, struct vm_fault *fault)                                            \
	{                                                                                                           \
		on_fault(mapping_of(fault), BPF_CORE_READ(fault, pgoff));                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC(#tier "/filemap_map_pages")                                                                             \
	int PROGRAM(filemap_map_pages_enter__##tier, struct vm_fault *fault, __u64 first, __u64 last)               \
	{                                                                                                           \
		on_map_pages(mapping_of(fault), first, last);                                                       \
		return 0;                                                                                           \
	}

FAULT_FUNCTIONS(fentry, BPF_PROG)
FAULT_FUNCTIONS(kprobe, BPF_KPROBE)

/* tracepoint tier. */

SEC("tp_btf/page_cache_sync_ra")
int BPF_PROG(page_cache_sync_ra__tracepoint, struct inode *inode, __u64 first, void *state, __u64 pages)
{
	on_read_ahead(inode, first, pages);
	return 0;
}

SEC("tp_btf/page_cache_async_ra")
int BPF_PROG(page_cache_async_ra__tracepoint, struct inode *inode, __u64 first, void *state, __u64 pages)
{
	on_read_ahead(inode, first, pages);
	return 0;
}

SEC("tp_btf/mm_filemap_get_pages")
int BPF_PROG(mm_filemap_get_pages__tracepoint, struct address_space *mapping, __u64 first, __u64 last)
{
	on_get_pages((__u64)mapping, first, last);
	return 0;
}

SEC("tp_btf/mm_filemap_fault")
int BPF_PROG(mm_filemap_fault__tracepoint, struct address_space *mapping, __u64 page)
{
	on_fault((__u64)mapping, page);
	return 0;
}

SEC("tp_btf/mm_filemap_map_pages")
int BPF_PROG(mm_filemap_map_pages__tracepoint, struct address_space *mapping, __u64 first, __u64 last)
{
	on_map_pages((__u64)mapping, first, last);
	return 0;
}
