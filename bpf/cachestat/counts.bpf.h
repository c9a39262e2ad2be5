/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Which files are counted, and their counters: one sum, or those of a process or of a file. */
#ifndef KTOP_CACHESTAT_COUNTS_BPF_H
#define KTOP_CACHESTAT_COUNTS_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/cgroup.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/file.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/user.bpf.h"
#include "state.bpf.h"

static __always_inline struct inode *host_of(__u64 mapping)
{
	return BPF_CORE_READ((struct address_space *)mapping, host);
}

static __always_inline bool is_block_device(struct inode *inode)
{
	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFBLK;
}

/* Without pages on a disk: ramfs, hugetlbfs. */
static __always_inline bool is_in_memory(struct inode *inode)
{
	return !is_block_device(inode) && !(BPF_CORE_READ(inode, i_sb, s_bdi, capabilities) & BDI_CAP_WRITEBACK);
}

static __always_inline bool is_counted(__u64 mapping)
{
	return current_passes_filters() && !is_in_memory(host_of(mapping));
}

/* In .rodata, because it is too large for the stack. */
const volatile struct cachestat_value empty_total = {};

static __noinline struct cachestat_value *insert_total(struct cachestat_key *key, struct inode *inode)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cachestat_value *value = find_or_insert(ACTIVE(totals), key, (const void *)&empty_total);

	if (!value)
		return 0;
	if (by_process) {
		value->cgroup_id = task_cgroup_id(task);
		value->uid = task_uid(task);
		BPF_CORE_READ_STR_INTO(&value->comm, task, group_leader, comm);
	} else {
		struct dentry *dentry = dentry_of(inode);

		value->mode = BPF_CORE_READ(inode, i_mode);
		if (dentry)
			bpf_probe_read_kernel_str(value->file, sizeof(value->file), BPF_CORE_READ(dentry, d_name.name));
	}
	return value;
}

/* The counters to which the current task adds for this file. */
static __noinline void *counts_of(__u64 mapping)
{
	struct cachestat_key key = {};
	struct cachestat_value *value;
	struct inode *inode;

	if (!by_process && !by_file)
		return only_entry(&counts);
	inode = host_of(mapping);
	if (by_process) {
		key.pid = bpf_get_current_pid_tgid() >> 32;
	} else {
		key.inode = BPF_CORE_READ(inode, i_ino);
		key.dev = is_block_device(inode) ? BPF_CORE_READ(inode, i_rdev) : BPF_CORE_READ(inode, i_sb, s_dev);
	}
	value = bpf_map_lookup_elem(ACTIVE(totals), &key);
	if (!value)
		value = insert_total(&key, inode);
	/* struct cachestat_value starts with the members of struct cachestat_counts. */
	return value;
}

/* Pages that were added, of which `missing` had been asked for: the others are read-ahead. */
static __always_inline void count_misses(__u64 mapping, __u64 pages, __u64 missing)
{
	struct cachestat_counts *own = counts_of(mapping);

	if (!own)
		return;
	ADD(own->misses, pages);
	if (pages > missing)
		ADD(own->readahead, pages - missing);
}

static __always_inline void count_hits(__u64 mapping, __s64 pages)
{
	struct cachestat_counts *own = pages ? counts_of(mapping) : 0;

	if (own)
		ADD(own->hits, pages);
}

static __always_inline void count_mapped(__u64 mapping, __u64 pages)
{
	struct cachestat_counts *own = pages ? counts_of(mapping) : 0;

	if (!own)
		return;
	ADD(own->hits, pages);
	ADD(own->mapped, pages);
}

#endif
