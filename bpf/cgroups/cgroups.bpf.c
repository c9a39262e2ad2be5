// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The paths of cgroups that are created while ktop runs: one that lives for a moment is gone before user space could look. With a filter by
 * container, unit or pod also which cgroups pass it: the objects of the tools use the map (lib/filter.bpf.h).
 *
 * Hooks, tracepoints as tp_btf
 *   cgroup_mkdir  a cgroup below one whose verdict is settled has the same, before a task can be in it
 *   cgroup_rmdir  with a filter
 *
 * Maps
 *   events           ring buffer, 64 kB: the paths of 60 cgroups or more
 *   cgroup_verdicts  hash, 16384 with a filter: id of a cgroup -> enum cgroup_verdict. Elements of 48 + 8 + 8 bytes: 1.3 MB with the buckets
 *
 * Cost: a record for each cgroup that is created, and with a filter a lookup, an insertion and a deletion; nothing else runs.
 *
 * Caveats
 *   - A cgroup that finds no room in the ring has a name only if it still exists when user space looks it up.
 *   - A cgroup that finds the map full has no verdict.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup_event.h"
#include "lib/cgroup_verdict.h"
#include "lib/emit.bpf.h"
#include "lib/maps.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The hierarchy of `cgroup_verdicts`, as in /proc/self/cgroup; used when decides. */
const volatile __u32 naming_hierarchy = 0;
const volatile bool decides = false;

EVENTS(64 * 1024, struct cgroup_event);

/* User space sets the size with a filter. */
HASH(cgroup_verdicts, 1, __u64, __u8);

/* Adds a cgroup: after its start user space only updates entries, so that it does not insert one for a cgroup that has been removed. */
static __always_inline void add_verdict(__u64 id, __u64 parent)
{
	__u8 *of_parent = bpf_map_lookup_elem(&cgroup_verdicts, &parent);
	__u8 verdict = of_parent && *of_parent & CGROUP_SETTLED ? *of_parent : CGROUP_UNDECIDED;

	if (bpf_map_update_elem(&cgroup_verdicts, &id, &verdict, BPF_ANY))
		count_lost_key();
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_mkdir__tracepoint, struct cgroup *cgroup, const char *path)
{
	struct cgroup_event *event = reserve_event(&events, sizeof(*event));
	long length;

	if (decides && cgroup->root->hierarchy_id == naming_hierarchy)
		add_verdict(cgroup->kn->id, cgroup->self.parent->cgroup->kn->id);
	if (count_if_lost(event))
		return 0;
	event->id = cgroup->kn->id;
	event->hierarchy = cgroup->root->hierarchy_id;
	length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->length = length < 0 ? 0 : length;
	bpf_ringbuf_submit(event, 0); /* wakes user space: a filter decides at once */
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir__tracepoint, struct cgroup *cgroup, const char *path)
{
	__u64 id = cgroup->kn->id;

	if (cgroup->root->hierarchy_id == naming_hierarchy)
		bpf_map_delete_elem(&cgroup_verdicts, &id);
	return 0;
}
