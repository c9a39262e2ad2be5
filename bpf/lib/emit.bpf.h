/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How events are written to the ring buffer. There are two kinds of records:
 *
 *   constant size   reserve_event(), count_if_lost(), fill in, submit_event(). A record that ends in a name has a short and a long
 *                   size, so that most records stay small: reserve SIZE_WITH(type, member, bytes) with the smaller size that fits.
 *   with strings    built in a per-CPU scratch area (strings.bpf.h) and copied by output_event().
 *
 * A record that finds no room is counted as a lost event.
 */
#ifndef KTOP_EMIT_BPF_H
#define KTOP_EMIT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "cgroup.bpf.h"
#include "losses.bpf.h"
#include "user.bpf.h"

/* A ring buffer of `bytes` bytes, a power of two. The pointer keeps the type of its records in the object's BTF. */
#define RING(name, bytes, record_type)                                                                              \
	const volatile record_type *const volatile name##_layout = 0;                                               \
	struct {                                                                                                    \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                                 \
		__uint(max_entries, bytes);                                                                         \
	} name SEC(".maps")

/* The map `events`. */
#define EVENTS(bytes, event_type) RING(events, bytes, event_type)

/* Bytes of a record whose last member is cut to `bytes` bytes. */
#define SIZE_WITH(type, member, bytes) (__builtin_offsetof(type, member) + (bytes))

/* Room for a record of `size` bytes, a constant. */
static __always_inline void *reserve_event(void *ring, const __u64 size)
{
	return bpf_ringbuf_reserve(ring, size, 0);
}

/*
 * True if there was no room: the event is then counted as lost. Check a reserved pointer only once: the verifier of 5.10 assumes
 * that a second NULL check can fail and reports an unreleased reference (kernel/bpf/verifier.c: reg_type_not_null()).
 */
static __always_inline bool count_if_lost(const void *event)
{
	if (event)
		return false;
	count_lost_event();
	return true;
}

/*
 * The flags with which a record is submitted. User space reads the ring at the end of each interval, and waits for a ring that fills
 * earlier: records wake it while between an eighth and half of the ring is unread. Less is not worth a wake-up; more is being read, or lost.
 */
static __always_inline __u64 wakeup_flags(void *ring)
{
	__u64 size = bpf_ringbuf_query(ring, BPF_RB_RING_SIZE);
	__u64 unread = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);

	return unread >= size / 8 && unread < size / 2 ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline void submit_event(void *ring, void *event)
{
	bpf_ringbuf_submit(event, wakeup_flags(ring));
}

/* Copies a record of at most `limit` bytes, a constant. False: it is lost. */
static __always_inline bool output_event(void *ring, void *record, __u64 size, const __u64 limit)
{
	/* Keeps the comparison on the register that is passed on: the verifier derives the bound from it. */
	asm volatile("" : "+r"(size));
	if (size > limit)
		size = limit;
	if (!bpf_ringbuf_output(ring, record, size, wakeup_flags(ring)))
		return true;
	count_lost_event();
	return false;
}

/* Fills in the members pid, tid, uid, comm and cgroup_id of an event: the current thread. */
#define SET_CURRENT_THREAD(event)                                                                                   \
	({                                                                                                          \
		__u64 id = bpf_get_current_pid_tgid();                                                              \
                                                                                                                    \
		(event)->pid = id >> 32;                                                                            \
		(event)->tid = id;                                                                                  \
		(event)->uid = current_uid();                                                                       \
		(event)->cgroup_id = current_cgroup_id();                                                           \
		bpf_get_current_comm((event)->comm, sizeof((event)->comm));                                         \
	})

#endif
