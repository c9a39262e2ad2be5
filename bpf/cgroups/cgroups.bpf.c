// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The paths of cgroups that are created while ktop runs: one that lives for a moment is gone before user space could look.
 *
 * Hook, a tracepoint as tp_btf
 *   cgroup_mkdir
 *
 * Map
 *   events  ring buffer, 64 kB: the paths of 60 cgroups or more
 *
 * Cost: a record for each cgroup that is created; nothing else runs.
 *
 * Caveat: a cgroup that finds no room in the ring keeps its name only if it lives until it is looked for.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup_event.h"
#include "lib/emit.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

EVENTS(64 * 1024, struct cgroup_event);

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_mkdir__tracepoint, struct cgroup *cgroup, const char *path)
{
	struct cgroup_event *event = reserve_event(&events, sizeof(*event));
	long length;

	if (count_if_lost(event))
		return 0;
	event->id = cgroup->kn->id;
	event->hierarchy = cgroup->root->hierarchy_id;
	length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->length = length < 0 ? 0 : length;
	submit_event(event);
	return 0;
}
