// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * readpath: the path of reads, writes or opens of files through the kernel: how often each function is called, how long it takes, by
 * which stacks, and what became of each call. `followed_call` selects the call. Reads and writes are those of regular files.
 *
 * Hooks by tier
 *   read: read, pread64
 *     fentry, kprobe  entry and exit of vfs_read, and within it, if this kernel has them, of
 *                       generic_file_buffered_read (until 5.11), filemap_read (5.12), filemap_get_pages (5.12),
 *                       page_cache_sync_ra, page_cache_async_ra, page_cache_ra_unbounded, read_pages,
 *                       add_to_page_cache_lru, filemap_add_folio (5.16), filemap_read_folio (5.16),
 *                       folio_wait_bit_common (5.16), copy_page_to_iter
 *     tracepoint      sys_enter and sys_exit of the calls, and within them, if this kernel has them,
 *                       mm_filemap_get_pages (6.9), mm_filemap_add_to_page_cache, page_cache_sync_ra, page_cache_async_ra,
 *                       page_cache_ra_unbounded (6.17): counted, with their stacks
 *     How they show where a read got its data: read_outcome.bpf.h
 *   write: write, pwrite64, writev, pwritev, pwritev2
 *     fentry, kprobe  entry and exit of vfs_write and vfs_writev, and within them those of the functions below that this kernel has
 *     tracepoint      sys_enter and sys_exit of the calls
 *     all             within them, if this kernel has them, ext4_da_reserve_space and balance_dirty_pages; on the tracepoint tier also
 *                       the tracepoints below: counted, with their stacks
 *     How they show what became of a write: write_outcome.bpf.h
 *   open: open, openat, openat2, creat, of files of all types
 *     fentry, kprobe  entry and exit of __x64_sys_* and, for 32-bit programs, __ia32_*, and within them those of the functions below
 *                       that this kernel has
 *     tracepoint      sys_enter and sys_exit of the calls, and within them, if this kernel has them, block_bio_queue,
 *                       ext4_allocate_inode and ext4_truncate_enter
 *     How they show how an open found its file: open_outcome.bpf.h
 *
 * Maps
 *   calls         hash, 2048: thread id -> struct call, its call in flight: 1.2 MB
 *   counts        per-CPU array, 97: enum readpath_function -> struct readpath_counts
 *   stacks        hash, 4096: struct readpath_stack_key -> struct readpath_stack: 0.4 MB
 *   stack_traces  stack traces, 2048 of at most 40 functions: 0.7 MB
 *
 * Cost: microseconds per call. Use it to look closer; do not leave it running.
 *   fentry, kprobe  a call of one of these functions within a followed call walks the stack, reads the clock twice, looks up `calls`
 *                   three times and adds to `counts` and `stacks`; outside it looks up `calls` at entry and exit
 *   tracepoint      a tracepoint within a followed call walks the stack, looks up `calls` twice and adds to the same maps. Every system
 *                   call of the machine runs two programs that check its number, and each of the calls above two more
 *   A read or write of a file that is not regular costs a stack walk and two lookups.
 *
 * Caveats
 *   - Functions that the compiler has inlined are not seen.
 *   - readv, splices, open_by_handle_at, Linux AIO, io_uring and the kernel's own calls are not followed.
 *   - A file that another thread closes before its open returns does not count as created.
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
#include "lib/io_syscall.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "lib/syscall_programs.bpf.h"
#include "calls.bpf.h"
#include "counts.bpf.h"
#include "functions.bpf.h"
#include "open_outcome.bpf.h"
#include "read_outcome.bpf.h"
#include "readpath.h"
#include "write_outcome.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The argument `pause` of the tracepoint balance_dirty_pages on this kernel, counted from 0: 6 or 10. 0: unknown. */
const volatile __u32 pause_argument = 0;

/* A read of this file starts; NULL: it will fail before it reaches a file. */
static __noinline void begin_read(struct file *file, __s32 stack)
{
	struct source source;
	struct call *call;

	if (!file || file_type(file) != S_IFREG) {
		skip_call();
		return;
	}
	source = source_of(file);
	call = begin_call(READPATH_VFS_READ, stack);
	if (call)
		call->source = source;
}

/* A write to this file starts. `flags`: those of pwritev2, else 0. */
static __noinline void begin_write(struct file *file, __u32 function, __u64 flags, __s32 stack)
{
	struct target target;
	struct call *call;

	if (!file || file_type(file) != S_IFREG) {
		skip_call();
		return;
	}
	target = target_of(file, flags);
	call = begin_call(function, stack);
	if (call)
		call->target = target;
}

static __noinline void begin_open(__u32 function, __s32 stack)
{
	begin_call(function, stack);
}

/* fentry and kprobe tiers. */

/* A macro, because bpf_get_stackid() needs the context as the program received it. */
#define BEGIN(ctx, begin, ...)                                                                                      \
	({                                                                                                          \
		if (current_passes_filters())                                                                       \
			begin(__VA_ARGS__, STACK(ctx));                                                             \
		0;                                                                                                  \
	})

