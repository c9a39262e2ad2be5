// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * fsslower: reads, writes, opens and fsyncs of one file system (-t) that took at least min_ns.
 *
 * Hooks by tier: see fs_call.bpf.h
 *
 * Maps
 *   calls   file_call.bpf.h
 *   events  ring buffer, 4 MiB: struct fsslower_event, 112 or 328 bytes
 *
 * Cost: a call that passes the filters inserts into `calls`, looks it up and deletes from it; if it took long enough it also writes
 * a record. A hook that other file systems share looks up `calls` twice for a call on one of them. In the tracepoint tier every
 * system call of the machine runs two programs that check its number.
 *
 * Caveats: the time includes waiting for the CPU and for locks within the call; see fs_call.bpf.h
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/emit.bpf.h"
#include "lib/fs_call.bpf.h"
#include "fsslower.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Report operations that take at least this long, nanoseconds. */
const volatile __u64 min_ns = 10000000;

EVENTS(4 * 1024 * 1024, struct fsslower_event);

/* Size of the name in the short record, NUL included. */
#define SHORT_NAME_BYTES 40

struct finished {
	enum fs_operation operation;
	const struct file_call *call;
	__u64 now;
	__s64 ret;
};

/* `name_bytes`: for the name and its NUL, a constant. */
static __always_inline void report(const struct finished *finished, const __u32 name_bytes)
{
	struct fsslower_event *event = reserve_event(&events, SIZE_WITH(struct fsslower_event, file, name_bytes));
	struct file *file = finished->call->ref.file;

	if (count_if_lost(event))
		return;
	event->time_ns = finished->now;
	event->lat_ns = finished->now - finished->call->start_ns;
	event->ret = finished->ret;
	event->offset = finished->call->offset;
	event->inode = finished->call->ref.inode;
	event->dev = BPF_CORE_READ(file, f_inode, i_sb, s_dev);
	event->operation = finished->operation;
	SET_CURRENT_THREAD(event);
	bpf_probe_read_kernel_str(event->file, name_bytes, BPF_CORE_READ(file, f_path.dentry, d_name.name));
	submit_event(event);
}

static __always_inline void on_fs_call_end(enum fs_operation operation, const struct file_call *call, __u64 now, __s64 ret)
{
	struct finished finished = { .operation = operation, .call = call, .now = now, .ret = ret };
	struct file *file = call->ref.file;

	if (now - call->start_ns < min_ns || !check_same_file(&call->ref))
		return;
	if (BPF_CORE_READ(file, f_path.dentry, d_name.len) < SHORT_NAME_BYTES)
		report(&finished, SHORT_NAME_BYTES);
	else
		report(&finished, sizeof(((struct fsslower_event *)0)->file));
}
