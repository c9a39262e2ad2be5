// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * readpath: the path of read and pread64 of regular files through the kernel: how often each function is called, how long it takes,
 * by which stacks, and whether the page cache had the data.
 *
 * Hooks by tier
 *   fentry, kprobe  entry and exit of vfs_read, and within it, if this kernel has them, of
 *                     generic_file_buffered_read (until 5.11), filemap_read (5.12), filemap_get_pages (5.12),
 *                     page_cache_sync_ra, page_cache_async_ra, page_cache_ra_unbounded, read_pages,
 *                     add_to_page_cache_lru, filemap_add_folio (5.16), filemap_read_folio (5.16),
 *                     folio_wait_bit_common (5.16), copy_page_to_iter
 *   tracepoint      sys_enter and sys_exit of read and pread64, and within them, if this kernel has them,
 *                   mm_filemap_get_pages (6.9), mm_filemap_add_to_page_cache, page_cache_sync_ra, page_cache_async_ra,
 *                   page_cache_ra_unbounded (6.17): counted, with their stacks
 *   How they show where a read got its data: outcome.bpf.h
 *
 * Maps
 *   reads         hash, 2048: thread id -> struct read, its read in flight: 0.6 MB
 *   counts        per-CPU array, 17: enum readpath_function -> struct readpath_counts
 *   stacks        hash, 4096: struct readpath_stack_key -> struct readpath_stack: 0.4 MB
 *   stack_traces  stack traces, 2048 of at most 40 functions: 0.7 MB
 *
 * Cost: microseconds per read. Use it to look closer; do not leave it running.
 *   fentry, kprobe  a call of one of these functions within a read walks the stack, reads the clock twice, looks up `reads` three
 *                   times and adds to `counts` and `stacks`; outside a read it looks up `reads` at entry and exit
 *   tracepoint      a tracepoint within a read walks the stack, looks up `reads` twice and adds to the same maps. Every system call
 *                   of the machine runs two programs that check its number
 *   A read of a file that is not regular costs a stack walk and two lookups.
 *
 * Caveats
 *   - Functions that the compiler has inlined are not seen.
 *   - If two stacks have the same hash, the kernel keeps the first: the stack of calls by the other is unknown.
 *   - kprobe: a kretprobe traces a bounded number of callers at once; above it the kernel skips the exit. A skipped exit is
 *     noticed when the calling function ends, and counted as lost.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "counts.bpf.h"
#include "outcome.bpf.h"
#include "readpath.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nested functions of a read, at most. A power of two. */
#define MAX_FRAMES 8

/* A function that a read is in. Times are nanoseconds. */
struct frame {
	__u64 start_ns;
	/* Spent in the functions that it called. */
	__u64 callees_ns;
	__u32 function;
	__s32 stack;
};

struct read {
	__u32 depth;
	struct source source;
	struct frame frames[MAX_FRAMES];
};

IN_FLIGHT(reads, 2048, __u32, struct read);

static __always_inline struct read *current_read(void)
{
	__u32 tid = current_tid();

	return find_in_flight(&reads, &tid);
}

/* A read of this file starts; NULL: it will fail before it reaches a file. */
static __noinline void begin_read(struct file *file, __s32 stack)
{
	__u32 tid = current_tid();
	struct read read = { .depth = 1 };

	if (!file || file_type(file) != S_IFREG) {
		discard_stale(&reads, &tid);
		return;
	}
	read.frames[0].function = READPATH_VFS_READ;
	read.frames[0].stack = stack;
	read.frames[0].start_ns = bpf_ktime_get_ns();
	read.source = source_of(file);
	begin_in_flight(&reads, &tid, &read);
}

static __noinline void enter(__u32 function, __s32 stack)
{
	struct read *read = current_read();
	__u32 depth = read ? read->depth : 0;
	struct frame *frame;

	if (!depth)
		return;
	mark_called(&read->source, function);
	if (depth >= MAX_FRAMES) {
		count_lost_key();
		return;
	}
	frame = &read->frames[depth & (MAX_FRAMES - 1)];
	frame->function = function;
	frame->stack = stack;
	frame->callees_ns = 0;
	frame->start_ns = bpf_ktime_get_ns();
	read->depth = depth + 1;
}

/* The stack is walked only if the thread is in a read. */
#define ENTER(ctx, number)                                                                                          \
	({                                                                                                          \
		if (current_read())                                                                                 \
			enter(number, bpf_get_stackid(ctx, &stack_traces, 0));                                      \
		0;                                                                                                  \
	})

