// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * follow: the processes of a command that ktop starts (`ktop TOOL -- CMD`): CMD and its children, and theirs. Not a tool: the objects of
 * the tools use its map, by which they filter (lib/filter.bpf.h).
 *
 * Hooks, all raw tracepoints
 *   sched_process_fork  adds the child of a process in the map, before it runs
 *   sched_process_exit  marks a process when its last thread exits
 *   sched_process_free  removes a process, after it was reaped: events while it exits still count
 *   follow_child        run once by user space (BPF_PROG_TEST_RUN): adds CMD, which is a child of the running thread
 *
 * Map
 *   followed  hash, 16384: process id (tgid) -> whether it has exited. Elements of 48 + 8 + 8 bytes: 1.1 MB with the buckets
 *
 * Cost of a fork, an exit and a free: a lookup each, and one insertion and deletion for each process that is followed.
 *
 * Caveats
 *   - A process that finds the map full is counted as a lost key, and is not followed, nor are its children.
 *   - Work that other processes do for CMD (a daemon that it asks, kernel threads) is not followed.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/maps.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Children that are searched for CMD, newest first. */
#define MAX_CHILDREN 256

HASH(followed, 16384, __u32, __u8);

/* Process id of CMD in ktop's pid namespace. */
const volatile int child_pid = 0;
/* follow_child has added CMD. */
__u32 found_child = 0;

static __always_inline void follow(__u32 tgid)
{
	__u8 exited = false;

	if (bpf_map_update_elem(&followed, &tgid, &exited, BPF_ANY))
		count_lost_key();
}

/* Arguments: the parent, the child. */
SEC("raw_tp/sched_process_fork")
int sched_process_fork__tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *parent = (void *)ctx->args[0];
	struct task_struct *child = (void *)ctx->args[1];
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 tgid = BPF_CORE_READ(child, tgid);

	if (tgid != parent_tgid && bpf_map_lookup_elem(&followed, &parent_tgid))
		follow(tgid);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int sched_process_exit__tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u32 tgid = BPF_CORE_READ(task, tgid);
	__u8 *exited;

	/* The exiting thread has been subtracted already: kernel/exit.c, do_exit() */
	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	exited = bpf_map_lookup_elem(&followed, &tgid);
	if (exited)
		*exited = true;
	return 0;
}

/* The thread whose id is the process's is freed last: kernel/exit.c, delay_group_leader(). execve(2) of another one gives it this id. */
SEC("raw_tp/sched_process_free")
int sched_process_free__tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u32 tgid = BPF_CORE_READ(task, tgid);

	if (BPF_CORE_READ(task, pid) == tgid)
		bpf_map_delete_elem(&followed, &tgid);
	return 0;
}

/* The id of a process in its own pid namespace, which a child shares with ktop. */
static __always_inline int own_pid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	int nr = 0;

	bpf_probe_read_kernel(&nr, sizeof(nr),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      level * bpf_core_type_size(struct upid) +
				      bpf_core_field_offset(struct upid, nr));
	return nr;
}

SEC("raw_tp")
int follow_child(void *ctx)
{
	struct task_struct *ktop = (struct task_struct *)bpf_get_current_task();
	struct list_head *head = (void *)ktop + bpf_core_field_offset(struct task_struct, children);
	struct list_head *at = BPF_CORE_READ(head, prev);

	for (int i = 0; i < MAX_CHILDREN && at != head; i++) {
		struct task_struct *child = (void *)at - bpf_core_field_offset(struct task_struct, sibling);

		if (own_pid(child) == child_pid) {
			follow(BPF_CORE_READ(child, tgid));
			found_child = true;
			break;
		}
		at = BPF_CORE_READ(at, prev);
	}
	return 0;
}
