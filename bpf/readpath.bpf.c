// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * readpath: the way of read and pread64 of regular files through the kernel: how often it goes through which function, how
 * long it stays there, by which stacks, and whether the page cache had the data.
 *
 * Hooks by tier
 *   fentry, kprobe  entry and exit of vfs_read, and within it of those that this kernel has of
 *                     generic_file_buffered_read (until 5.11), filemap_read (5.12), filemap_get_pages (5.12),
 *                     page_cache_sync_ra, page_cache_async_ra, page_cache_ra_unbounded, read_pages,
 *                     add_to_page_cache_lru, filemap_add_folio (5.16), filemap_read_folio (5.16),
 *                     folio_wait_bit_common (5.16), copy_page_to_iter
 *   tracepoint      sys_enter and sys_exit of read and pread64, and within them those that this kernel has of
 *                   mm_filemap_get_pages (6.9), mm_filemap_add_to_page_cache, page_cache_sync_ra, page_cache_async_ra,
 *                   page_cache_ra_unbounded (6.17): counted, with their stacks
 *   A read is of the page cache if it came to generic_file_buffered_read or filemap_read; in the tracepoint tier to
 *   mm_filemap_get_pages or what a miss comes to. It has missed if it came to page_cache_sync_ra (without that tracepoint: if it
 *   added to the page cache); it has read ahead if it came to page_cache_async_ra alone; else it has hit, if it read anything.
 *   All others are neither: O_DIRECT, /proc, tmpfs, DAX, reads that failed, reads at the end of a file.
 *   Where none of these can be watched (tracepoint tier until 6.8) the file tells: a read is of the page cache unless it is
 *   O_DIRECT or the file system reads no pages, and it cannot have hit a file without pages.
 *
 * Maps
 *   reads         hash, 2048: thread -> its read and the functions that it is in. 0.6 MB
 *   counts        per-CPU array, 17: readpath_counts
 *   stacks        hash, 4096: readpath_stack_key -> readpath_stack. 0.4 MB
 *   stack_traces  stack traces, 2048 of at most 40 functions. 0.7 MB
 *
 * Cost: each call of each of these functions walks the stack, reads the clock twice and adds to two maps: microseconds a read.
 * It is a tool to look closer with, not to leave running.
 *
 * Caveats
 *   - Functions that the compiler has inlined are not seen.
 *   - Where two stacks have one hash, the kernel keeps the first: calls by the other have an unknown way.
 *   - kprobe: a kretprobe serves a bounded number of callers at once; beyond it the kernel skips the exit. What was forgotten is
 *     found when the function around it ends, and counted as lost.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "maps.bpf.h"
#include "syscall.bpf.h"
#include "readpath.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

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

/* Functions that a read is in at once, at most. A power of two. */
#define MAX_FRAMES 8

struct frame {
	__u64 start_ns;
	/* Spent in the functions that this one has called. */
	__u64 inside_ns;
	__u32 function;
	__s32 stack;
};

struct read {
	__u32 depth;
	/* The read is of the page cache. */
	bool cached;
	/* There was nothing that it could have hit. */
	bool empty;
	/* Of a file with O_DIRECT: what it adds to the page cache are not its data. */
	bool direct;
	/* The read came by page_cache_sync_ra, page_cache_async_ra. */
	bool missed;
	bool read_ahead;
	struct frame frames[MAX_FRAMES];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, __u32);
	__type(value, struct read);
} reads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, READPATH_FUNCTIONS);
	__type(key, __u32);
	__type(value, struct readpath_counts);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct readpath_stack_key);
	__type(value, struct readpath_stack);
} stacks SEC(".maps");

#define MAX_STACK 40

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 2048);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_STACK * sizeof(__u64));
} stack_traces SEC(".maps");

static __always_inline void count(__u32 function, __u64 time_ns)
{
	struct readpath_counts *own = bpf_map_lookup_elem(&counts, &function);

	if (own) {
		ADD(own->calls, 1);
		/* Of an addition of 0 clang makes a fetching atomic, which needs 5.12. */
		if (time_ns)
			ADD(own->time_ns, time_ns);
	}
}

static __noinline void count_stack(__u32 function, __s32 stack, __u64 self_ns)
{
	struct readpath_stack_key key = { .function = function, .stack = stack < 0 ? -1 : stack };
	struct readpath_stack *known = bpf_map_lookup_elem(&stacks, &key);
	struct readpath_stack first = {};

	if (!known) {
		bpf_map_update_elem(&stacks, &key, &first, BPF_NOEXIST);
		known = bpf_map_lookup_elem(&stacks, &key);
	}
	if (!known) {
		lose_key();
		return;
	}
	ADD(known->calls, 1);
	if (self_ns)
		ADD(known->self_ns, self_ns);
}

static __always_inline struct read *current_read(void)
{
	__u32 tid = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&reads, &tid);
}

