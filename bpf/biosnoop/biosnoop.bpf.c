// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biosnoop: each block request, the thread that made it, how long it was queued and how long the device took.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h
 *   No other tier: the block tracepoints are stable and cheap.
 *
 * Maps
 *   requests  block.bpf.h
 *   events    ring buffer, 4 MiB: struct biosnoop_event. Fast disks complete hundreds of thousands of requests a second
 *
 * Cost: that of block.bpf.h, and for each completed request a record of 72 bytes.
 *
 * Caveats: those of block.bpf.h.
 */
#include "lib/block.bpf.h"
#include "lib/emit.bpf.h"
#include "biosnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";


EVENTS(4 * 1024 * 1024, struct biosnoop_event);

static __always_inline void on_request_complete(const struct block_request *request, __u64 now)
{
	struct biosnoop_event *event = reserve_event(&events, sizeof(*event));

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
	event->cgroup_id = request->cgroup_id;
	event->uid = request->uid;
	__builtin_memcpy(event->comm, request->comm, sizeof(event->comm));
	submit_event(&events, event);
}