/* The function in which a call starts. `begin`: the start, a call with all arguments but the stack. */
#define OUTERMOST(name, arguments, ...)                                                                             \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, UNPACK arguments)                                                        \
	{                                                                                                           \
		return BEGIN(ctx, __VA_ARGS__);                                                                     \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, UNPACK arguments, __s64 ret)                                              \
	{                                                                                                           \
		return current_passes_filters() ? end_call(ret) : 0;                                                \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, UNPACK arguments)                                                      \
	{                                                                                                           \
		return BEGIN(ctx, __VA_ARGS__);                                                                     \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, __s64 ret)                                                           \
	{                                                                                                           \
		return current_passes_filters() ? end_call(ret) : 0;                                                \
	}

#define UNPACK(...) __VA_ARGS__

OUTERMOST(vfs_read, (struct file *file, void *buffer, __u64 bytes, void *position), begin_read, file)
OUTERMOST(vfs_write, (struct file *file, void *buffer, __u64 bytes, void *position), begin_write, file, READPATH_VFS_WRITE, 0)
OUTERMOST(vfs_writev, (struct file *file, void *vector, __u64 length, void *position, __u64 flags), begin_write, file,
	  READPATH_VFS_WRITEV, flags)

/* The system calls that open files. `section`: the function of the kernel. */
#define OPEN_SYSCALL(section, name, number)                                                                         \
	SEC("fentry/" section)                                                                                      \
	int name##_enter__fentry(void *ctx)                                                                         \
	{                                                                                                           \
		return BEGIN(ctx, begin_open, number);                                                              \
	}                                                                                                           \
                                                                                                                    \
	/* After the registers of the caller, the only argument, the context has the result. */                    \
	SEC("fexit/" section)                                                                                       \
	int name##_exit__fentry(__u64 *ctx)                                                                         \
	{                                                                                                           \
		return current_passes_filters() ? end_call(ctx[1]) : 0;                                             \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" section)                                                                                      \
	int name##_enter__kprobe(void *ctx)                                                                         \
	{                                                                                                           \
		return BEGIN(ctx, begin_open, number);                                                              \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" section)                                                                                   \
	int BPF_KRETPROBE(name##_exit__kprobe, __s64 ret)                                                           \
	{                                                                                                           \
		return current_passes_filters() ? end_call(ret) : 0;                                                \
	}

OPEN_SYSCALL(SYSCALL_PREFIX "open", sys_open, READPATH_OPEN)
OPEN_SYSCALL(SYSCALL_PREFIX "openat", sys_openat, READPATH_OPENAT)
OPEN_SYSCALL(SYSCALL_PREFIX "openat2", sys_openat2, READPATH_OPENAT2)
OPEN_SYSCALL(SYSCALL_PREFIX "creat", sys_creat, READPATH_CREAT)
#if defined(__TARGET_ARCH_x86)
OPEN_SYSCALL("__ia32_compat_sys_open", ia32_compat_sys_open, READPATH_OPEN)
OPEN_SYSCALL("__ia32_compat_sys_openat", ia32_compat_sys_openat, READPATH_OPENAT)
OPEN_SYSCALL("__ia32_sys_openat2", ia32_sys_openat2, READPATH_OPENAT2)
OPEN_SYSCALL("__ia32_sys_creat", ia32_sys_creat, READPATH_CREAT)
#endif

/* tracepoint tier. */

/* The function in which a system call is followed; READPATH_FUNCTIONS: it is not followed. */
#define FOLLOWED(call, function) (followed_call == (call) ? (function) : READPATH_FUNCTIONS)

#define FOLLOWED_SYSCALLS(CALL)                                                                                     \
	CALL(SYS_READ, FOLLOWED(READPATH_CALL_READ, READPATH_VFS_READ))                                             \
	CALL(SYS_PREAD64, FOLLOWED(READPATH_CALL_READ, READPATH_VFS_READ))                                          \
	CALL(SYS_WRITE, FOLLOWED(READPATH_CALL_WRITE, READPATH_VFS_WRITE))                                          \
	CALL(SYS_PWRITE64, FOLLOWED(READPATH_CALL_WRITE, READPATH_VFS_WRITE))                                       \
	CALL(SYS_WRITEV, FOLLOWED(READPATH_CALL_WRITE, READPATH_VFS_WRITEV))                                        \
	CALL(SYS_PWRITEV, FOLLOWED(READPATH_CALL_WRITE, READPATH_VFS_WRITEV))                                       \
	CALL(SYS_PWRITEV2, FOLLOWED(READPATH_CALL_WRITE, READPATH_VFS_WRITEV))                                      \
	CALL(SYS_OPEN, FOLLOWED(READPATH_CALL_OPEN, READPATH_OPEN))                                                 \
	CALL(SYS_OPENAT, FOLLOWED(READPATH_CALL_OPEN, READPATH_OPENAT))                                             \
	CALL(SYS_OPENAT2, FOLLOWED(READPATH_CALL_OPEN, READPATH_OPENAT2))                                           \
	CALL(SYS_CREAT, FOLLOWED(READPATH_CALL_OPEN, READPATH_CREAT))

REPORTED_SYSCALLS(__u32, followed_function, READPATH_FUNCTIONS, FOLLOWED_SYSCALLS)

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	__u64 flags = call->number == SYS_PWRITEV2 ? call->arguments[5] : 0;

	if (!current_passes_filters())
		return;
	if (followed_call == READPATH_CALL_OPEN)
		begin_open(followed_function(call->number), STACK(ctx));
	else if (followed_call == READPATH_CALL_WRITE)
		begin_write(io_syscall_file(call, FMODE_PWRITE), followed_function(call->number), flags, STACK(ctx));
	else
		begin_read(io_syscall_file(call, FMODE_PREAD), STACK(ctx));
}

