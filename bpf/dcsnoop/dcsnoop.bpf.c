// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dcsnoop: names that are looked up in the directory entry cache and missed; or all lookups.
 *
 * Hooks by tier
 *   fentry  exit of lookup_fast (the components of a path, in RCU-walk and in ref-walk: NULL is a miss) and of d_lookup (names
 *           about to be created, and lookups by file systems)
 *   kprobe  entry and exit of the same. Some kernels have lookup_fast only as lookup_fast.constprop.N or .isra.N, a name that
 *           fentry cannot use
 *   No tracepoint reports these lookups.
 *   An open looks up its last component with lookup_fast; if that misses, lookup_open calls d_lookup for the same name, and this
 *   second miss is not reported. Since 6.12 this includes O_CREAT; before, and with O_EXCL, an open calls only d_lookup.
 *   BCC's dcsnoop reports only misses of d_lookup, few of which belong to path walks: lookup_fast misses in __d_lookup_rcu or
 *   __d_lookup and goes on to d_alloc_parallel. Those two functions are not traced themselves, because d_alloc_parallel and
 *   d_lookup call them again for the same name.
 *
 * Maps
 *   lookups  hash, 10240: struct thread_call (enum function, thread id) -> address of the struct qstr: 0.9 MB. kprobe tier only
 *   missed   LRU hash, 2048: thread id -> struct missed_name, the last miss of lookup_fast: 0.2 MB
 *   events   ring buffer, 4 MiB: struct dcsnoop_event, 72 or 297 bytes
 *
 * Cost
 *   fentry  a hit costs one comparison (with all_lookups: a record). A miss writes a record; one of lookup_fast also inserts into
 *           `missed`, one of d_lookup looks it up
 *   kprobe  every lookup, hits included, also inserts into `lookups`, looks it up and deletes from it
 *
 * Caveats
 *   - A walk that loses a race and restarts (lookup_fast returns an error) reports its components when the walk is repeated.
 *   - "." and ".." are not looked up.
 *   - An open that waits for its directory while 2048 other threads miss names can be reported twice. An open with O_EXCL of a name
 *     that the same thread missed last as a directory on the path of an open, and that is still not cached, is not reported.
 *   - Since 6.12, with all lookups reported: a cached negative name opened with O_CREAT is found twice.
 *   - kprobe: a kretprobe traces a bounded number of callers at once; above it the kernel skips the exit, and the call is lost.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/argument.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "dcsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Also report lookups that found their name. */
const volatile bool all_lookups = false;
/* Arguments of lookup_fast, from the kernel's BTF: 1 since 5.18 (b16c001d4d44: nameidata keeps the rest), 3 before. */
const volatile __u32 lookup_fast_argument_count = 1;

enum function { LOOKUP_FAST, D_LOOKUP };

IN_FLIGHT(lookups, 10240, struct thread_call, __u64);

/* A looked-up name: address of its struct qstr, and its hash and length. The hash also depends on the directory. */
struct missed_name {
	__u64 address;
	__u64 hash_len;
};

LRU_HASH(missed, 2048, __u32, struct missed_name);

EVENTS(4 * 1024 * 1024, struct dcsnoop_event);

/* `length`: bytes of the name. It is cut to what fits into `name_bytes`, a constant, with a NUL. */
static __always_inline void emit_sized(const void *name, __u32 length, bool miss, const __u32 name_bytes)
{
	struct dcsnoop_event *event = reserve_event(&events, SIZE_WITH(struct dcsnoop_event, file, name_bytes));

	if (count_if_lost(event))
		return;
	event->time_ns = bpf_ktime_get_ns();
	event->missed = miss;
	SET_CURRENT_THREAD(event);
	/* The name ends with the component, not with a NUL. */
	/* Keeps the comparison on the register that is passed on: the verifier derives the bound from it. */
	asm volatile("" : "+r"(length));
	if (length >= name_bytes)
		length = name_bytes - 1;
	if (bpf_probe_read_kernel_str(event->file, length + 1, name) <= 0)
		event->file[0] = 0;
	submit_event(&events, event);
}

