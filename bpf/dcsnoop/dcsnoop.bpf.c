// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dcsnoop: names that are looked up in the directory entry cache and are not there; or all of them.
 *
 * Hooks by tier
 *   fentry  exit of lookup_fast (the components of a path, in RCU-walk and in ref-walk: NULL is a miss) and of d_lookup
 *           (names that are about to be created, and lookups by file systems)
 *   kprobe  their entries and exits. Some kernels have lookup_fast only as lookup_fast.constprop.N or .isra.N, which fentry
 *           cannot name
 *   No tracepoint reports these lookups.
 *   An open asks for its last component with lookup_fast, and where that misses, lookup_open asks with d_lookup: the second
 *   miss is not told. Since 6.12 this is so with O_CREAT too; before, and with O_EXCL, d_lookup alone is asked.
 *   BCC's dcsnoop sees misses of d_lookup alone. Of a path walk these are few: lookup_fast misses in __d_lookup_rcu or
 *   __d_lookup, and goes on to d_alloc_parallel. These two functions are not watched themselves, because d_alloc_parallel
 *   and d_lookup call them again for the same name.
 *
 * Maps
 *   lookups  hash, 10240: (function, thread) -> address of the name. 0.9 MB. kprobe tier only
 *   missed   LRU hash, 2048: thread -> the name that lookup_fast missed last. 0.2 MB
 *   events   ring buffer, 4 MiB: dcsnoop_event
 *
 * Cost: one comparison for each component of each path that hits; for the others a record of 72 or 296 bytes and an update of
 * a map, or a lookup.
 *
 * Caveats
 *   - A walk that loses a race and starts again (lookup_fast returns an error) tells its components when it has found out.
 *   - "." and ".." need no lookup.
 *   - An open that waits for its directory while 2048 other threads miss names can be told twice. An open with O_EXCL of a name
 *     that the same thread missed last as a directory on the way of an open, and that is still not in the cache, is not told.
 *   - Since 6.12, with all lookups told: a name that is known to be absent and opened with O_CREAT is found twice.
 *   - kprobe: a kretprobe serves a bounded number of callers at once; beyond it the kernel skips the exit. The next call of
 *     that thread finds the forgotten start and counts it as lost.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/argument.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "dcsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Tell lookups that found their name, too. */
const volatile bool all_lookups = false;
/* Arguments of lookup_fast, from the kernel's BTF: 1 since 5.18 (b16c001d4d44: nameidata keeps the rest), 3 before. */
const volatile __u32 lookup_fast_arguments = 1;
/* Puts the event's layout into the object's BTF. */
const volatile struct dcsnoop_event *const volatile event_layout = 0;

enum function { LOOKUP_FAST, D_LOOKUP };

struct lookup_key {
	__u32 function;
	__u32 tid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct lookup_key);
	__type(value, __u64);
} lookups SEC(".maps");

/* Where the kernel keeps a name that it looks up, and its hash and length: the hash depends on the directory, too. */
struct missed_name {
	__u64 address;
	__u64 hash_len;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, __u32);
	__type(value, struct missed_name);
} missed SEC(".maps");

EVENTS(4 * 1024 * 1024);

/* Fills a record with room for a name, and sends it. `size`: bytes of the name, with a NUL: it ends where the component does. */
static __always_inline void fill(struct dcsnoop_event *event, bool missed, const void *name, __u32 size)
{
	__u64 id = bpf_get_current_pid_tgid();

	event->time_ns = bpf_ktime_get_ns();
	event->pid = id >> 32;
	event->tid = id;
	event->missed = missed;
	bpf_get_current_comm(&event->comm, sizeof(event->comm));
	if (bpf_probe_read_kernel_str(event->file, size, name) <= 0)
		event->file[0] = 0;
	bpf_ringbuf_submit(event, 0);
}

#define SHORT_EVENT (sizeof(struct dcsnoop_event) - DCSNOOP_LONG + DCSNOOP_SHORT)

