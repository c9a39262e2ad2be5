/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The file of a block request, and the thread that dirtied the pages that it writes back. For block.bpf.h, in tools that define
 * BLOCK_FILES.
 *
 * A request has a file if its memory is pages of the page cache of that file, which it reads or writes back. They are looked at when
 * it is issued: the first page of each of its first MAX_BIOS bios, and the last page of the last bio. They must belong to the same
 * inode and be in the state in which the page cache does I/O: under writeback, or locked and not up to date. A mapped page of another
 * file that is the buffer of direct I/O is in neither state; if that file is written back at the same time, the flag REQ_IDLE of direct
 * writes excludes it.
 *
 * The pages of files are recorded as they become dirty, each with the thread. The writer of a request is known if all pages that are
 * looked at were last dirtied by threads of one process, even if they belong to several files.
 *
 * Hook
 *   writeback_dirty_folio (until 5.17 writeback_dirty_page)  a page or folio of a file becomes dirty, mostly in the thread that writes
 *
 * Maps
 *   dirtied      array, 16384: struct dirtied_pages, by a hash of the inode's address and the pages' index. Other pages with the same hash
 *                replace them. 2.4 MB: the pages of at least 2 GiB that are written in sequence
 *   writers      LRU hash, 4096: thread id -> struct page_writer. Elements of 48 + 8 + 40 bytes: 0.4 MB
 *   last_writer  per-CPU array, 1: struct last_writer
 *
 * Cost: for each page or folio of a file that becomes dirty two array lookups, which the JIT inlines (the per-CPU one since 6.10), and the
 * comm of the thread; with a filter also a lookup in `writers`. For each request that is issued, some fifteen reads of kernel memory for
 * each page looked at, and two lookups if it writes.
 *
 * Caveats
 *   - No file: direct I/O, swap, metadata of file systems, block devices, pages that a file system copies first (compressed,
 *     encrypted), requests that merge I/O on several files.
 *   - A file in a file system on a device mapper, md or loop device may be the file of requests on the disks below.
 *   - The pages between those looked at may be another process's, and if the file system itself merges I/O on several files (f2fs),
 *     another file's.
 *   - A page is charged to the process that made it dirty, not to those that wrote to it while it was dirty. If writeback makes it dirty
 *     again, that is the thread that writes back.
 *   - Unknown writers: of pages that were dirty before the hook was attached, and of those that other pages have replaced in the map.
 *   - A thread id that is used again before the pages are written back has the later thread's name.
 *   - A thread that changes its user or cgroup has the old ones for up to RECENT_PAGES pages, if the filters select no threads.
 */
#ifndef KTOP_BLOCK_FILE_BPF_H
#define KTOP_BLOCK_FILE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "cgroup.bpf.h"
#include "compat.bpf.h"
#include "file.bpf.h"
#include "filter.bpf.h"
#include "folio.bpf.h"
#include "maps.bpf.h"
#include "user.bpf.h"

/* log2 of the bytes of a page. */
const volatile __u32 page_shift = 12;

/* include/linux/blk_types.h; the same since 5.10 */
#define REQ_OP_MASK 0xff
#define REQ_OP_WRITE 1
#define REQ_META (1U << 12)
#define REQ_IDLE (1U << 15)

/* The lowest bits of a page's mapping: anonymous memory, or pages that a driver can move. */
#define MAPPING_FLAGS 3

#define DIRTIED_PAGES 32
#define DIRTIED_GROUPS 16384
/* A thread that keeps writing is marked as recently used in `writers` after so many pages. */
#define RECENT_PAGES 256

/* Adjacent pages of an inode. */
struct dirtied_pages {
	/* 0: the entry is not used. */
	__u64 inode;
	/* Index of the first page, in units of DIRTIED_PAGES. */
	__u64 group;
	/* By page: the thread that last made it dirty; 0: unknown. Of a folio its first page. */
	__u32 tids[DIRTIED_PAGES];
};

/* A thread that makes pages dirty. */
struct page_writer {
	/* Of the process. */
	__u64 cgroup_id;
	__u32 tgid;
	__u32 uid;
	/* The filters select it. */
	bool selected;
	char comm[16];
};

/* The thread that last made a page dirty on this CPU, whose entry in `writers` is up to date. */
struct last_writer {
	__u32 tid;
	/* Pages since then. */
	__u32 pages;
	char comm[16] __attribute__((aligned(8)));
};

/* The file of a request and the thread that wrote. */
struct block_file {
	/* NULL: unknown. Valid until the request has completed: its pages are locked or under writeback. */
	struct inode *inode;
	/* i_ino */
	__u64 number;
	/* The superblock's device: major << 20 | minor. */
	__u32 dev;
	/* 0: unknown, as the rest then is. */
	__u32 writer_tid;
	struct page_writer writer;
};

