// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * fileslower: single reads and writes of files that took at least min_ns.
 *
 * Hooks by tier
 *   vfs_read, vfs_write      read, pread64, write, pwrite64
 *     fentry      fentry + fexit
 *     kprobe      kprobe + kretprobe
 *     tracepoint  sys_enter/sys_exit of the four calls (one pair of programs for all calls of this tool)
 *   vfs_readv, vfs_writev    readv, preadv, preadv2, writev, pwritev, pwritev2
 *     the same three ways
 *   Linux AIO                IOCB_CMD_PREAD, PREADV, PWRITE, PWRITEV, from io_submit to the completion: aio.bpf.h
 *
 * Maps
 *   calls   file_call.bpf.h
 *   aio_requests, aio_submissions  aio.bpf.h
 *   events  ring buffer, 4 MiB: struct fileslower_event, 112 or 328 bytes; with full_path 328, with strings
 *   scratch  full_path.bpf.h
 *
 * Cost: a call that passes the filters, on a type of file that is reported, inserts into `calls`, looks it up and deletes from it;
 * if it took long enough it also writes a record, with dir_on or full_path after a walk up from its file (dir_filter.bpf.h,
 * full_path.bpf.h). A call on another type of file looks up `calls` twice. In the tracepoint tier
 * every system call of the machine runs two programs that check its number.
 *
 * Caveats
 *   - The time includes waiting for the CPU and for locks within the call, and page faults on its buffer.
 *   - kprobe: a kretprobe traces a bounded number of sleeping callers; above it the kernel skips the exit, and the call is lost.
 *   - tracepoint: the whole system call is timed; Linux AIO, I/O by the kernel's own threads and, on arm64, by 32-bit programs are
 *     not seen.
 *   - Not seen: splice, sendfile and io_uring, whose time is not that of a single read or write; memory-mapped files.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/aio.bpf.h"
#include "lib/cgroup.bpf.h"
#include "lib/dir_filter.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/file_call.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/full_path.bpf.h"
#include "lib/io_syscall.bpf.h"
#include "fileslower.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Report calls that take at least this long, nanoseconds. */
const volatile __u64 min_ns = 10000000;
/* Sockets, pipes, devices and directories too, not only regular files. */
const volatile bool all_files = false;

EVENTS(4 * 1024 * 1024, struct fileslower_event);

FULL_PATH_RECORD(struct fileslower_event)

/* Which function a call is in; odd numbers write. */
enum function {
	IN_READ,
	IN_WRITE,
	IN_READV,
	IN_WRITEV,
};

/* Size of the name in the short record, NUL included. */
#define SHORT_NAME_BYTES 40

static __always_inline bool is_reported_type(struct file *file)
{
	return all_files || file_type(file) == S_IFREG;
}

/* `file`: NULL if the call will fail before it reaches a file. */
static __always_inline void begin_io(enum function function, struct file *file)
{
	if (file && is_reported_type(file))
		begin_call(function, file, NO_OFFSET);
	else
		skip_call(function);
}

static __always_inline void on_io_enter(enum function function, struct file *file)
{
	if (current_passes_filters())
		begin_io(function, file);
}

/* A read or write that ended. */
struct finished {
	struct file *file;
	/* NULL if the thread has ended. */
	struct task_struct *task;
	__u64 start_ns;
	__u64 now;
	__s64 ret;
	__u32 pid;
	__u32 tid;
	__u32 writes;
};

/* Fills in an event without a path. `name_bytes`: for the name and its NUL, a constant. */
static __always_inline void describe(struct fileslower_event *event, const struct finished *io, const __u32 name_bytes)
{
	struct file *file = io->file;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct task_struct *task = io->task;

	event->time_ns = io->now;
	event->lat_ns = io->now - io->start_ns;
	event->ret = io->ret;
	event->inode = BPF_CORE_READ(inode, i_ino);
	event->dev = BPF_CORE_READ(inode, i_sb, s_dev);
	event->mode = BPF_CORE_READ(inode, i_mode);
	event->writes = io->writes;
	event->walked = WALK_NONE;
	event->deleted = false;
	event->pid = io->pid;
	event->tid = io->tid;
	event->cgroup_id = task_cgroup_id(task);
	event->uid = task_uid(task);
	BPF_CORE_READ_STR_INTO(&event->comm, task, comm);
	bpf_probe_read_kernel_str(event->file, name_bytes, BPF_CORE_READ(file, f_path.dentry, d_name.name));
}

