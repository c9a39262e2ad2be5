// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biolatency: histograms of block I/O latency, from issue to completion, or from creation with with_queue. One histogram for all
 * requests, or one per disk, per set of flags, or per disk and set of flags.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h
 *   No other tier: the block tracepoints are stable and cheap.
 *
 * Maps
 *   requests  block.bpf.h
 *   hists     hash, 1024: struct biolatency_key -> struct biolatency_hist, request counts, slots in units of unit_ns; never
 *             deleted. Elements of 48 + 8 + 264 bytes: 0.4 MB with the buckets
 *
 * Cost: that of block.bpf.h, and for each completed request a lookup in `hists` and two atomic additions.
 *
 * Caveats: those of block.bpf.h.
 */
#include "lib/block.bpf.h"
#include "lib/hist.bpf.h"
#include "biolatency.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nanoseconds in a unit of the histograms: a microsecond or a millisecond. */
const volatile __u64 unit_ns = 1000;
/* Times start when the request was made, not when it was issued. */
const volatile bool with_queue = false;
const volatile bool per_disk = false;
const volatile bool per_flags = false;

HASH(hists, 1024, struct biolatency_key, struct biolatency_hist);

_Static_assert(BIOLATENCY_SLOTS == HIST_SLOTS, "BIOLATENCY_SLOTS must equal HIST_SLOTS");

/* Inserts an empty histogram. Not inlined, because the value takes most of the BPF stack. */
static __noinline struct biolatency_hist *insert_histogram(struct biolatency_key *key)
{
	struct biolatency_hist empty = {};

	return find_or_insert(&hists, key, &empty);
}

static __always_inline void on_request_complete(const struct block_request *request, __u64 now)
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
		hist = insert_histogram(&key);
	if (!hist)
		return;
	ADD(hist->slots[log2_slot(lat_ns / unit_ns) & (BIOLATENCY_SLOTS - 1)], 1);
	ADD(hist->sum_ns, lat_ns);
}