SYS_ENTER_PROGRAM(on_sys_enter)

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	if (current_passes_filters())
		end_call(ret);
}

SYS_EXIT_PROGRAM(on_sys_exit)

/* What a tracepoint says about the outcome of the call that reached it. */
static __always_inline void mark_reached(struct call *call, __u32 function)
{
	if (followed_call == READPATH_CALL_WRITE) {
		if (function == READPATH_EXT4_DA_RESERVE_SPACE)
			call->target.delayed = true;
		return;
	}
	if (followed_call != READPATH_CALL_READ)
		return;
	mark_called(&call->source, function);
	if (function == READPATH_FILEMAP_ADD_FOLIO)
		mark_added(&call->source);
}

static __noinline void on_tracepoint(__u32 function, __s32 stack)
{
	struct call *call = current_in_flight();

	if (!call)
		return;
	mark_reached(call, function);
	count(function, 0);
	count_stack(function, stack, 0);
}

#define REACH(ctx, number)                                                                                          \
	({                                                                                                          \
		if (current_in_flight())                                                                            \
			on_tracepoint(number, STACK(ctx));                                                          \
		0;                                                                                                  \
	})

#define TRACEPOINT(name, number)                                                                                    \
	SEC("tp_btf/" #name)                                                                                        \
	int name##__tracepoint(void *ctx)                                                                           \
	{                                                                                                           \
		return REACH(ctx, number);                                                                          \
	}

TRACEPOINT(mm_filemap_get_pages, READPATH_FILEMAP_GET_PAGES)
TRACEPOINT(mm_filemap_add_to_page_cache, READPATH_FILEMAP_ADD_FOLIO)
TRACEPOINT(page_cache_sync_ra, READPATH_PAGE_CACHE_SYNC_RA)
TRACEPOINT(page_cache_async_ra, READPATH_PAGE_CACHE_ASYNC_RA)
TRACEPOINT(page_cache_ra_unbounded, READPATH_PAGE_CACHE_RA_UNBOUNDED)

TRACEPOINT(ext4_da_write_begin, READPATH_EXT4_DA_WRITE_BEGIN)
TRACEPOINT(ext4_da_write_end, READPATH_EXT4_DA_WRITE_END)
TRACEPOINT(ext4_write_begin, READPATH_EXT4_WRITE_BEGIN)
TRACEPOINT(ext4_write_end, READPATH_EXT4_WRITE_END)
TRACEPOINT(ext4_da_reserve_space, READPATH_EXT4_DA_RESERVE_SPACE)
TRACEPOINT(ext4_sync_file_enter, READPATH_EXT4_SYNC_FILE)
TRACEPOINT(iomap_dio_rw_begin, READPATH_IOMAP_DIO_RW)
TRACEPOINT(writeback_dirty_folio, READPATH_WRITEBACK_DIRTY_FOLIO)
TRACEPOINT(writeback_dirty_page, READPATH_WRITEBACK_DIRTY_PAGE)
TRACEPOINT(block_bio_queue, READPATH_SUBMIT_BIO)

TRACEPOINT(ext4_allocate_inode, READPATH_EXT4_ALLOCATE_INODE)
TRACEPOINT(ext4_truncate_enter, READPATH_EXT4_TRUNCATE_ENTER)

/*
 * An argument of a tracepoint. In C clang merges the loads of two arguments into one at a variable offset, which the
 * verifier of older kernels refuses.
 */
#define ARGUMENT(context, index)                                                                                    \
	({                                                                                                          \
		__s64 value;                                                                                        \
                                                                                                                    \
		asm volatile("%0 = *(u64 *)(%1 + %2)" : "=r"(value) : "r"(context), "i"((index) * 8));              \
		value;                                                                                              \
	})

/*
 * Without a pause, or with a negative one, the write goes on at once. mm/page-writeback.c: balance_dirty_pages()
 * Negative ones are those of writers that have waited too long before.
 */
static __always_inline bool is_paused(const void *context)
{
	if (pause_argument == 6)
		return ARGUMENT(context, 6) > 0;
	return pause_argument == 10 && ARGUMENT(context, 10) > 0;
}

SEC("tp_btf/balance_dirty_pages")
int balance_dirty_pages__tracepoint(void *ctx)
{
	struct call *call = current_in_flight();

	if (call && is_paused(ctx))
		call->target.throttled = true;
	return REACH(ctx, READPATH_BALANCE_DIRTY_PAGES);
}
