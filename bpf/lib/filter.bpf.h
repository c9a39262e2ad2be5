/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The filters that every tool applies first, before it touches a map. They are constants (.rodata, set before loading), so the
 * verifier removes filters that are off, and they cost nothing.
 */
#ifndef KTOP_FILTER_BPF_H
#define KTOP_FILTER_BPF_H

#include "cgroup.bpf.h"
#include "cgroup_verdict.h"
#include "compat.bpf.h"
#include "maps.bpf.h"
#include "user.bpf.h"

/* Each filter has a switch that negates it: only tasks that do not match. */

/* Only this process; 0: any. */
const volatile __u32 filter_tgid = 0;
const volatile bool filter_tgid_negated = false;
/* That process's start, in clock ticks since boot as in /proc/PID/stat: ids are reused; used when filter_start_on. */
const volatile __u64 filter_start_ticks = 0;
const volatile bool filter_start_on = false;
/* Never this process: ktop itself; 0: none. */
const volatile __u32 self_tgid = 0;
/* Only tasks in one of these cgroups or below: cgroup v2 ids, the inode numbers of directories. */
#define MAX_CGROUPS 8
const volatile __u64 filter_cgroup_ids[MAX_CGROUPS] = {};
/* The depth of each; 0 is the root. */
const volatile __u32 filter_cgroup_levels[MAX_CGROUPS] = {};
const volatile __u32 filter_cgroup_count = 0;
/* Those of which tasks are excluded, as a mask. */
const volatile __u32 filter_cgroups_negated = 0;
/* All of them are negated. */
const volatile bool filter_cgroups_only_exclude = false;
/* Only tasks in cgroups that are wanted by their names: `cgroup_verdicts`. */
const volatile bool filter_cgroup_names = false;
/* Tasks in cgroups without a verdict pass. */
const volatile bool filter_undecided_pass = false;
/* Only threads with exactly this comm, NUL padded; used when filter_comm_on. */
const volatile char filter_comm[16] __attribute__((aligned(8))) = {};
const volatile bool filter_comm_on = false;
const volatile bool filter_comm_negated = false;
/* Only children of this process; 0: any. */
const volatile __u32 filter_ppid = 0;
const volatile bool filter_ppid_negated = false;
/* Only processes of this user (real id in the initial user namespace); used when filter_uid_on. */
const volatile __u32 filter_uid = 0;
const volatile bool filter_uid_on = false;
const volatile bool filter_uid_negated = false;
/* Only processes in `followed`: a command that ktop starts, and its children. */
const volatile bool filter_followed = false;

/*
 * Process id (tgid) -> whether it has exited: the map of bpf/follow, which user space puts in the place of this declaration before loading. Without it
 * no map is created, because the declaration has no entries.
 */
HASH(followed, 0, __u32, __u8);

/* Id of a cgroup of the hierarchy that names tasks (cgroup_naming) -> enum cgroup_verdict. The map of bpf/cgroups, shared in the same way. */
HASH(cgroup_verdicts, 0, __u64, __u8);

/* Nanoseconds of a clock tick: USER_HZ is 100 on x86 and arm64. */
#define CLOCK_TICK_NS 10000000

static __always_inline bool process_matches(struct task_struct *task, __u32 tgid)
{
	if (tgid != filter_tgid)
		return false;
	return !filter_start_on || BPF_CORE_READ(task, group_leader, start_boottime) / CLOCK_TICK_NS == filter_start_ticks;
}

static __always_inline bool parent_matches(struct task_struct *task)
{
	return BPF_CORE_READ(task, real_parent, tgid) == filter_ppid;
}

static __always_inline bool user_matches(struct task_struct *task)
{
	return task_uid(task) == filter_uid;
}

static __always_inline bool comm_matches(struct task_struct *task)
{
	union {
		char text[16];
		__u64 words[2];
	} comm = {};
	const volatile __u64 *filter = (const volatile __u64 *)filter_comm;

	BPF_CORE_READ_STR_INTO(&comm.text, task, comm);
	return comm.words[0] == filter[0] && comm.words[1] == filter[1];
}

/* Not inlined, like the next one: each program has many places at which it checks the filters, and the objects were a third larger. */
static __noinline __attribute__((unused)) bool cgroup_matches(struct task_struct *task)
{
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	struct ancestors ancestors = ancestors_of(cgroup);
	int level = BPF_CORE_READ(cgroup, level);
	bool wanted = filter_cgroups_only_exclude;

	for (__u32 i = 0; i < MAX_CGROUPS; i++) {
		if (i >= filter_cgroup_count)
			break;
		if (level < (int)filter_cgroup_levels[i])
			continue;
		if (ancestor_id(&ancestors, filter_cgroup_levels[i]) != filter_cgroup_ids[i])
			continue;
		if (filter_cgroups_negated & 1u << i)
			return false;
		wanted = true;
	}
	return wanted;
}

static __noinline __attribute__((unused)) bool cgroup_name_matches(struct task_struct *task)
{
	__u64 id = task_cgroup_id(task);
	__u8 *verdict = bpf_map_lookup_elem(&cgroup_verdicts, &id);

	if (!verdict || *verdict == CGROUP_UNDECIDED)
		return filter_undecided_pass;
	return *verdict & CGROUP_WANTED;
}

/* Whether a filter selects threads: events of unknown threads are then excluded. */
static __always_inline bool filters_threads(void)
{
	return filter_tgid || filter_comm_on || filter_ppid || filter_uid_on || filter_cgroup_count ||
	       filter_cgroup_names || filter_followed;
}

/* Whether a task passes the filters. `tgid` is its process; the task need not be the current one. */
static __always_inline bool task_passes_filters(struct task_struct *task, __u32 tgid)
{
	if (self_tgid && tgid == self_tgid)
		return false;
	if (filter_tgid && process_matches(task, tgid) == filter_tgid_negated)
		return false;
	if (filter_followed && !bpf_map_lookup_elem(&followed, &tgid))
		return false;
	if (filter_ppid && parent_matches(task) == filter_ppid_negated)
		return false;
	if (filter_uid_on && user_matches(task) == filter_uid_negated)
		return false;
	if (filter_comm_on && comm_matches(task) == filter_comm_negated)
		return false;
	if (filter_cgroup_count && !cgroup_matches(task))
		return false;
	return !filter_cgroup_names || cgroup_name_matches(task);
}

static __always_inline bool current_passes_filters(void)
{
	return task_passes_filters((struct task_struct *)bpf_get_current_task(), bpf_get_current_pid_tgid() >> 32);
}

#endif
