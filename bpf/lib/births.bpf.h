/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Files that were created while a program ran, by inode or by name: when each began. A bounded number is kept, and the
 * oldest goes first.
 *
 * Maps
 *   births  hash, 16384: file -> when it began. 1.8 MB
 *   order   queue, 16384: the keys of births, oldest first: when there are too many, the oldest is let go, and counted as
 *           lost. 0.4 MB
 */
#ifndef KTOP_BIRTHS_BPF_H
#define KTOP_BIRTHS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "maps.bpf.h"

#define MAX_BIRTHS 16384

/* What the key of a birth is made of. */
enum identity {
	/* Inode number and device. */
	BY_INODE,
	/* A hash of the name, and a number that tells files of this name apart. */
	BY_NAME,
};

struct file_key {
	__u64 id;
	__u32 dev;
	__u32 identity;
};

struct birth {
	__u64 time_ns;
	/* Of the inode: tells files apart that have its number one after the other. */
	__u32 generation;
	/* BY_NAME only (named_births.bpf.h): what tells, with the generation, whether the inode still has a name. */
	__u32 dev;
	struct inode *inode;
	__u64 inode_number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_BIRTHS);
	__type(key, struct file_key);
	__type(value, struct birth);
} births SEC(".maps");

struct order_entry {
	struct file_key key;
	__u64 time_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, MAX_BIRTHS);
	__type(value, struct order_entry);
} order SEC(".maps");

/* Lets the oldest birth go. */
static __noinline void forget_oldest(void)
{
	struct order_entry oldest = {};
	struct birth *birth;

	if (bpf_map_pop_elem(&order, &oldest))
		return;
	birth = bpf_map_lookup_elem(&births, &oldest.key);
	/* Otherwise the file has ended, and another one may have its key now. */
	if (birth && birth->time_ns == oldest.time_ns && !bpf_map_delete_elem(&births, &oldest.key))
		lose_key();
}

static __noinline void remember(const struct file_key *key, const struct birth *birth)
{
	struct order_entry entry = { .key = *key, .time_ns = birth->time_ns };

	if (bpf_map_push_elem(&order, &entry, BPF_ANY)) {
		forget_oldest();
		if (bpf_map_push_elem(&order, &entry, BPF_ANY)) {
			lose_key();
			return;
		}
	}
	if (bpf_map_update_elem(&births, key, birth, BPF_ANY))
		lose_key();
}

static __always_inline struct file_key inode_key(struct inode *inode)
{
	return (struct file_key){
		.id = BPF_CORE_READ(inode, i_ino),
		.dev = BPF_CORE_READ(inode, i_sb, s_dev),
		.identity = BY_INODE,
	};
}

static __always_inline void inode_born(struct inode *inode)
{
	struct file_key key = inode_key(inode);
	struct birth birth = {
		.time_ns = bpf_ktime_get_ns(),
		.generation = BPF_CORE_READ(inode, i_generation),
	};

	remember(&key, &birth);
}

/* The birth of an inode; NULL: it was not seen. One that an earlier inode of this number has left goes. */
static __always_inline struct birth *inode_birth(struct inode *inode, const struct file_key *key)
{
	struct birth *birth = bpf_map_lookup_elem(&births, key);

	if (!birth || birth->generation == BPF_CORE_READ(inode, i_generation))
		return birth;
	bpf_map_delete_elem(&births, key);
	return 0;
}

#endif
