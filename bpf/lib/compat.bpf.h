/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Kernel differences since 5.10 that BPF code handles, each with the release that introduced it. Those of types are resolved from
 * the running kernel's BTF when the object is loaded, never from a version number.
 *
 * Differences handled elsewhere
 *   - The inode operations (vfs_create, vfs_unlink, vfs_mkdir, vfs_rmdir) changed arguments in 5.12 (549c7297717c: a user namespace
 *     was prepended), 6.3, 6.15 and 7.0 (vfs_create without the directory). Programs on them use no argument, or user space sets
 *     which argument is the dentry (removal.bpf.h).
 *   - Argument positions of tracepoints, which user space sets as constants: io_uring_complete (file_io.bpf.h); block_rq_insert,
 *     _issue, _merge and block_getrq (block.bpf.h).
 * Differences that need no code: sched_switch got prev_state in 5.18, after the arguments that are used; f_path moved
 * into a union of struct file in 6.18, which relocation resolves.
 */
#ifndef KTOP_COMPAT_BPF_H
#define KTOP_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* 5.11, commit 3ca1032ab7ab: the helper bpf_get_current_task_btf(), whose result programs read like other memory. */
enum bpf_func_id {
	BPF_FUNC_get_current_task_btf = 158,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* 5.14, commit 2f064a59a11f ("sched: Change task_struct::state"): `state` became `__state`. */
struct task_struct___until_5_13 {
	long state;
};

struct task_struct___since_5_14 {
	unsigned int __state;
};

/* 6.1, commit 7f203bc89eb6: cgroup.ancestor_ids[] (ids) became cgroup.ancestors[] (pointers). */
struct cgroup___until_6_0 {
	__u64 ancestor_ids[1];
};

struct cgroup___since_6_1 {
	struct cgroup *ancestors[1];
};

/* 6.13, commit b6f58a3f4aa8: io_kiocb.task became io_kiocb.tctx->task. */
struct io_kiocb___until_6_12 {
	struct task_struct *task;
};

struct io_uring_task {
	struct task_struct *task;
};

struct io_kiocb___since_6_13 {
	struct io_uring_task *tctx;
};

/* 5.17, commit f3fa33acca9f: request.rq_disk was removed; request_queue.disk (5.15, commit d152c682f03c) replaces it. */
struct request___until_5_16 {
	struct gendisk *rq_disk;
};

struct request_queue___since_5_15 {
	struct gendisk *disk;
};

/* 5.19, commit 5efe7448a142: address_space_operations.readpage became read_folio. */
struct address_space_operations___until_5_18 {
	void *readpage;
};

struct address_space_operations___since_5_19 {
	void *read_folio;
};

/* 5.18, commit 3a3bae50af5d: address_space_operations.set_page_dirty became dirty_folio (6f31a5a261db). */
struct address_space_operations___until_5_17 {
	void *set_page_dirty;
};

struct address_space_operations___since_5_18 {
	void *dirty_folio;
};

struct address_space_operations___all {
	void *write_begin;
};

/* include/linux/dcache.h: until 7.1 at the latest, d_alias was in a union with a name. */
struct dentry___with_union {
	union {
		struct hlist_node d_alias;
	} d_u;
};

#pragma clang attribute pop

/*
 * A member of a kernel object. `direct`, a compile-time constant, is true for a trusted BTF pointer from the context of a tp_btf,
 * fentry or fexit program: the read is then a plain load, which costs a fraction of a bpf_probe_read_kernel() call.
 */
#define MEMBER(direct, object, member) ((direct) ? (object)->member : BPF_CORE_READ(object, member))

/* task->__state: 0 is TASK_RUNNING. */
static __always_inline long task_state(struct task_struct *task, const bool direct)
{
	struct task_struct___since_5_14 *since_5_14 = (void *)task;
	struct task_struct___until_5_13 *until_5_13 = (void *)task;

	if (bpf_core_field_exists(since_5_14->__state))
		return MEMBER(direct, since_5_14, __state);
	return MEMBER(direct, until_5_13, state);
}

/* The ancestors of a cgroup v2 by level, 0 being the root. */
struct ancestors {
	/* Ids, or pointers to cgroups. */
	void *list;
	bool pointers;
};

static __always_inline struct ancestors ancestors_of(struct cgroup *cgroup)
{
	struct cgroup___since_6_1 *since_6_1 = (void *)cgroup;
	struct cgroup___until_6_0 *until_6_0 = (void *)cgroup;
	struct ancestors found = {};

	/* The barriers keep the offset of a member that does not exist in its branch: elsewhere the program would not load. */
	if (bpf_core_field_exists(since_6_1->ancestors)) {
		found.pointers = true;
		found.list = (void *)cgroup + bpf_core_field_offset(since_6_1->ancestors);
		barrier_var(found.list);
	} else {
		found.list = (void *)cgroup + bpf_core_field_offset(until_6_0->ancestor_ids);
		barrier_var(found.list);
	}
	return found;
}

/* The id of an ancestor. The caller has checked level <= cgroup->level. */
static __always_inline __u64 ancestor_id(const struct ancestors *ancestors, __u32 level)
{
	struct cgroup *ancestor;
	__u64 id = 0;

	bpf_probe_read_kernel(&id, sizeof(id), ancestors->list + level * sizeof(id));
	if (!ancestors->pointers)
		return id;
	ancestor = (void *)id;
	return BPF_CORE_READ(ancestor, kn, id);
}

/*
 * Size of a string with its NUL, from the result of bpf_probe_read_user_str(); negative: it failed. Until 6.15 the result for an
 * empty string does not count its NUL. mm/maccess.c: strncpy_from_user_nofault()
 */
static __always_inline long user_string_size(long returned)
{
	return returned ? returned : 1;
}

/* Whether the mapping supports reads through the page cache: it has read_folio, or readpage before 5.19. */
static __always_inline bool has_read_folio(const struct address_space_operations *operations)
{
	const struct address_space_operations___since_5_19 *since_5_19 = (void *)operations;
	const struct address_space_operations___until_5_18 *until_5_18 = (void *)operations;

	if (bpf_core_field_exists(since_5_19->read_folio))
		return BPF_CORE_READ(since_5_19, read_folio);
	return BPF_CORE_READ(until_5_18, readpage);
}

/*
 * Whether writes go through the page cache of the mapping: it has write_begin, or a function of its own that marks pages dirty, as
 * file systems with iomap and btrfs do.
 */
static __always_inline bool has_dirty_pages(const struct address_space_operations *operations)
{
	const struct address_space_operations___since_5_18 *since_5_18 = (void *)operations;
	const struct address_space_operations___until_5_17 *until_5_17 = (void *)operations;
	const struct address_space_operations___all *all = (void *)operations;

	if (bpf_core_field_exists(all->write_begin) && BPF_CORE_READ(all, write_begin))
		return true;
	if (bpf_core_field_exists(since_5_18->dirty_folio))
		return BPF_CORE_READ(since_5_18, dirty_folio);
	return BPF_CORE_READ(until_5_17, set_page_dirty);
}

/* The task that submitted an io_uring request; NULL if unknown. */
static __always_inline struct task_struct *io_uring_request_task(void *request)
{
	struct io_kiocb___until_6_12 *until_6_12 = request;
	struct io_kiocb___since_6_13 *since_6_13 = request;

	if (bpf_core_field_exists(until_6_12->task))
		return BPF_CORE_READ(until_6_12, task);
	return BPF_CORE_READ(since_6_13, tctx, task);
}

/* A directory entry of an inode; NULL: it has none. */
static __always_inline struct dentry *dentry_of(struct inode *inode)
{
	struct hlist_node *alias = BPF_CORE_READ(inode, i_dentry.first);
	struct dentry___with_union *with_union = 0;

	if (!alias)
		return 0;
	if (bpf_core_field_exists(with_union->d_u))
		return (void *)alias - bpf_core_field_offset(struct dentry___with_union, d_u.d_alias);
	return (void *)alias - bpf_core_field_offset(struct dentry, d_alias);
}

/* The disk a request is for; NULL if its queue has none. `direct`: see MEMBER(). */
static __always_inline struct gendisk *request_disk(struct request *request, const bool direct)
{
	struct request___until_5_16 *until_5_16 = (void *)request;
	struct request_queue___since_5_15 *queue;

	if (bpf_core_field_exists(until_5_16->rq_disk))
		return MEMBER(direct, until_5_16, rq_disk);
	queue = (void *)MEMBER(direct, request, q);
	return MEMBER(direct, queue, disk);
}

#endif
