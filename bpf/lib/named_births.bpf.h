/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Births of files that are known by name only: system calls do not show which inode a removed name had. It is one of (at most
 * four) files of this name whose creation was seen and whose inode has no name left. A file that is renamed is kept under its new
 * name. A file that gets a second name is no longer tracked, because its removal could not be distinguished from that of
 * another file with this name.
 */
#ifndef KTOP_NAMED_BIRTHS_BPF_H
#define KTOP_NAMED_BIRTHS_BPF_H

#include "births.bpf.h"
#include "user_path.bpf.h"

/* Files of one name that can be distinguished. */
#define NAMESAKES 4

/* A name of at most NAME_MAX bytes, padded with zeros. */
#define PADDED_BYTES (NAME_MAX + 1)
union name {
	char text[PADDED_BYTES];
	__u64 words[PADDED_BYTES / 8];
};

/* `length`: bytes of the name, with its NUL. FNV-1a, by words. */
static __always_inline __u64 name_hash(const union name *name, __u32 length)
{
	__u64 hash = 0xcbf29ce484222325;

	/* Otherwise clang drops the first check if it can prove the bounds of the length; the verifier may have lost them. */
	asm volatile("" : "+r"(length));
	for (__u32 i = 0; i < PADDED_BYTES / 8; i++) {
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

/* 0: the name cannot be read. */
static __noinline __u64 dentry_name_hash(struct dentry *dentry)
{
	union name name = {};
	long length = bpf_probe_read_kernel_str(name.text, sizeof(name.text), BPF_CORE_READ(dentry, d_name.name));

	return length > 0 ? name_hash(&name, length) : 0;
}

/* `component`: from last_component(). 0: it cannot be read. */
static __noinline __u64 component_hash(__u64 component)
{
	union name name = {};

	if (bpf_probe_read_user_str(name.text, sizeof(name.text), (void *)component_address(component)) <= 0)
		return 0;
	return name_hash(&name, component_length(component) + 1);
}

/*
 * 0: the path cannot be read. `path`: in the memory of the current process. Inlined: the stacks of the two calls together exceed
 * what 5.10 allows.
 */
static __always_inline __u64 path_name_hash(__u64 path)
{
	__u64 component = last_component(path);

	return component ? component_hash(component) : 0;
}

/* Keeps a birth under a name. */
static __noinline void insert_named_birth(__u64 hash, const struct birth *birth)
{
	struct file_key key = { .id = hash, .identity = BY_NAME };

	for (__u32 i = 0; i < NAMESAKES; i++) {
		struct birth *other;

		key.dev = i;
		other = bpf_map_lookup_elem(&births, &key);
		if (!other || !has_link(other)) {
			add_birth(&key, birth);
			return;
		}
	}
	count_lost_key();
}

static __noinline void add_named_birth(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	__u64 hash = dentry_name_hash(dentry);
	struct birth birth = {
		.time_ns = bpf_ktime_get_ns(),
		.inode = inode,
		.inode_number = BPF_CORE_READ(inode, i_ino),
		.generation = BPF_CORE_READ(inode, i_generation),
		.dev = BPF_CORE_READ(inode, i_sb, s_dev),
		.dentry = dentry,
	};

	if (hash)
		insert_named_birth(hash, &birth);
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

/* A rename replaced the file of this name. */
static __noinline void forget_replaced(__u64 hash)
{
	struct file_key key;
	__u64 created_ns;

	if (find_removed(hash, &key, &created_ns))
		bpf_map_delete_elem(&births, &key);
}

/* A file was renamed: keeps its birth under the new name. Namesakes in other directories still have the old one. */
static __noinline void move_births(__u64 from, __u64 to)
{
	struct file_key key = { .id = from, .identity = BY_NAME };

	for (__u32 i = 0; i < NAMESAKES; i++) {
		struct birth *birth, moved;
		struct dentry *dentry;
		struct inode *inode;

		key.dev = i;
		birth = bpf_map_lookup_elem(&births, &key);
		if (!birth || !has_link(birth))
			continue;
		moved = *birth;
		dentry = moved.dentry;
		inode = BPF_CORE_READ(dentry, d_inode);
		if (inode == moved.inode && dentry_name_hash(dentry) == from)
			continue;
		bpf_map_delete_elem(&births, &key);
		if (inode == moved.inode)
			insert_named_birth(to, &moved);
		else
			/* The dentry was reclaimed: whether this file was renamed is unknown. */
			count_lost_key();
	}
}

/* A file of this name got a second one. */
static __noinline void forget_linked(__u64 hash)
{
	struct file_key key = { .id = hash, .identity = BY_NAME };

	for (__u32 i = 0; i < NAMESAKES; i++) {
		struct birth *birth;
		struct inode *inode;

		key.dev = i;
		birth = bpf_map_lookup_elem(&births, &key);
		if (!birth || !has_link(birth))
			continue;
		inode = birth->inode;
		if (BPF_CORE_READ(inode, i_nlink) > 1)
			bpf_map_delete_elem(&births, &key);
	}
}

#endif
