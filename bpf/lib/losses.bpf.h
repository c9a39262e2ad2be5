/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Loss counters: whatever a tool cannot count or report is counted here and shown to the user.
 */
#ifndef KTOP_LOSSES_BPF_H
#define KTOP_LOSSES_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Since the object was loaded. User space reads it from the mapped .bss. */
struct losses {
	/* Ring-buffer records that found no room, and events whose text could not be read. */
	__u64 events;
	/* Map entries that found no room, and calls whose start or end was missed. */
	__u64 keys;
};

struct losses lost = {};

/* Adds atomically. The old value is not available: atomics that fetch it need 5.12. */
#define ADD(counter, amount) ((void)__sync_fetch_and_add(&(counter), (amount)))

static __always_inline void count_lost_event(void)
{
	ADD(lost.events, 1);
}

static __always_inline void count_lost_key(void)
{
	ADD(lost.keys, 1);
}

#endif
