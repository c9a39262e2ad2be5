// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biotop: completed block requests, their bytes and latency, by process, disk and operation.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h
 *   No other tier: the block tracepoints are stable and cheap.
 *
 * Maps
 *   requests  block.bpf.h
 *   totals    hash, 10240: struct biotop_key -> struct biotop_value. User space drains it (lookup and delete). Elements of
 *             48 + 16 + 40 bytes: 1.2 MB with the buckets
 *
 * Cost: that of block.bpf.h, and for each completed request a lookup in `totals` and three atomic additions.
 *
 * Caveats, besides those of block.bpf.h
 *   - A request that completes within nanoseconds of user space draining the element of its key is missed.
 */
#include "lib/block.bpf.h"
#include "lib/maps.bpf.h"
#include "biotop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

HASH(totals, 10240, struct biotop_key, struct biotop_value);

static __always_inline void add_request(struct biotop_value *value, __u32 bytes, __u64 lat_ns)
{
	ADD(value->requests, 1);
	ADD(value->bytes, bytes);
	ADD(value->lat_ns, lat_ns);
}

static __always_inline void on_request_complete(const struct block_request *request, __u64 now)
{
	struct biotop_key key = { .pid = request->tgid, .dev = request->dev, .operation = request->flags & 0xff };
	__u64 lat_ns = now - request->issue_ns;
	struct biotop_value *value = bpf_map_lookup_elem(&totals, &key);

	if (!value) {
		struct biotop_value first = { .requests = 1, .bytes = request->bytes, .lat_ns = lat_ns };

		__builtin_memcpy(first.comm, request->comm, sizeof(first.comm));
		value = insert_first(&totals, &key, &first);
	}
	if (value)
		add_request(value, request->bytes, lat_ns);
}
