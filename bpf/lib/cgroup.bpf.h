/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The cgroup of a task: the number that names its container or unit.
 */
#ifndef KTOP_CGROUP_BPF_H
#define KTOP_CGROUP_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Which hierarchy names tasks. */
enum cgroup_naming {
	CGROUP_V2,
	/* That of a v1 controller. */
	CGROUP_V1_MEMORY,
	CGROUP_V1_PIDS,
};

const volatile __u32 cgroup_naming = CGROUP_V2;

/* The cgroup of a v1 controller. The index is relocated: it depends on how the kernel was built. */
static __always_inline struct cgroup *v1_cgroup(struct css_set *set)
{
	struct cgroup_subsys_state *state = 0;
	__u64 index;

	if (cgroup_naming == CGROUP_V1_MEMORY)
		index = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	else
		index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	bpf_probe_read_kernel(&state, sizeof(state), (void *)set + bpf_core_field_offset(set->subsys) + index * sizeof(state));
	return BPF_CORE_READ(state, cgroup);
}

/* The id of a task's cgroup: the inode number of its directory. 0: the kernel has no cgroups. */
static __always_inline __u64 task_cgroup_id(struct task_struct *task)
{
	struct css_set *set;
	struct cgroup *cgroup;

	if (!bpf_core_field_exists(task->cgroups))
		return 0;
	set = BPF_CORE_READ(task, cgroups);
	cgroup = cgroup_naming == CGROUP_V2 ? BPF_CORE_READ(set, dfl_cgrp) : v1_cgroup(set);
	return BPF_CORE_READ(cgroup, kn, id);
}

static __always_inline __u64 current_cgroup_id(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (cgroup_naming == CGROUP_V2 && bpf_core_field_exists(task->cgroups))
		return bpf_get_current_cgroup_id();
	return task_cgroup_id(task);
}

#endif
