/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * When files were created, by inode or by name, for files whose creation was seen. When the map is full, the oldest file is
 * evicted.
 *
 * Maps
 *   births  hash, 16384: struct file_key -> struct birth: 1.9 MB
 *   order   queue, 16384: the keys of births, oldest first. An evicted file that still exists is counted as lost. 0.4 MB
 */
#ifndef KTOP_BIRTHS_BPF_H
#define KTOP_BIRTHS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "maps.bpf.h"

#define MAX_BIRTHS 16384

/* What identifies a file. */
enum identity {
	/* Inode number and device. */
	BY_INODE,
	/* A hash of the name, and a number that distinguishes files of this name. */
	BY_NAME,
};

struct file_key {
	__u64 id;
	__u32 dev;
	__u32 identity;
};

struct birth {
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 time_ns;
	/* i_generation: distinguishes files that had the same inode number at different times. */
	__u32 generation;
	/* BY_NAME only (named_births.bpf.h): with the generation they show whether the inode still has a name. */
	__u32 dev;
	struct inode *inode;
	__u64 inode_number;
	/* Its name: the same object when the file is renamed. */
	struct dentry *dentry;
};

HASH(births, MAX_BIRTHS, struct file_key, struct birth);

struct order_entry {
	struct file_key key;
	__u64 time_ns;
};

QUEUE(order, MAX_BIRTHS, struct order_entry);

static __noinline void evict_oldest(void)
{
	struct order_entry oldest = {};
	struct birth *birth;

	if (bpf_map_pop_elem(&order, &oldest))
		return;
	birth = bpf_map_lookup_elem(&births, &oldest.key);
	/* Otherwise the file is gone, and its key may belong to another file. */
	if (birth && birth->time_ns == oldest.time_ns && !bpf_map_delete_elem(&births, &oldest.key))
		count_lost_key();
}

static __noinline void add_birth(const struct file_key *key, const struct birth *birth)
{
	struct order_entry entry = { .key = *key, .time_ns = birth->time_ns };

	if (bpf_map_push_elem(&order, &entry, BPF_ANY)) {
		evict_oldest();
		if (bpf_map_push_elem(&order, &entry, BPF_ANY)) {
			count_lost_key();
			return;
		}
	}
	if (bpf_map_update_elem(&births, key, birth, BPF_ANY))
		count_lost_key();
}

static __always_inline struct file_key inode_key(struct inode *inode)
{
	return (struct file_key){
		.id = BPF_CORE_READ(inode, i_ino),
		.dev = BPF_CORE_READ(inode, i_sb, s_dev),
		.identity = BY_INODE,
	};
}

static __always_inline void record_birth(struct inode *inode)
{
	struct file_key key = inode_key(inode);
	struct birth birth = {
		.time_ns = bpf_ktime_get_ns(),
		.generation = BPF_CORE_READ(inode, i_generation),
	};

	add_birth(&key, &birth);
}

/* The birth of an inode; NULL: it was not seen. Deletes that of an earlier inode with the same number. */
static __always_inline struct birth *inode_birth(struct inode *inode, const struct file_key *key)
{
	struct birth *birth = bpf_map_lookup_elem(&births, key);

	if (!birth || birth->generation == BPF_CORE_READ(inode, i_generation))
		return birth;
	bpf_map_delete_elem(&births, key);
	return 0;
}

#endif
