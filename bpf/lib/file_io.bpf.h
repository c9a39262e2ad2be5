/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Finished reads and writes of files, by system calls, io_uring and Linux AIO: the programs that filetop and dirtop share. A tool
 * includes this header and defines is_counted_type() and count_io().
 *
 * Hooks by tier
 *   vfs_read, vfs_write      read, pread64, write, pwrite64
 *     fentry      fexit
 *     kprobe      kprobe + kretprobe
 *     tracepoint  sys_enter/sys_exit of the four calls (one pair of programs for all calls of this tool)
 *   vfs_readv, vfs_writev    readv, preadv, preadv2, writev, pwritev, pwritev2
 *     the same three ways
 *   splice                   sendfile, splice, copy_file_range if it falls back to splicing
 *     fentry and kprobe  reading: do_splice_read (6.8), vfs_splice_read (6.5 to 6.7), do_splice_to (before);
 *                        writing: iter_file_splice_write
 *     tracepoint         sys_enter/sys_exit of sendfile64, splice, copy_file_range
 *   io_uring                 IORING_OP_READ* and IORING_OP_WRITE*
 *     tracepoint         raw tracepoint io_uring_complete, if it has the request (6.0)
 *   Linux AIO                IOCB_CMD_PREAD, PREADV, PWRITE, PWRITEV: aio.bpf.h
 *   No call goes through two of these: vectored, spliced and asynchronous I/O call the file system's read_iter and write_iter
 *   without vfs_read and vfs_write (fs/read_write.c, fs/splice.c, io_uring/rw.c, fs/aio.c). Splicing goes through one twice on
 *   overlayfs and FUSE passthrough, see below.
 *
 * Map
 *   calls  hash, 10240: struct thread_call (enum function, thread id) -> struct file_ref: 1 MB. Not used in the fentry tier.
 *
 * Caveats
 *   - kprobe: a kretprobe traces a bounded number of sleeping callers; above it the kernel skips the exit, and the call is lost.
 *   - fentry and kprobe: splicing (sendfile) from overlayfs (since 6.5) or through FUSE passthrough reads the upper file and, inside
 *     that call, the lower one. The fentry tier counts both; the kprobe tier counts the lower one, and the upper one as lost.
 *   - tracepoint: Linux AIO, I/O by the kernel's own threads (nfsd, loop) and, on arm64, by 32-bit programs are not seen; sendfile
 *     is one call however long, while the other tiers count each pipe-sized piece.
 */
#ifndef KTOP_FILE_IO_BPF_H
#define KTOP_FILE_IO_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "aio.bpf.h"
#include "filter.bpf.h"
#include "in_flight.bpf.h"
#include "io_syscall.bpf.h"
#include "io_uring.bpf.h"

const volatile bool read_only = false;
const volatile bool write_only = false;
/*
 * Arguments of the tracepoint io_uring_complete on this kernel, without the leading `void *` of its BTF prototype:
 * 3 (since 6.15: ctx, request, cqe) or 7 (since 6.0: ctx, request, user_data, res, ...). 0: it has no request.
 */
const volatile __u32 io_uring_complete_args = 0;

enum direction { READ, WRITE };

/* One finished read or write. */
struct io {
	/* Bytes, or a negative errno. */
	__s64 ret;
	struct task_struct *task;
	__u32 tgid;
	__u32 tid;
	enum direction direction;
};

/* Adds a finished call to the members reads, read_bytes, writes and write_bytes of a value. Failed calls count, too. */
#define ADD_IO(value, io)                                                                                           \
	({                                                                                                          \
		__u64 bytes = (io)->ret > 0 ? (io)->ret : 0;                                                        \
                                                                                                                    \
		if ((io)->direction == READ) {                                                                      \
			ADD((value)->reads, 1);                                                                     \
			ADD((value)->read_bytes, bytes);                                                            \
		} else {                                                                                            \
			ADD((value)->writes, 1);                                                                    \
			ADD((value)->write_bytes, bytes);                                                           \
		}                                                                                                   \
	})

/* Defined by the tool: whether it counts I/O on files of this type. `mode`: inode->i_mode. */
static __always_inline bool is_counted_type(__u32 mode);

