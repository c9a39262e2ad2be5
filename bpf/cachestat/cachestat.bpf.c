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

char LICENSE[] SEC("license") = "Dual MIT/GPL";

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

/* Counting */

static __always_inline struct inode *host_of(__u64 mapping)
{
	return BPF_CORE_READ((struct address_space *)mapping, host);
}

static __always_inline bool is_block_device(struct inode *inode)
{
	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFBLK;
}

/* Without pages on a disk: ramfs, hugetlbfs. */
static __always_inline bool is_in_memory(struct inode *inode)
{
	return !is_block_device(inode) && !(BPF_CORE_READ(inode, i_sb, s_bdi, capabilities) & BDI_CAP_WRITEBACK);
}

static __always_inline bool is_counted(__u64 mapping)
{
	return current_passes_filters() && !is_in_memory(host_of(mapping));
}

/* include/linux/dcache.h: until 7.1 at the latest, d_alias was in a union with a name. */
struct dentry___with_union {
	union {
		struct hlist_node d_alias;
	} d_u;
} __attribute__((preserve_access_index));

/* The name that has this link in inode->i_dentry. */
static __always_inline struct dentry *dentry_of_alias(struct hlist_node *alias)
{
	struct dentry___with_union *with_union = 0;

	if (bpf_core_field_exists(with_union->d_u))
		return (void *)alias - bpf_core_field_offset(struct dentry___with_union, d_u.d_alias);
	return (void *)alias - bpf_core_field_offset(struct dentry, d_alias);
}

/* In .rodata, because it is too large for the stack. */
const volatile struct cachestat_value empty_total = {};

static __noinline struct cachestat_value *insert_total(struct cachestat_key *key, struct inode *inode)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cachestat_value *value = find_or_insert(FILLED(totals), key, (const void *)&empty_total);

	if (!value)
		return 0;
	if (by_process) {
		BPF_CORE_READ_STR_INTO(&value->comm, task, group_leader, comm);
	} else {
		struct hlist_node *alias = BPF_CORE_READ(inode, i_dentry.first);
		struct dentry *dentry = dentry_of_alias(alias);

		value->mode = BPF_CORE_READ(inode, i_mode);
		if (alias)
			bpf_probe_read_kernel_str(value->file, sizeof(value->file), BPF_CORE_READ(dentry, d_name.name));
	}
	return value;
}

/* The counters to which the current task adds for this file. */
static __noinline void *counts_of(__u64 mapping)
{
	struct cachestat_key key = {};
	struct cachestat_value *value;
	struct inode *inode;

	if (!by_process && !by_file)
		return only_entry(&counts);
	inode = host_of(mapping);
	if (by_process) {
		key.pid = bpf_get_current_pid_tgid() >> 32;
	} else {
		key.inode = BPF_CORE_READ(inode, i_ino);
		key.dev = is_block_device(inode) ? BPF_CORE_READ(inode, i_rdev) : BPF_CORE_READ(inode, i_sb, s_dev);
	}
	value = bpf_map_lookup_elem(FILLED(totals), &key);
	if (!value)
		value = insert_total(&key, inode);
	/* It starts with them. */
	return value;
}

/* `missing` of the pages that were added had been asked for. */
static __always_inline void count_misses(__u64 mapping, __u64 pages, __u64 missing)
{
	struct cachestat_counts *own = counts_of(mapping);

	if (!own)
		return;
	ADD(own->misses, pages);
	if (pages > missing)
		ADD(own->readahead, pages - missing);
}

static __always_inline void count_hits(__u64 mapping, __s64 pages)
{
	struct cachestat_counts *own = pages ? counts_of(mapping) : 0;

	if (own)
		ADD(own->hits, pages);
}

static __always_inline void count_mapped(__u64 mapping, __u64 pages)
{
	struct cachestat_counts *own = pages ? counts_of(mapping) : 0;

	if (!own)
		return;
	ADD(own->hits, pages);
	ADD(own->mapped, pages);
}

/* Pages */

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

/* 6.15, include/linux/mm_types.h: struct folio._folio_nr_pages became _nr_pages. */
struct folio___since_6_15 {
	unsigned int _nr_pages;
} __attribute__((preserve_access_index));

struct folio___until_6_14 {
	unsigned int _folio_nr_pages;
} __attribute__((preserve_access_index));

/* Of a struct folio or page, whose first member it is. */
static __always_inline __u64 flags_of(const void *folio)
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

	if (!HAS_FLAG(flags_of(folio), PG_head))
		return 1;
	if (bpf_core_field_exists(since_6_15->_nr_pages))
		return BPF_CORE_READ(since_6_15, _nr_pages);
	if (bpf_core_field_exists(until_6_14->_folio_nr_pages))
		return BPF_CORE_READ(until_6_14, _folio_nr_pages);
	return 1;
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
	__u64 flags = page ? flags_of((void *)page) : 0;

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

/* Reads */

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

/* Tells two reads or writes of a thread apart: how many it has finished; with asked_at_end also read(2) from readahead(2). */
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

/* fentry and kprobe tiers. */
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

/* Page faults */

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
	/* A window of which all was mapped faults again only when it has been unmapped; in another one, the rest stays mapped. */
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

/* Pages that are added or become dirty */

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
