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
 *   totals    two hashes, 10240 each: struct biotop_key -> struct biotop_value. Elements of 48 + 16 + 40 bytes: 2.4 MB with the
 *             buckets
 *
 * Cost: that of block.bpf.h, and for each completed request a lookup in `totals` and three atomic additions.
 *
 * Caveats: those of block.bpf.h
 */
#include "lib/block.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/maps.bpf.h"
#include "biotop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

DOUBLE_HASH(totals, 10240, struct biotop_key, struct biotop_value);

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
	struct biotop_value *value = bpf_map_lookup_elem(ACTIVE(totals), &key);

	if (!value) {
		struct biotop_value first = { .requests = 1, .bytes = request->bytes, .lat_ns = lat_ns };

		first.cgroup_id = request->cgroup_id;
		first.uid = request->uid;
		__builtin_memcpy(first.comm, request->comm, sizeof(first.comm));
		value = insert_first(ACTIVE(totals), &key, &first);
	}
	if (value)
		add_request(value, request->bytes, lat_ns);
}
