/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Reads and writes of files as they end, by every way data can move: the programs of all tools that follow file I/O. A tool
 * includes this and defines io_type_wanted() and count_io().
 *
 * Hooks by tier
 *   vfs_read, vfs_write      read, pread64, write, pwrite64
 *     fentry      fexit
 *     kprobe      kprobe + kretprobe
 *     tracepoint  sys_enter/sys_exit of the four calls (one pair of programs for all calls of this tool)
 *   vfs_readv, vfs_writev    readv, preadv, preadv2, writev, pwritev, pwritev2
 *     the same three ways
 *   splice                   sendfile, splice, copy_file_range where it falls back to splicing
 *     fentry and kprobe  reading: do_splice_read (6.8), vfs_splice_read (6.5 to 6.7), do_splice_to (before);
 *                        writing: iter_file_splice_write
 *     tracepoint         sys_enter/sys_exit of sendfile64, splice, copy_file_range
 *   io_uring                 IORING_OP_READ* and IORING_OP_WRITE*
 *     tracepoint         raw tracepoint io_uring_complete, where it carries the request (6.0)
 *   No call passes two of these: vectored and spliced I/O and io_uring go to the file system's read_iter and
 *   write_iter without vfs_read and vfs_write (fs/read_write.c, fs/splice.c, io_uring/rw.c). But splicing passes one twice on
 *   overlayfs and FUSE passthrough, see below.
 *
 * Map
 *   calls  hash, 10240: (function, thread) -> the file of a call that has begun: 1 MB. Not used in the fentry tier.
 *
 * Caveats
 *   - kprobe: a kretprobe serves a bounded number of sleeping callers; beyond it the kernel skips the exit. The next
 *     call of that thread finds the forgotten start and counts it as lost.
 *   - fentry and kprobe: what is spliced (sendfile) from overlayfs (6.5 on) or through FUSE passthrough is read from the file on top
 *     and, inside that, from the file below: both are counted in the fentry tier, the lower one in the kprobe tier, which
 *     counts the upper one as lost.
 *   - tracepoint: I/O by the kernel's own threads (nfsd, loop) and by 32-bit programs is not seen; sendfile is one call
 *     however long, where the other tiers count each pipe-sized piece.
 */
#ifndef KTOP_FILE_IO_BPF_H
#define KTOP_FILE_IO_BPF_H

#include "filter.bpf.h"
#include "io_syscall.bpf.h"
#include "io_uring.bpf.h"
#include "maps.bpf.h"
#include "syscall.bpf.h"

/* Leave out writes, or reads. */
const volatile bool read_only = false;
const volatile bool write_only = false;
/*
 * Arguments of the tracepoint io_uring_complete on this kernel, without the leading `void *` of its BTF prototype:
 * 3 (6.15 on: ctx, request, cqe) or 7 (6.0 on: ctx, request, user_data, res, ...). Others lack the request: 0.
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

/* Whether the tool counts I/O on files of this type; `mode`: inode->i_mode. The tool defines it. */
static __always_inline bool io_type_wanted(__u32 mode);

/* Counts one finished read or write that passed the filters. `direct`: see MEMBER(). The tool defines it. */
static __always_inline void count_io(struct file *file, const struct io *io, const bool direct);

/* Which function a call is in: a call inside another must not take its place. */
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

struct call_key {
	__u32 function;
	__u32 tid;
};

/* The file of a call that has begun. The inode tells whether the file is still the same when the call has ended. */
struct call {
	struct file *file;
	__u64 inode;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct call_key);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline bool direction_wanted(enum direction direction)
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

/* A call that reads from or writes to `file` begins; NULL: it will fail before. */
static __noinline void begin(enum function function, enum direction direction, struct file *file)
{
	struct call_key key = { .function = function, .tid = bpf_get_current_pid_tgid() };
	struct call call = { .file = file };

	/*
	 * The exit of the call before was skipped, or this call is made inside one of the same function. First of all: the
	 * exit of an unwanted call would take what is left here for its own.
	 */
	if (bpf_map_lookup_elem(&calls, &key)) {
		bpf_map_delete_elem(&calls, &key);
		lose_key();
	}
	if (!file || !direction_wanted(direction) || !io_type_wanted(BPF_CORE_READ(file, f_inode, i_mode)))
		return;
	call.inode = BPF_CORE_READ(file, f_inode, i_ino);
	if (bpf_map_update_elem(&calls, &key, &call, BPF_ANY))
		lose_key();
}

/* The call that begin() saw has returned `ret`. */
static __noinline void end(enum function function, enum direction direction, __s64 ret)
{
	struct call_key key = { .function = function, .tid = bpf_get_current_pid_tgid() };
	struct call *call = current_wanted() ? bpf_map_lookup_elem(&calls, &key) : 0;
	struct file *file;
	struct io io;

	if (!call)
		return;
	file = call->file;
	if (BPF_CORE_READ(file, f_inode, i_ino) == call->inode) {
		io = current_io(direction, ret);
		count_io(file, &io, false);
	} else {
		/* Closed by another thread meanwhile, and the memory used anew. */
		lose_key();
	}
	bpf_map_delete_elem(&calls, &key);
}

/* fentry tier: one fexit program a function. */

static __always_inline void count_exit(struct file *file, enum direction direction, __s64 ret)
{
	struct io io = current_io(direction, ret);

	if (direction_wanted(direction) && wanted(io.task, io.tgid))
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

/* kprobe tier: the start keeps the file for the exit. */

#define IO_KPROBE(name, in_function, direction, ...)                                                                \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, __VA_ARGS__)                                                           \
	{                                                                                                           \
		if (current_wanted())                                                                               \
			begin(in_function, direction, file);                                                        \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, long ret)                                                            \
	{                                                                                                           \
		end(in_function, direction, ret);                                                                   \
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

/* tracepoint tier: the system calls. The file is looked up at the start: its descriptor may be closed during the call. */

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter__tracepoint, struct pt_regs *regs, long number)
{
	__u32 effect = effect_of(number);

	if (!effect || !current_wanted() || compat_syscall())
		return 0;
	if (effect == (READS | WRITES)) {
		bool sendfile = number == SYS_SENDFILE;

		begin(IN_SYSCALL_READ, READ, fd_file_spliced(sendfile ? SYSCALL_ARG2(regs) : SYSCALL_ARG1(regs)));
		begin(IN_SYSCALL_WRITE, WRITE, fd_file_spliced(sendfile ? SYSCALL_ARG1(regs) : SYSCALL_ARG3(regs)));
	} else if (effect == READS) {
		begin(IN_SYSCALL_READ, READ, io_file(number, regs, FMODE_PREAD));
	} else {
		begin(IN_SYSCALL_WRITE, WRITE, io_file(number, regs, FMODE_PWRITE));
	}
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	__u32 effect = effect_of(syscall_number(regs));

	if (effect & READS)
		end(IN_SYSCALL_READ, READ, ret);
	if (effect & WRITES)
		end(IN_SYSCALL_WRITE, WRITE, ret);
	return 0;
}

/* io_uring: the completion, in whatever task it happens; counted for the task that submitted. */

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

	if (!wanted(task, io.tgid) || !direction_wanted(io.direction))
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
