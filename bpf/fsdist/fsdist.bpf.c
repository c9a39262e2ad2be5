// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * fsdist: how long reads, writes, opens and fsyncs of one file system (-t) take, as log2 histograms.
 *
 * Hooks by tier: see fs_call.bpf.h
 *
 * Maps
 *   calls  file_call.bpf.h
 *   times  per-CPU array, 4: enum fs_operation -> struct fsdist_hist, call counts, slots in units of unit_ns: 1 kB per possible CPU
 *
 * Cost: a call that passes the filters inserts into `calls`, looks it up and deletes from it, looks up `times` and adds to a slot and
 * to the sum. A hook that other file systems share looks up `calls` twice for a call on one of them. In the tracepoint tier every system call
 * of the machine runs two programs that check its number.
 *
 * Caveats: the time includes waiting for the CPU and for locks within the call; see fs_call.bpf.h
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/fs_call.bpf.h"
#include "lib/hist.bpf.h"
#include "fsdist.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nanoseconds in a unit of the histograms: 1000 or 1000000. */
const volatile __u64 unit_ns = 1000;

_Static_assert(sizeof(((struct fsdist_hist *)0)->slots) == HIST_SLOTS * sizeof(__u64), "struct fsdist_hist must have HIST_SLOTS slots");

PER_CPU_ARRAY(times, FS_NONE, struct fsdist_hist);

static __always_inline void on_fs_call_end(enum fs_operation operation, const struct file_call *call, __u64 now, __s64 ret)
{
	__u32 key = operation;
	__u64 lat_ns = now - call->start_ns;
	struct fsdist_hist *hist = bpf_map_lookup_elem(&times, &key);

	if (hist) {
		ADD(hist->slots[log2_slot(lat_ns / unit_ns) & (HIST_SLOTS - 1)], 1);
		ADD(hist->sum_ns, lat_ns);
	}
}