/* Defined by the tool: counts a finished read or write that passed the filters. `direct`: see MEMBER(). */
static __always_inline void count_io(struct file *file, const struct io *io, const bool direct);

/* Which function a call is in; calls of different functions can be nested. */
enum function {
	IN_SYSCALL_READ,
	IN_SYSCALL_WRITE,
	IN_VFS_READ,
	IN_VFS_WRITE,
	IN_VFS_READV,
	IN_VFS_WRITEV,
	IN_SPLICE_READ,
	IN_SPLICE_WRITE,
};

IN_FLIGHT(calls, 10240, struct thread_call, struct file_ref);

static __always_inline bool is_counted_direction(enum direction direction)
{
	return direction == READ ? !write_only : !read_only;
}

/* I/O of the current task that returned `ret`. */
static __always_inline struct io current_io(enum direction direction, __s64 ret)
{
	__u64 id = bpf_get_current_pid_tgid();

	return (struct io){
		.ret = ret,
		.task = (struct task_struct *)bpf_get_current_task(),
		.tgid = id >> 32,
		.tid = id,
		.direction = direction,
	};
}

/* A read or write of `file` starts; NULL: it will fail before it reaches a file. */
static __noinline void begin_io(enum function function, enum direction direction, struct file *file)
{
	struct thread_call key = current_call(function);
	struct file_ref ref;

	if (!file || !is_counted_direction(direction) || !is_counted_type(BPF_CORE_READ(file, f_inode, i_mode))) {
		discard_stale(&calls, &key);
		return;
	}
	ref = file_ref(file);
	begin_in_flight(&calls, &key, &ref);
}

static __always_inline void on_io_enter(enum function function, enum direction direction, struct file *file)
{
	if (current_passes_filters())
		begin_io(function, direction, file);
}

static __noinline void on_io_exit(enum function function, enum direction direction, __s64 ret)
{
	struct thread_call key = current_call(function);
	struct file_ref *ref = current_passes_filters() ? find_in_flight(&calls, &key) : 0;
	struct io io;

	if (!ref)
		return;
	if (check_same_file(ref)) {
		io = current_io(direction, ret);
		count_io(ref->file, &io, false);
	}
	end_in_flight(&calls, &key);
}

/* fentry tier: one fexit program per function. */

static __always_inline void count_exit(struct file *file, enum direction direction, __s64 ret)
{
	struct io io = current_io(direction, ret);

	if (is_counted_direction(direction) && task_passes_filters(io.task, io.tgid))
		count_io(file, &io, true);
}

#define IO_FENTRY(name, direction, ...)                                                                             \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, __VA_ARGS__, __s64 ret)                                                   \
	{                                                                                                           \
		count_exit(file, direction, ret);                                                                   \
		return 0;                                                                                           \
	}

IO_FENTRY(vfs_read, READ, struct file *file, void *buf, __u64 bytes, __s64 *pos)
IO_FENTRY(vfs_write, WRITE, struct file *file, void *buf, __u64 bytes, __s64 *pos)
IO_FENTRY(vfs_readv, READ, struct file *file, void *vec, __u64 vlen, __s64 *pos, __u64 flags)
IO_FENTRY(vfs_writev, WRITE, struct file *file, void *vec, __u64 vlen, __s64 *pos, __u64 flags)
IO_FENTRY(do_splice_read, READ, struct file *file, __s64 *pos, void *pipe, __u64 len, __u64 flags)
IO_FENTRY(vfs_splice_read, READ, struct file *file, __s64 *pos, void *pipe, __u64 len, __u64 flags)
IO_FENTRY(do_splice_to, READ, struct file *file, __s64 *pos, void *pipe, __u64 len, __u64 flags)
IO_FENTRY(iter_file_splice_write, WRITE, void *pipe, struct file *file, __s64 *pos, __u64 len, __u64 flags)

/* kprobe tier: the entry keeps the file for the exit. */

#define IO_KPROBE(name, in_function, direction, ...)                                                                \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, __VA_ARGS__)                                                           \
	{                                                                                                           \
		on_io_enter(in_function, direction, file);                                                          \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, long ret)                                                            \
	{                                                                                                           \
		on_io_exit(in_function, direction, ret);                                                            \
		return 0;                                                                                           \
	}

