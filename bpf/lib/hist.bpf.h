/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Log2 histograms.
 */
#ifndef KTOP_HIST_BPF_H
#define KTOP_HIST_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Slots of every histogram that user space reads. */
#define HIST_SLOTS 32

/*
 * The slot of `value`: the index of its highest set bit. Slot i counts 2^i to 2^(i+1)-1, slot 0 also 0, the last one everything
 * above. Mask it with HIST_SLOTS - 1 before indexing: old verifiers do not derive its bounds.
 */
static __always_inline __u32 log2_slot(__u64 value)
{
	__u32 rest = value >> HIST_SLOTS ? -1 : value;
	__u32 slot = 0;

	if (rest >> 16) {
		rest >>= 16;
		slot += 16;
	}
	if (rest >> 8) {
		rest >>= 8;
		slot += 8;
	}
	if (rest >> 4) {
		rest >>= 4;
		slot += 4;
	}
	if (rest >> 2) {
		rest >>= 2;
		slot += 2;
	}
	return slot + (rest >> 1);
}

#endif
