// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * self: ktop's own process id and cgroup as the kernel numbers them. Not a tool: user space runs the program once
 * (BPF_PROG_TEST_RUN, for raw_tp since 5.10) if ktop runs in a pid or cgroup namespace, whose numbers differ from those that the
 * tools' programs see.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Process id of ktop in the initial pid namespace. */
__u32 tgid;
/* Depth of its cgroup v2; 0 is the root of the hierarchy. */
__u32 cgroup_level;

SEC("raw_tp")
int identify(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	tgid = bpf_get_current_pid_tgid() >> 32;
	if (bpf_core_field_exists(task->cgroups))
		cgroup_level = BPF_CORE_READ(task, cgroups, dfl_cgrp, level);
	return 0;
}