static __noinline void emit(const struct qstr *qstr, bool miss)
{
	const void *name = BPF_CORE_READ(qstr, name);
	__u32 length = BPF_CORE_READ(qstr, len);

	if (length < DCSNOOP_SHORT_NAME_BYTES)
		emit_sized(name, length, miss, DCSNOOP_SHORT_NAME_BYTES);
	else
		emit_sized(name, length, miss, DCSNOOP_LONG_NAME_BYTES);
}

static __always_inline struct missed_name missed_name(const struct qstr *qstr)
{
	return (struct missed_name){ .address = (__u64)qstr, .hash_len = BPF_CORE_READ(qstr, hash_len) };
}

/* Reports a result of lookup_fast. */
static __noinline void report_component(const struct qstr *qstr, bool miss)
{
	__u32 tid = current_tid();
	struct missed_name name;

	if (miss) {
		name = missed_name(qstr);
		bpf_map_update_elem(&missed, &tid, &name, BPF_ANY);
	}
	emit(qstr, miss);
}

/* Reports a result of d_lookup, unless it is the second miss of an open. */
static __noinline void report_lookup(const struct qstr *qstr, bool miss)
{
	__u32 tid = current_tid();
	struct missed_name name = missed_name(qstr);
	struct missed_name *reported = miss ? bpf_map_lookup_elem(&missed, &tid) : 0;

	if (reported && reported->address == name.address && reported->hash_len == name.hash_len)
		bpf_map_delete_elem(&missed, &tid);
	else
		emit(qstr, miss);
}

static __always_inline const struct qstr *last_of(struct nameidata *walk)
{
	return (void *)walk + bpf_core_field_offset(struct nameidata, last);
}

static __always_inline bool is_reported_lookup(__u64 found)
{
	return (all_lookups || !found) && current_passes_filters();
}

/* ERR_PTR(): include/linux/err.h, MAX_ERRNO */
static __always_inline bool is_error(__u64 pointer)
{
	return pointer >= (__u64)-4095;
}

SEC("fexit/lookup_fast")
int lookup_fast_exit__fentry(void *ctx)
{
	__u64 found = trampoline_argument(ctx, lookup_fast_argument_count);

	if (is_reported_lookup(found) && !is_error(found))
		report_component(last_of((void *)trampoline_argument(ctx, 0)), !found);
	return 0;
}

SEC("fexit/d_lookup")
int BPF_PROG(d_lookup_exit__fentry, void *parent, struct qstr *name, __u64 found)
{
	if (is_reported_lookup(found))
		report_lookup(name, !found);
	return 0;
}

static __always_inline void on_lookup_enter(enum function function, const struct qstr *name)
{
	struct thread_call key = current_call(function);
	__u64 address = (__u64)name;

	if (current_passes_filters())
		begin_in_flight(&lookups, &key, &address);
}

static __always_inline void on_lookup_exit(enum function function, __u64 found)
{
	struct thread_call key = current_call(function);
	__u64 *address = current_passes_filters() ? find_in_flight(&lookups, &key) : 0;

	if (!address)
		return;
	if ((all_lookups || !found) && !is_error(found)) {
		if (function == LOOKUP_FAST)
			report_component((void *)*address, !found);
		else
			report_lookup((void *)*address, !found);
	}
	end_in_flight(&lookups, &key);
}

SEC("kprobe/lookup_fast")
int BPF_KPROBE(lookup_fast_enter__kprobe, struct nameidata *walk)
{
	on_lookup_enter(LOOKUP_FAST, last_of(walk));
	return 0;
}

SEC("kretprobe/lookup_fast")
int BPF_KRETPROBE(lookup_fast_exit__kprobe, __u64 found)
{
	on_lookup_exit(LOOKUP_FAST, found);
	return 0;
}

SEC("kprobe/d_lookup")
int BPF_KPROBE(d_lookup_enter__kprobe, void *parent, struct qstr *name)
{
	on_lookup_enter(D_LOOKUP, name);
	return 0;
}

SEC("kretprobe/d_lookup")
int BPF_KRETPROBE(d_lookup_exit__kprobe, __u64 found)
{
	on_lookup_exit(D_LOOKUP, found);
	return 0;
}
