// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biosnoop: each block request, who made it, and how long it waited and took.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h
 *   No other tier: the block layer's tracepoints are the stable and cheap way.
 *
 * Maps
 *   requests  hash, 10240: the requests under way: 1.4 MB
 *   events    ring buffer, 4 MiB: biosnoop_event. Fast disks complete hundreds of thousands of requests a second.
 *
 * Cost: a request inserts into a hash, looks it up two or three times and deletes it, and makes a record of 80 bytes.
 *
 * Caveats: those of block.bpf.h.
 */
#include "lib/block.bpf.h"
#include "biosnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Puts the event's layout into the object's BTF. */
const volatile struct biosnoop_event *const volatile event_layout = 0;

EVENTS(4 * 1024 * 1024);

static __always_inline void completed(const struct block_request *request, __u64 now)
{
	struct biosnoop_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		lose_event();
		return;
	}
	event->time_ns = now;
	event->lat_ns = now - request->issue_ns;
	event->queue_ns = request->issue_ns - request->start_ns;
	event->sector = request->sector;
	event->bytes = request->bytes;
	event->flags = request->flags;
	event->dev = request->dev;
	event->tid = request->tid;
	event->pid = request->tgid;
	__builtin_memcpy(event->comm, request->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
}