/* Ends the innermost frame of this function. The exits of frames inside it were skipped. */
static __always_inline void leave(struct read *read, __u32 function)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 depth = read->depth;
	struct frame *frame;
	__u64 time_ns;

	for (int i = 0; i < MAX_FRAMES; i++) {
		if (!depth)
			return;
		frame = &read->frames[(depth - 1) & (MAX_FRAMES - 1)];
		if (frame->function == function)
			break;
		depth--;
	}
	if (!depth)
		return;
	if (depth != read->depth)
		count_lost_key();
	read->depth = depth - 1;
	frame = &read->frames[(depth - 1) & (MAX_FRAMES - 1)];
	time_ns = now - frame->start_ns;
	count(function, time_ns);
	count_stack(function, frame->stack, time_ns - frame->callees_ns);
	if (depth > 1)
		read->frames[(depth - 2) & (MAX_FRAMES - 1)].callees_ns += time_ns;
}

static __noinline int exit_from(__u32 function)
{
	struct read *read = current_read();

	if (read)
		leave(read, function);
	return 0;
}

static __noinline int end_read(__s64 ret)
{
	__u32 tid = current_tid();
	struct read *read = find_in_flight(&reads, &tid);

	if (!read)
		return 0;
	count(outcome(&read->source, ret), bpf_ktime_get_ns() - read->frames[0].start_ns);
	leave(read, READPATH_VFS_READ);
	end_in_flight(&reads, &tid);
	return 0;
}

/* fentry and kprobe tiers. */

/* A macro, because bpf_get_stackid() needs the context as the program received it. */
#define BEGIN_READ(ctx, file)                                                                                       \
	({                                                                                                          \
		if (current_passes_filters())                                                                       \
			begin_read(file, bpf_get_stackid(ctx, &stack_traces, 0));                                   \
		0;                                                                                                  \
	})

SEC("fentry/vfs_read")
int BPF_PROG(vfs_read_enter__fentry, struct file *file)
{
	return BEGIN_READ(ctx, file);
}

SEC("fexit/vfs_read")
int BPF_PROG(vfs_read_exit__fentry, struct file *file, void *buffer, __u64 count, void *position, __s64 ret)
{
	return current_passes_filters() ? end_read(ret) : 0;
}

SEC("kprobe/vfs_read")
int BPF_KPROBE(vfs_read_enter__kprobe, struct file *file)
{
	return BEGIN_READ(ctx, file);
}

SEC("kretprobe/vfs_read")
int BPF_KRETPROBE(vfs_read_exit__kprobe, __s64 ret)
{
	return current_passes_filters() ? end_read(ret) : 0;
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

#define READ_SYSCALLS(CALL)                                                                                         \
	CALL(SYS_READ, true)                                                                                        \
	CALL(SYS_PREAD64, true)

REPORTED_SYSCALLS(bool, is_read, false, READ_SYSCALLS)

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	__u64 fd = call->arguments[0];
	struct file *file;

	if (!current_passes_filters())
		return;
	file = call->number == SYS_READ ? io_file_from_fd(fd) :
					  positioned_file_from_fd(fd, position_argument(call), FMODE_PREAD);
	begin_read(file, bpf_get_stackid(ctx, &stack_traces, 0));
}

SYS_ENTER_PROGRAM(on_sys_enter)

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	if (current_passes_filters())
		end_read(ret);
}

SYS_EXIT_PROGRAM(on_sys_exit)

static __noinline void on_tracepoint(__u32 function, __s32 stack)
{
	struct read *read = current_read();

	if (!read)
		return;
	mark_called(&read->source, function);
	if (function == READPATH_FILEMAP_ADD_FOLIO)
		mark_added(&read->source);
	count(function, 0);
	count_stack(function, stack, 0);
}

#define TRACEPOINT(name, number)                                                                                    \
	SEC("tp_btf/" #name)                                                                                        \
	int name##__tracepoint(void *ctx)                                                                           \
	{                                                                                                           \
		if (current_read())                                                                                 \
			on_tracepoint(number, bpf_get_stackid(ctx, &stack_traces, 0));                              \
		return 0;                                                                                           \
	}

TRACEPOINT(mm_filemap_get_pages, READPATH_FILEMAP_GET_PAGES)
TRACEPOINT(mm_filemap_add_to_page_cache, READPATH_FILEMAP_ADD_FOLIO)
TRACEPOINT(page_cache_sync_ra, READPATH_PAGE_CACHE_SYNC_RA)
TRACEPOINT(page_cache_async_ra, READPATH_PAGE_CACHE_ASYNC_RA)
TRACEPOINT(page_cache_ra_unbounded, READPATH_PAGE_CACHE_RA_UNBOUNDED)