IO_KPROBE(vfs_read, IN_VFS_READ, READ, struct file *file)
IO_KPROBE(vfs_write, IN_VFS_WRITE, WRITE, struct file *file)
IO_KPROBE(vfs_readv, IN_VFS_READV, READ, struct file *file)
IO_KPROBE(vfs_writev, IN_VFS_WRITEV, WRITE, struct file *file)
IO_KPROBE(do_splice_read, IN_SPLICE_READ, READ, struct file *file)
IO_KPROBE(vfs_splice_read, IN_SPLICE_READ, READ, struct file *file)
IO_KPROBE(do_splice_to, IN_SPLICE_READ, READ, struct file *file)
IO_KPROBE(iter_file_splice_write, IN_SPLICE_WRITE, WRITE, void *pipe, struct file *file)

/* Linux AIO: aio.bpf.h */

static __always_inline bool is_traced_aio(struct file *file, __u32 writes, const bool direct)
{
	struct inode *inode = MEMBER(direct, file, f_inode);

	return is_counted_direction(writes ? WRITE : READ) && is_counted_type(MEMBER(direct, inode, i_mode)) &&
	       current_passes_filters();
}

static __always_inline void on_aio_end(const struct aio_request *request, __s64 ret)
{
	struct io io = {
		.ret = ret,
		.task = request->task,
		.tgid = request->tgid,
		.tid = request->tid,
		.direction = request->writes ? WRITE : READ,
	};

	count_io(request->file, &io, false);
}

/* tracepoint tier: the system calls. The file is looked up at the start: its descriptor may be closed during the call. */

REPORTED_SYSCALLS(__u32, counted_effect, 0, COUNTED_IO_SYSCALLS)

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	__u32 effect = counted_effect(call->number);

	if (!current_passes_filters())
		return;
	if (effect == (READS | WRITES)) {
		bool sendfile = call->number == SYS_SENDFILE;

		begin_io(IN_SYSCALL_READ, READ, spliced_file_from_fd(call->arguments[sendfile ? 1 : 0]));
		begin_io(IN_SYSCALL_WRITE, WRITE, spliced_file_from_fd(call->arguments[sendfile ? 0 : 2]));
	} else if (effect == READS) {
		begin_io(IN_SYSCALL_READ, READ, io_syscall_file(call, FMODE_PREAD));
	} else {
		begin_io(IN_SYSCALL_WRITE, WRITE, io_syscall_file(call, FMODE_PWRITE));
	}
}

SYS_ENTER_PROGRAM(on_sys_enter)

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	__u32 effect = counted_effect(call->number);

	if (effect & READS)
		on_io_exit(IN_SYSCALL_READ, READ, ret);
	if (effect & WRITES)
		on_io_exit(IN_SYSCALL_WRITE, WRITE, ret);
}

SYS_EXIT_PROGRAM(on_sys_exit)

/* io_uring: the completion may run in any task; it is counted for the task that submitted the request. */

static __noinline void count_request(struct io_kiocb *request, __s64 ret)
{
	struct task_struct *task = io_uring_request_task(request);
	struct file *file = BPF_CORE_READ(request, file);
	__u8 opcode = BPF_CORE_READ(request, opcode);
	struct io io = {
		.ret = ret,
		.task = task,
		.tgid = BPF_CORE_READ(task, tgid),
		.tid = BPF_CORE_READ(task, pid),
		.direction = io_uring_writes(opcode) ? WRITE : READ,
	};

	if (!task_passes_filters(task, io.tgid) || !is_counted_direction(io.direction))
		return;
	if (file && (io_uring_writes(opcode) || io_uring_reads(opcode)))
		count_io(file, &io, false);
}

SEC("raw_tp/io_uring_complete")
int io_uring_complete_raw__tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct io_uring_cqe *cqe = (void *)ctx->args[2];

	if (io_uring_complete_args == 3)
		count_request((void *)ctx->args[1], BPF_CORE_READ(cqe, res));
	else if (io_uring_complete_args == 7)
		count_request((void *)ctx->args[1], (__s32)ctx->args[3]);
	return 0;
}

#endif