/* Its lookup is inlined by the JIT; a hash would triple the cost of a dirtied page. */
KEYED_MAP(BPF_MAP_TYPE_ARRAY, dirtied, DIRTIED_GROUPS, __u32, struct dirtied_pages);
LRU_HASH(writers, 4096, __u32, struct page_writer);
ONE_PER_CPU(last_writer, struct last_writer);

/* The entry for a page of an inode, which other pages may have taken. Never NULL in practice; the verifier requires the check. */
static __always_inline struct dirtied_pages *dirtied_entry(struct inode *inode, __u64 index)
{
	__u64 hash = ((__u64)inode >> 3) * 0x61c8864680b583ebULL >> 32;
	__u32 entry = (hash + index / DIRTIED_PAGES) % DIRTIED_GROUPS;

	return bpf_map_lookup_elem(&dirtied, &entry);
}

static __always_inline bool has_pages(const struct dirtied_pages *pages, struct inode *inode, __u64 index)
{
	return pages->inode == (__u64)inode && pages->group == index / DIRTIED_PAGES;
}

/* Whether the page cache of an inode holds what users see as a file: not a block device or a file system's internal inode. */
static __always_inline bool is_file_mode(__u32 mode)
{
	__u32 type = mode & S_IFMT;

	return type == S_IFREG || type == S_IFDIR || type == S_IFLNK;
}

/* Updates the entry of the current thread. */
static __noinline void update_writer(struct last_writer *last)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct page_writer first = { .tgid = id >> 32 }, *writer;
	__u32 tid = id;

	first.cgroup_id = current_cgroup_id();
	first.uid = current_uid();
	first.selected = current_passes_filters();
	bpf_get_current_comm(first.comm, sizeof(first.comm));
	writer = bpf_map_lookup_elem(&writers, &tid);
	if (writer)
		*writer = first;
	else
		bpf_map_update_elem(&writers, &tid, &first, BPF_ANY);
	last->tid = tid;
	last->pages = 0;
	__builtin_memcpy(last->comm, first.comm, sizeof(last->comm));
}

/* A page or folio becomes dirty. */
static __always_inline void on_dirtied(struct inode *inode, __u64 index)
{
	struct dirtied_pages *pages = dirtied_entry(inode, index);
	struct last_writer *last = only_entry(&last_writer);
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 comm[2] = {};
	const __u64 *last_comm;

	if (!pages || !last)
		return;
	bpf_get_current_comm(comm, sizeof(comm));
	last_comm = (const __u64 *)last->comm;
	if (!has_pages(pages, inode, index)) {
		/* In this order: another CPU may be looking a writer up. */
		pages->inode = 0;
		barrier();
		__builtin_memset(pages->tids, 0, sizeof(pages->tids));
		pages->group = index / DIRTIED_PAGES;
		barrier();
		pages->inode = (__u64)inode;
	}
	if (last->tid != tid || last->pages++ >= RECENT_PAGES || last_comm[0] != comm[0] || last_comm[1] != comm[1] || filters_threads())
		update_writer(last);
	pages->tids[index % DIRTIED_PAGES] = tid;
}

/* The inode of a page that a request reads or writes back, and the index of its folio; NULL: it is not a page of a file. */
static __always_inline struct inode *inode_of_page(__u64 page, bool is_write, __u64 *index)
{
	void *folio = folio_of(page);
	__u64 flags = folio_flags(folio), mapping;
	struct inode *inode;

	if (is_write ? !HAS_FLAG(flags, PG_writeback) : !HAS_FLAG(flags, PG_locked) || HAS_FLAG(flags, PG_uptodate))
		return 0;
	mapping = folio_mapping(folio);
	if (!mapping || mapping & MAPPING_FLAGS)
		return 0;
	inode = BPF_CORE_READ((struct address_space *)mapping, host);
	/* Until 6.10 slab memory has something else in the place of the mapping. */
	if (!inode || (__u64)BPF_CORE_READ(inode, i_mapping) != mapping || !is_file_mode(BPF_CORE_READ(inode, i_mode)))
		return 0;
	*index = folio_index(folio);
	return inode;
}

/*
 * Takes the writer of the first page of a request, and compares that of each later page. False: the page's writer is unknown, or of another
 * process than the earlier pages' writer.
 */
