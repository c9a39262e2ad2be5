/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Births of files that are known by name only: system calls do not show which inode a removed name had. It is one of (at most
 * four) files of this name whose creation was seen and whose inode has no name left.
 */
#ifndef KTOP_NAMED_BIRTHS_BPF_H
#define KTOP_NAMED_BIRTHS_BPF_H

#include "births.bpf.h"
#include "user_path.bpf.h"

/* Files of one name that can be distinguished. */
#define NAMESAKES 4

/* A name, padded with zeros. */
union name {
	char text[NAME_BYTES];
	__u64 words[NAME_BYTES / 8];
};

/* `length`: bytes of the name, with its NUL. FNV-1a, by words. */
static __always_inline __u64 name_hash(const union name *name, __u32 length)
{
	__u64 hash = 0xcbf29ce484222325;

	/* Otherwise clang drops the first check where it knows the bounds of the length, which the verifier may have lost. */
	asm volatile("" : "+r"(length));
	for (__u32 i = 0; i < NAME_BYTES / 8; i++) {
		if (8 * i >= length)
			break;
		hash = (hash ^ name->words[i]) * 0x100000001b3;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Whether the file of a birth still has a name. The memory of its inode may have been freed or reused. */
static __always_inline bool has_link(const struct birth *birth)
{
	struct inode *inode = birth->inode;

	return BPF_CORE_READ(inode, i_nlink) && BPF_CORE_READ(inode, i_ino) == birth->inode_number &&
	       BPF_CORE_READ(inode, i_generation) == birth->generation &&
	       BPF_CORE_READ(inode, i_sb, s_dev) == birth->dev;
}

static __noinline void add_named_birth(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct file_key key = { .identity = BY_NAME };
	struct birth birth = {
		.time_ns = bpf_ktime_get_ns(),
		.inode = inode,
		.inode_number = BPF_CORE_READ(inode, i_ino),
		.generation = BPF_CORE_READ(inode, i_generation),
		.dev = BPF_CORE_READ(inode, i_sb, s_dev),
	};
	union name name = {};
	long length;

	length = bpf_probe_read_kernel_str(name.text, sizeof(name.text), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (length <= 0)
		return;
	key.id = name_hash(&name, length);
	for (__u32 i = 0; i < NAMESAKES; i++) {
		struct birth *other;

		key.dev = i;
		other = bpf_map_lookup_elem(&births, &key);
		if (!other || !has_link(other)) {
			add_birth(&key, &birth);
			return;
		}
	}
	count_lost_key();
}

/* The youngest file of this name that has lost its last name. */
static __noinline bool find_removed(__u64 hash, struct file_key *found, __u64 *created_ns)
{
	struct file_key key = { .id = hash, .identity = BY_NAME };

	*created_ns = 0;
	for (__u32 i = 0; i < NAMESAKES; i++) {
		struct birth *birth;

		key.dev = i;
		birth = bpf_map_lookup_elem(&births, &key);
		if (birth && birth->time_ns > *created_ns && !has_link(birth)) {
			*found = key;
			*created_ns = birth->time_ns;
		}
	}
	return *created_ns;
}

#endif
