// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * fsslower: reads, writes, opens and fsyncs of one file system (-t) that took at least min_ns.
 *
 * Hooks by tier: see fs_call.bpf.h
 *
 * Maps
 *   calls   file_call.bpf.h
 *   events  ring buffer, 4 MiB: struct fsslower_event, 112 or 328 bytes; with full_path 328, with strings
 *   scratch  full_path.bpf.h
 *
 * Cost: a call that passes the filters inserts into `calls`, looks it up and deletes from it; if it took long enough it also writes
 * a record, with full_path after a walk up from its file (full_path.bpf.h). A hook that other file systems share looks up `calls` twice for a call on one of them. In the tracepoint tier every
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
#include "lib/full_path.bpf.h"
#include "fsslower.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Report operations that take at least this long, nanoseconds. */
const volatile __u64 min_ns = 10000000;

EVENTS(4 * 1024 * 1024, struct fsslower_event);

FULL_PATH_RECORD(struct fsslower_event)

/* Size of the name in the short record, NUL included. */
#define SHORT_NAME_BYTES 40

struct finished {
	enum fs_operation operation;
	const struct file_call *call;
	__u64 now;
	__s64 ret;
};

/* Fills in an event without a path. `name_bytes`: for the name and its NUL, a constant. */
static __always_inline void describe(struct fsslower_event *event, const struct finished *finished, const __u32 name_bytes)
{
	struct file *file = finished->call->ref.file;

	event->time_ns = finished->now;
	event->lat_ns = finished->now - finished->call->start_ns;
	event->ret = finished->ret;
	event->offset = finished->call->offset;
	event->inode = finished->call->ref.inode;
	event->dev = BPF_CORE_READ(file, f_inode, i_sb, s_dev);
	event->operation = finished->operation;
	event->walked = WALK_NONE;
	event->deleted = false;
	SET_CURRENT_THREAD(event);
	bpf_probe_read_kernel_str(event->file, name_bytes, BPF_CORE_READ(file, f_path.dentry, d_name.name));
}

static __always_inline void report(const struct finished *finished, const __u32 name_bytes)
{
	struct fsslower_event *event = reserve_event(&events, SIZE_WITH(struct fsslower_event, file, name_bytes));

	if (count_if_lost(event))
		return;
	describe(event, finished, name_bytes);
	submit_event(&events, event);
}

static __always_inline void report_with_path(const struct finished *finished)
{
	struct record *record = claim_cpu_scratch(&scratch);

	if (!record)
		return;
	describe(&record->event, finished, NAME_BYTES);
	APPEND_FULL_PATH(record, finished->call->ref.file, (struct task_struct *)bpf_get_current_task());
	output_strings(&events, &record->event, sizeof(record->event), record->walk.used);
	release_scratch(&record->users);
}

static __always_inline void on_fs_call_end(enum fs_operation operation, const struct file_call *call, __u64 now, __s64 ret)
{
	struct finished finished = { .operation = operation, .call = call, .now = now, .ret = ret };
	struct file *file = call->ref.file;

	if (now - call->start_ns < min_ns || !check_same_file(&call->ref))
		return;
	if (full_path)
		report_with_path(&finished);
	else if (BPF_CORE_READ(file, f_path.dentry, d_name.len) < SHORT_NAME_BYTES)
		report(&finished, SHORT_NAME_BYTES);
	else
		report(&finished, NAME_BYTES);
}
