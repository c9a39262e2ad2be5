// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biosnoop: each block request, the thread that made it, how long it was queued and how long the device took; the file whose pages it
 * reads or writes back, and the thread that dirtied them.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h; writeback_dirty_folio or
 *               writeback_dirty_page: block_file.bpf.h
 *   No other tier: the tracepoints are stable and cheap.
 *
 * Maps
 *   requests  block.bpf.h
 *   dirtied, writers  block_file.bpf.h
 *   events    ring buffer, 4 MiB: struct biosnoop_event. Fast disks complete hundreds of thousands of requests a second
 *
 * Cost: that of block.bpf.h and block_file.bpf.h, and for each completed request a record of 116 bytes and the name of the file.
 *
 * Caveats: those of block.bpf.h and block_file.bpf.h.
 */
#define BLOCK_FILES 1
#include "lib/block.bpf.h"
#include "lib/emit.bpf.h"
#include "biosnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

EVENTS(4 * 1024 * 1024, struct biosnoop_event);

/* Bytes of the names in most records. */
#define NO_NAME_BYTES 8
#define SHORT_NAME_BYTES 40

static __always_inline void emit(const struct block_request *request, __u64 now, struct dentry *dentry, const __u32 name_bytes)
{
	struct biosnoop_event *event = reserve_event(&events, SIZE_WITH(struct biosnoop_event, file, name_bytes));

	if (count_if_lost(event))
		return;
	event->time_ns = now;
	event->lat_ns = now - request->issue_ns;
	event->queue_ns = request->issue_ns - request->start_ns;
	event->sector = request->sector;
	event->bytes = request->bytes;
	event->flags = request->flags;
	event->dev = request->dev;
	event->tid = request->tid;
	event->pid = request->tgid;
	event->cgroup_id = request->file.writer_tid ? request->file.writer.cgroup_id : request->cgroup_id;
	event->uid = request->file.writer_tid ? request->file.writer.uid : request->uid;
	event->inode = request->file.number;
	event->fs_dev = request->file.dev;
	event->writer_tid = request->file.writer_tid;
	event->writer_pid = request->file.writer.tgid;
	__builtin_memcpy(event->comm, request->comm, sizeof(event->comm));
	__builtin_memcpy(event->writer_comm, request->file.writer.comm, sizeof(event->writer_comm));
	event->file[0] = 0;
	if (name_bytes > NO_NAME_BYTES)
		bpf_probe_read_kernel_str(event->file, name_bytes, BPF_CORE_READ(dentry, d_name.name));
	submit_event(&events, event);
}

static __always_inline void on_request_complete(const struct block_request *request, __u64 now)
{
	struct dentry *dentry = dentry_of_file(&request->file);

	if (!dentry)
		emit(request, now, dentry, NO_NAME_BYTES);
	else if (BPF_CORE_READ(dentry, d_name.len) < SHORT_NAME_BYTES)
		emit(request, now, dentry, SHORT_NAME_BYTES);
	else
		emit(request, now, dentry, NAME_BYTES);
}
