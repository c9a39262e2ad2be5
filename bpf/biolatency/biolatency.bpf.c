// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biolatency: how long block requests take, from their issue to the driver or from when they were made, as histograms: one
 * for all, or one for each disk, for each set of flags, or both.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h
 *   No other tier: the block layer's tracepoints are the stable and cheap way.
 *
 * Maps
 *   requests  hash, 10240: the requests under way: 1.4 MB
 *   hists     hash, 1024: biolatency_key -> biolatency_hist, never taken out. Elements of 48 + 8 + 264 bytes, allocated at
 *             once: 0.4 MB with the buckets.
 *
 * Cost: a request inserts into a hash, looks it up two or three times and deletes it, and adds to two counters.
 *
 * Caveats: those of block.bpf.h.
 */
#include "lib/block.bpf.h"
#include "lib/hist.bpf.h"
#include "biolatency.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nanoseconds in a unit of the histograms: a microsecond or a millisecond. */
const volatile __u64 unit_ns = 1000;
/* Times begin when the request was made, not when it was issued. */
const volatile bool with_queue = false;
/* A histogram for each disk; for each set of flags. */
const volatile bool per_disk = false;
const volatile bool per_flags = false;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct biolatency_key);
	__type(value, struct biolatency_hist);
} hists SEC(".maps");

_Static_assert(BIOLATENCY_SLOTS == HIST_SLOTS, "log2_slot() is made for HIST_SLOTS");

/* The first request of a key. A function of its own, because the value takes most of the stack. */
static __noinline struct biolatency_hist *insert(struct biolatency_key *key)
{
	struct biolatency_hist empty = {};

	/* Another CPU may be first: then that one is found. */
	bpf_map_update_elem(&hists, key, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&hists, key);
}

static __always_inline void completed(const struct block_request *request, __u64 now)
{
	__u64 lat_ns = now - (with_queue ? request->start_ns : request->issue_ns);
	struct biolatency_key key = {};
	struct biolatency_hist *hist;

	if (per_disk)
		key.dev = request->dev;
	if (per_flags)
		key.flags = request->flags;
	hist = bpf_map_lookup_elem(&hists, &key);
	if (!hist)
		hist = insert(&key);
	if (!hist) {
		lose_key();
		return;
	}
	ADD(hist->slots[log2_slot(lat_ns / unit_ns) & (BIOLATENCY_SLOTS - 1)], 1);
	ADD(hist->sum_ns, lat_ns);
}