static __always_inline bool check_writer(struct block_file *file, struct inode *inode, __u64 index)
{
	struct dirtied_pages *pages = dirtied_entry(inode, index);
	struct page_writer *writer;
	__u32 tid;

	if (!pages || !has_pages(pages, inode, index))
		return false;
	tid = pages->tids[index % DIRTIED_PAGES];
	if (file->writer_tid && tid == file->writer_tid)
		return true;
	writer = bpf_map_lookup_elem(&writers, &tid);
	if (!writer)
		return false;
	if (file->writer_tid)
		return writer->tgid == file->writer.tgid;
	file->writer_tid = tid;
	file->writer = *writer;
	return true;
}

/* Whether all pages of a request that were looked at have the same, as bits. */
enum page_match {
	SAME_FILE = 1,
	SAME_WRITER = 2,
};

/*
 * Looks at a page: that of a byte `offset` of a segment (struct bio_vec) of a bio. `file` has what is known of the pages before. Not
 * inlined, because it is called for each page. Returns what the page has in common with those before; 0: it is not a page of a file.
 */
static __noinline __u32 look_at_page(struct block_file *file, __u64 segment, __u32 offset, bool is_write)
{
	struct bio_vec *vec = (void *)segment;
	__u64 page = (__u64)BPF_CORE_READ(vec, bv_page);
	struct inode *inode = 0;
	__u64 index = 0;
	__u32 match = 0;

	offset += BPF_CORE_READ(vec, bv_offset);
	if (page)
		inode = inode_of_page(page + (offset >> page_shift) * bpf_core_type_size(struct page), is_write, &index);
	if (!inode)
		return 0;
	if (!file->inode)
		file->inode = inode;
	if (file->inode == inode)
		match |= SAME_FILE;
	if (is_write && check_writer(file, inode, index))
		match |= SAME_WRITER;
	return match;
}

/* Looks at the pages of a request. Returns what all of them have in common. */
static __always_inline __u32 look_at_pages(struct block_file *file, struct request *rq, bool is_write)
{
	struct bio *bio = BPF_CORE_READ(rq, bio), *last = BPF_CORE_READ(rq, biotail);
	__u32 match = SAME_FILE | SAME_WRITER;

	if (!bio)
		return 0;
	for (int i = 0; i < MAX_BIOS && bio; i++) {
		__u64 segment = (__u64)BPF_CORE_READ(bio, bi_io_vec);

		segment += BPF_CORE_READ(bio, bi_iter.bi_idx) * sizeof(struct bio_vec);
		match &= look_at_page(file, segment, BPF_CORE_READ(bio, bi_iter.bi_bvec_done), is_write);
		if (!match)
			return 0;
		bio = BPF_CORE_READ(bio, bi_next);
	}
	/* 0 in a clone, of which the last segment is not known. */
	if (BPF_CORE_READ(last, bi_vcnt)) {
		struct bio_vec *vec = BPF_CORE_READ(last, bi_io_vec);

		vec = (void *)vec + (BPF_CORE_READ(last, bi_vcnt) - 1) * sizeof(*vec);
		match &= look_at_page(file, (__u64)vec, BPF_CORE_READ(vec, bv_len) - 1, is_write);
	}
	return match;
}

/* The file and the writer of a request; what is unknown stays 0. */
static __noinline void find_file_and_writer(struct block_file *file, struct request *rq)
{
	__u32 flags = BPF_CORE_READ(rq, cmd_flags), operation = flags & REQ_OP_MASK, match;
	struct inode *inode;

	if (operation > REQ_OP_WRITE || flags & (REQ_META | REQ_IDLE))
		return;
	match = look_at_pages(file, rq, operation == REQ_OP_WRITE);
	if (!(match & SAME_WRITER)) {
		file->writer_tid = 0;
		__builtin_memset(&file->writer, 0, sizeof(file->writer));
	}
	if (!(match & SAME_FILE)) {
		file->inode = 0;
		return;
	}
	inode = file->inode;
	file->number = BPF_CORE_READ(inode, i_ino);
	file->dev = BPF_CORE_READ(inode, i_sb, s_dev);
}

/* The entry of a directory that names the file of a request which has not completed; NULL: there is none. */
static __always_inline struct dentry *dentry_of_file(const struct block_file *file)
{
	return file->inode ? dentry_of(file->inode) : 0;
}

SEC("tp_btf/writeback_dirty_page")
int BPF_PROG(writeback_dirty_page__tracepoint, struct page *page, struct address_space *mapping)
{
	if (mapping && is_file_mode(mapping->host->i_mode))
		on_dirtied(BPF_CORE_READ(mapping, host), page->index);
	return 0;
}

SEC("tp_btf/writeback_dirty_folio")
int BPF_PROG(writeback_dirty_folio__tracepoint, struct folio *folio, struct address_space *mapping)
{
	if (mapping && is_file_mode(mapping->host->i_mode))
		on_dirtied(BPF_CORE_READ(mapping, host), folio->index);
	return 0;
}

#endif