/* Says of a read what its file tells. A file of overlayfs has no pages of its own: the one below it is read. */
static __always_inline void judge_by_file(struct read *read, struct file *file)
{
	struct address_space *mapping = BPF_CORE_READ(file, f_mapping);
	bool overlay = BPF_CORE_READ(file, f_inode, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC;

	read->cached = !read->direct && (overlay || reads_pages(BPF_CORE_READ(mapping, a_ops)));
	read->empty = !overlay && !BPF_CORE_READ(mapping, nrpages);
}

/* A read of this file begins. */
static __noinline void begin_read(struct file *file, __s32 stack)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct read read = { .depth = 1 };

	/* The end of the one before was missed: the end of an unwanted one is not to find it either. */
	if (bpf_map_lookup_elem(&reads, &tid)) {
		bpf_map_delete_elem(&reads, &tid);
		lose_key();
	}
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFREG)
		return;
	read.frames[0].function = READPATH_VFS_READ;
	read.frames[0].stack = stack;
	read.frames[0].start_ns = bpf_ktime_get_ns();
	read.direct = BPF_CORE_READ(file, f_flags) & O_DIRECT;
	if (!page_cache_watched)
		judge_by_file(&read, file);
	if (bpf_map_update_elem(&reads, &tid, &read, BPF_ANY))
		lose_key();
}

/* A function within a read begins. */
static __noinline void enter(__u32 function, __s32 stack)
{
	struct read *read = current_read();
	__u32 depth = read ? read->depth : 0;
	struct frame *frame;

	if (!depth)
		return;
	if (function == READPATH_GENERIC_FILE_BUFFERED_READ || function == READPATH_FILEMAP_READ)
		read->cached = true;
	if (function == READPATH_PAGE_CACHE_SYNC_RA)
		read->missed = true;
	if (function == READPATH_PAGE_CACHE_ASYNC_RA)
		read->read_ahead = true;
	if (depth >= MAX_FRAMES) {
		lose_key();
		return;
	}
	frame = &read->frames[depth & (MAX_FRAMES - 1)];
	frame->function = function;
	frame->stack = stack;
	frame->inside_ns = 0;
	frame->start_ns = bpf_ktime_get_ns();
	read->depth = depth + 1;
}

/* Whether the thread is in a read: only then its stack is walked. */
#define ENTER(ctx, number)                                                                                          \
	({                                                                                                          \
		if (current_read())                                                                                 \
			enter(number, bpf_get_stackid(ctx, &stack_traces, 0));                                      \
		0;                                                                                                  \
	})

/* Takes the innermost function of this number off; those inside it have been forgotten. False: there is none. */
static __always_inline bool leave(struct read *read, __u32 function)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 depth = read->depth;
	struct frame *frame;
	__u64 time_ns;

	for (int i = 0; i < MAX_FRAMES; i++) {
		if (!depth)
			return false;
		frame = &read->frames[(depth - 1) & (MAX_FRAMES - 1)];
		if (frame->function == function)
			break;
		depth--;
	}
	if (!depth)
		return false;
	if (depth != read->depth)
		lose_key();
	read->depth = depth - 1;
	frame = &read->frames[(depth - 1) & (MAX_FRAMES - 1)];
	time_ns = now - frame->start_ns;
	count(function, time_ns);
	count_stack(function, frame->stack, time_ns - frame->inside_ns);
	if (depth > 1)
		read->frames[(depth - 2) & (MAX_FRAMES - 1)].inside_ns += time_ns;
	return true;
}

static __noinline int exit_from(__u32 function)
{
	struct read *read = current_read();

	if (read)
		leave(read, function);
	return 0;
}

/* What became of the read that returned this: READPATH_HIT, READPATH_READAHEAD, READPATH_MISS or READPATH_OTHER. */
static __always_inline __u32 outcome(const struct read *read, __s64 ret)
{
	if (!read->cached)
		return READPATH_OTHER;
	if (read->missed)
		return READPATH_MISS;
	if (read->read_ahead)
		return READPATH_READAHEAD;
	return ret > 0 && !read->empty ? READPATH_HIT : READPATH_OTHER;
}

static __noinline int end_read(__s64 ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct read *read = bpf_map_lookup_elem(&reads, &tid);

	if (!read)
		return 0;
	count(outcome(read, ret), bpf_ktime_get_ns() - read->frames[0].start_ns);
	leave(read, READPATH_VFS_READ);
	bpf_map_delete_elem(&reads, &tid);
	return 0;
}

/* fentry and kprobe tiers. */

SEC("fentry/vfs_read")
int BPF_PROG(vfs_read_enter__fentry, struct file *file)
{
	if (current_wanted())
		begin_read(file, bpf_get_stackid(ctx, &stack_traces, 0));
	return 0;
}