static __noinline void tell(const struct qstr *qstr, bool missed)
{
	const void *name = BPF_CORE_READ(qstr, name);
	__u32 length = BPF_CORE_READ(qstr, len);
	struct dcsnoop_event *event;

	if (length < DCSNOOP_SHORT) {
		event = bpf_ringbuf_reserve(&events, SHORT_EVENT, 0);
		if (event)
			fill(event, missed, name, (length & (DCSNOOP_SHORT - 1)) + 1);
		else
			lose_event();
	} else {
		event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
		if (event)
			fill(event, missed, name, (length & (DCSNOOP_LONG - 1)) + 1);
		else
			lose_event();
	}
}

static __always_inline struct missed_name missed_name(const struct qstr *qstr)
{
	struct missed_name name = { .address = (__u64)qstr, .hash_len = BPF_CORE_READ(qstr, hash_len) };

	return name;
}

/* lookup_fast has found this name or not. */
static __noinline void tell_component(const struct qstr *qstr, bool miss)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct missed_name name;

	if (miss) {
		name = missed_name(qstr);
		bpf_map_update_elem(&missed, &tid, &name, BPF_ANY);
	}
	tell(qstr, miss);
}

/* d_lookup has found this name or not. */
static __noinline void tell_lookup(const struct qstr *qstr, bool miss)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct missed_name name = missed_name(qstr);
	struct missed_name *told = miss ? bpf_map_lookup_elem(&missed, &tid) : 0;

	if (told && told->address == name.address && told->hash_len == name.hash_len)
		bpf_map_delete_elem(&missed, &tid);
	else
		tell(qstr, miss);
}

static __always_inline const struct qstr *last_of(struct nameidata *walk)
{
	return (void *)walk + bpf_core_field_offset(struct nameidata, last);
}

/* Whether a lookup that returned this is told. */
static __always_inline bool lookup_wanted(__u64 found)
{
	return (all_lookups || !found) && current_wanted();
}

/* ERR_PTR(): include/linux/err.h, MAX_ERRNO */
static __always_inline bool is_error(__u64 pointer)
{
	return pointer >= (__u64)-4095;
}

SEC("fexit/lookup_fast")
int lookup_fast_exit__fentry(void *ctx)
{
	__u64 found = trampoline_argument(ctx, lookup_fast_arguments);

	if (lookup_wanted(found) && !is_error(found))
		tell_component(last_of((void *)trampoline_argument(ctx, 0)), !found);
	return 0;
}

SEC("fexit/d_lookup")
int BPF_PROG(d_lookup_exit__fentry, void *parent, struct qstr *name, __u64 found)
{
	if (lookup_wanted(found))
		tell_lookup(name, !found);
	return 0;
}

static __always_inline void begin(enum function function, const struct qstr *name)
{
	struct lookup_key key = { .function = function, .tid = bpf_get_current_pid_tgid() };
	__u64 address = (__u64)name;

	if (!current_wanted())
		return;
	if (bpf_map_lookup_elem(&lookups, &key))
		lose_key();
	if (bpf_map_update_elem(&lookups, &key, &address, BPF_ANY))
		lose_key();
}

static __always_inline void end(enum function function, __u64 found)
{
	struct lookup_key key = { .function = function, .tid = bpf_get_current_pid_tgid() };
	__u64 *address = current_wanted() ? bpf_map_lookup_elem(&lookups, &key) : 0;

	if (!address)
		return;
	if ((all_lookups || !found) && !is_error(found)) {
		if (function == LOOKUP_FAST)
			tell_component((void *)*address, !found);
		else
			tell_lookup((void *)*address, !found);
	}
	bpf_map_delete_elem(&lookups, &key);
}

SEC("kprobe/lookup_fast")
int BPF_KPROBE(lookup_fast_enter__kprobe, struct nameidata *walk)
{
	begin(LOOKUP_FAST, last_of(walk));
	return 0;
}

SEC("kretprobe/lookup_fast")
int BPF_KRETPROBE(lookup_fast_exit__kprobe, __u64 found)
{
	end(LOOKUP_FAST, found);
	return 0;
}

SEC("kprobe/d_lookup")
int BPF_KPROBE(d_lookup_enter__kprobe, void *parent, struct qstr *name)
{
	begin(D_LOOKUP, name);
	return 0;
}

SEC("kretprobe/d_lookup")
int BPF_KRETPROBE(d_lookup_exit__kprobe, __u64 found)
{
	end(D_LOOKUP, found);
	return 0;
}