static __always_inline void emit(const struct finished *io, const __u32 name_bytes)
{
	struct fileslower_event *event = reserve_event(&events, SIZE_WITH(struct fileslower_event, file, name_bytes));

	if (count_if_lost(event))
		return;
	describe(event, io, name_bytes);
	submit_event(&events, event);
}

static __always_inline void emit_with_path(const struct finished *io)
{
	struct record *record = claim_cpu_scratch(&scratch);

	if (!record)
		return;
	describe(&record->event, io, NAME_BYTES);
	APPEND_FULL_PATH(record, io->file, io->task);
	output_strings(&events, &record->event, sizeof(record->event), record->walk.used);
	release_scratch(&record->users);
}

static __noinline void report(const struct finished *io)
{
	struct file *file = io->file;

	if (!file_passes_dir(file))
		return;
	if (full_path)
		emit_with_path(io);
	else if (BPF_CORE_READ(file, f_path.dentry, d_name.len) < SHORT_NAME_BYTES)
		emit(io, SHORT_NAME_BYTES);
	else
		emit(io, NAME_BYTES);
}

static __noinline void on_io_exit(enum function function, __s64 ret)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 id = bpf_get_current_pid_tgid();
	struct file_call call;
	struct finished io;

	if (!current_passes_filters() || !end_call(function, &call) || now - call.start_ns < min_ns || !check_same_file(&call.ref))
		return;
	io = (struct finished){
		.file = call.ref.file,
		.task = (struct task_struct *)bpf_get_current_task(),
		.start_ns = call.start_ns,
		.now = now,
		.ret = ret,
		.pid = id >> 32,
		.tid = id,
		.writes = function & 1,
	};
	report(&io);
}

/* Linux AIO: aio.bpf.h */

static __always_inline bool is_traced_aio(struct file *file, __u32 writes, const bool direct)
{
	return is_reported_type(file) && current_passes_filters();
}

static __always_inline void on_aio_end(const struct aio_request *request, __s64 ret)
{
	struct finished io = {
		.file = request->file,
		.task = request->task,
		.start_ns = request->start_ns,
		.now = bpf_ktime_get_ns(),
		.ret = ret,
		.pid = request->tgid,
		.tid = request->tid,
		.writes = request->writes,
	};

	if (io.now - io.start_ns >= min_ns)
		report(&io);
}

/* fentry and kprobe tiers. The arguments after in_function: all that a fexit program needs to find the result after them. */
#define IO_CALL(name, in_function, ...)                                                                             \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, struct file *file)                                                       \
	{                                                                                                           \
		on_io_enter(in_function, file);                                                                     \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, __VA_ARGS__, __s64 ret)                                                   \
	{                                                                                                           \
		on_io_exit(in_function, ret);                                                                       \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct file *file)                                                     \
	{                                                                                                           \
		on_io_enter(in_function, file);                                                                     \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, long ret)                                                            \
	{                                                                                                           \
		on_io_exit(in_function, ret);                                                                       \
		return 0;                                                                                           \
	}

IO_CALL(vfs_read, IN_READ, struct file *file, void *buf, __u64 bytes, __s64 *pos)
IO_CALL(vfs_write, IN_WRITE, struct file *file, void *buf, __u64 bytes, __s64 *pos)
IO_CALL(vfs_readv, IN_READV, struct file *file, void *vec, __u64 vlen, __s64 *pos, __u64 flags)
IO_CALL(vfs_writev, IN_WRITEV, struct file *file, void *vec, __u64 vlen, __s64 *pos, __u64 flags)

/* tracepoint tier: the system calls. The file is looked up at the start: its descriptor may be closed during the call. */

REPORTED_SYSCALLS(__u32, counted_effect, 0, COUNTED_IO_SYSCALLS)

static __always_inline void on_sys_enter(void *ctx, const struct syscall *call)
{
	if (!current_passes_filters())
		return;
	if (counted_effect(call->number) == READS)
		begin_io(IN_READ, io_syscall_file(call, FMODE_PREAD));
	else
		begin_io(IN_WRITE, io_syscall_file(call, FMODE_PWRITE));
}

SYS_ENTER_PROGRAM(on_sys_enter)

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	on_io_exit(counted_effect(call->number) == READS ? IN_READ : IN_WRITE, ret);
}

SYS_EXIT_PROGRAM(on_sys_exit)