SEC("fexit/vfs_read")
int BPF_PROG(vfs_read_exit__fentry, struct file *file, void *buffer, __u64 count, void *position, __s64 ret)
{
	return current_wanted() ? end_read(ret) : 0;
}

SEC("kprobe/vfs_read")
int BPF_KPROBE(vfs_read_enter__kprobe, struct file *file)
{
	if (current_wanted())
		begin_read(file, bpf_get_stackid(ctx, &stack_traces, 0));
	return 0;
}

SEC("kretprobe/vfs_read")
int BPF_KRETPROBE(vfs_read_exit__kprobe, __s64 ret)
{
	return current_wanted() ? end_read(ret) : 0;
}

#define FUNCTION(name, number)                                                                                      \
	SEC("fentry/" #name)                                                                                        \
	int name##_enter__fentry(void *ctx)                                                                         \
	{                                                                                                           \
		return ENTER(ctx, number);                                                                          \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int name##_exit__fentry(void *ctx)                                                                          \
	{                                                                                                           \
		return exit_from(number);                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int name##_enter__kprobe(void *ctx)                                                                         \
	{                                                                                                           \
		return ENTER(ctx, number);                                                                          \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int name##_exit__kprobe(void *ctx)                                                                          \
	{                                                                                                           \
		return exit_from(number);                                                                           \
	}

FUNCTION(generic_file_buffered_read, READPATH_GENERIC_FILE_BUFFERED_READ)
FUNCTION(filemap_read, READPATH_FILEMAP_READ)
FUNCTION(filemap_get_pages, READPATH_FILEMAP_GET_PAGES)
FUNCTION(page_cache_sync_ra, READPATH_PAGE_CACHE_SYNC_RA)
FUNCTION(page_cache_async_ra, READPATH_PAGE_CACHE_ASYNC_RA)
FUNCTION(page_cache_ra_unbounded, READPATH_PAGE_CACHE_RA_UNBOUNDED)
FUNCTION(read_pages, READPATH_READ_PAGES)
FUNCTION(filemap_add_folio, READPATH_FILEMAP_ADD_FOLIO)
FUNCTION(add_to_page_cache_lru, READPATH_ADD_TO_PAGE_CACHE_LRU)
FUNCTION(filemap_read_folio, READPATH_FILEMAP_READ_FOLIO)
FUNCTION(folio_wait_bit_common, READPATH_FOLIO_WAIT_BIT_COMMON)
FUNCTION(copy_page_to_iter, READPATH_COPY_PAGE_TO_ITER)

/* tracepoint tier. */

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter__tracepoint, struct pt_regs *regs, long number)
{
	struct file *file;

	if ((number != SYS_READ && number != SYS_PREAD64) || !current_wanted() || compat_syscall())
		return 0;
	file = number == SYS_READ ? fd_file(SYSCALL_ARG1(regs)) :
				    fd_file_at(SYSCALL_ARG1(regs), SYSCALL_ARG4(regs), FMODE_PREAD);
	begin_read(file, bpf_get_stackid(ctx, &stack_traces, 0));
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	long number = syscall_number(regs);

	return (number == SYS_READ || number == SYS_PREAD64) && current_wanted() ? end_read(ret) : 0;
}

static __noinline void passed(__u32 function, __s32 stack)
{
	bool added = function == READPATH_FILEMAP_ADD_FOLIO && added_is_missed;
	struct read *read = current_read();

	if (!read)
		return;
	/* mm_filemap_get_pages does not tell of pages that had to be added one by one. */
	if (function == READPATH_FILEMAP_GET_PAGES || function == READPATH_PAGE_CACHE_SYNC_RA || (added && !read->direct))
		read->cached = true;
	if (function == READPATH_PAGE_CACHE_SYNC_RA || added)
		read->missed = true;
	if (function == READPATH_PAGE_CACHE_ASYNC_RA)
		read->read_ahead = true;
	count(function, 0);
	count_stack(function, stack, 0);
}

#define TRACEPOINT(name, number)                                                                                    \
	SEC("tp_btf/" #name)                                                                                        \
	int name##__tracepoint(void *ctx)                                                                           \
	{                                                                                                           \
		if (current_read())                                                                                 \
			passed(number, bpf_get_stackid(ctx, &stack_traces, 0));                                     \
		return 0;                                                                                           \
	}

TRACEPOINT(mm_filemap_get_pages, READPATH_FILEMAP_GET_PAGES)
TRACEPOINT(mm_filemap_add_to_page_cache, READPATH_FILEMAP_ADD_FOLIO)
TRACEPOINT(page_cache_sync_ra, READPATH_PAGE_CACHE_SYNC_RA)
TRACEPOINT(page_cache_async_ra, READPATH_PAGE_CACHE_ASYNC_RA)
TRACEPOINT(page_cache_ra_unbounded, READPATH_PAGE_CACHE_RA_UNBOUNDED)
