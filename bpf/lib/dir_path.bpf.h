/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The filter -d DIR for a path that a program passed to a system call, where no file is known: the call failed, or its file is gone.
 *
 * The walk starts at the directory at which the kernel starts to resolve the path: the root of the process, its working directory or a
 * descriptor. The position of that directory relative to DIR is known exactly. From there the names of the path lead by their text to
 * DIR or elsewhere: `..` removes the name before it, and symbolic links and mount points below the start are not followed. So a path
 * that reaches DIR only through a symbolic link is not counted, and one that leaves DIR through a link is counted.
 */
#ifndef KTOP_DIR_PATH_BPF_H
#define KTOP_DIR_PATH_BPF_H

#include "dir_filter.bpf.h"
#include "file.bpf.h"
#include "user_path.bpf.h"

/* DIR's ancestors and DIR itself; user space has the same limit (src/tools/lib/directory_filter.ts). A power of two. */
#define DIR_LEVELS 256

/* A directory on the path of DIR: is_directory(). */
struct dir_level {
	__u64 inode;
	/* FNV-1a of its name. */
	__u64 name_hash;
	__u32 dev;
	__u32 subvolume;
};

/* From the root, which is level 0, to DIR, whose level is dir_depth. */
const volatile struct dir_level dir_levels[DIR_LEVELS] = {};
const volatile __u32 dir_depth = 0;

/*
 * A position relative to DIR: the last directory on the way to DIR that the path shares, and how many names below it the path is. A
 * number, so that the verifier keeps no history of its parts:
 *   bits 0 to 15   a walk up: names so far; a step down: bytes read
 *   bits 16 to 31  names below that directory
 *   bits 32 to 47  its level + 1; 0: none is known
 *   bit 63         the path ends here
 */
#define POSITION_COUNT 0xffffULL
#define POSITION_ONE_BELOW (1ULL << 16)
#define POSITION_BELOW (0xffffULL << 16)
#define POSITION_ONE_LEVEL (1ULL << 32)
#define POSITION_LEVEL (0xffffULL << 32)
#define POSITION_END (1ULL << 63)

static __always_inline __u64 position_level(__u64 position)
{
	return (position & POSITION_LEVEL) / POSITION_ONE_LEVEL;
}

static __always_inline bool is_in_dir(__u64 position)
{
	return position_level(position) == dir_depth + 1;
}

/*
 * A step of a walk up, at an inode. Takes over DIR, or else the first directory that is on the path of DIR. Not static: see
 * is_directory().
 */
__attribute__((noinline)) __u64 note_level(__u64 inode, __u64 position)
{
	__u64 names = position & POSITION_COUNT;

	for (__u32 i = 0; i < DIR_LEVELS; i++) {
		const volatile struct dir_level *level = &dir_levels[i];

		if (i > dir_depth)
			break;
		if (position_level(position) && i != dir_depth)
			continue;
		if (is_directory(inode, level->dev, level->inode, level->subvolume))
			return names | names * POSITION_ONE_BELOW | (i + 1) * POSITION_ONE_LEVEL;
	}
	return position;
}

/*
 * The position of a place; without a level: it shares no directory with DIR, or is too deep to know, which counts as lost. `mount`: see
 * struct place. Not static: see is_below().
 */
__attribute__((noinline)) __u64 position_of(__u64 dentry, __u64 mount)
{
	struct place place = { .dentry = (struct dentry *)dentry, .mount = (struct mount *)mount };
	__u64 position = 0;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		struct mount *mount_before = place.mount;

		position = note_level((__u64)inode_at(&place), position);
		if (is_in_dir(position) || !go_up(&place))
			return position;
		if (place.mount == mount_before)
			position++;
	}
	count_lost_key();
	return 0;
}

/* FNV-1a, of no bytes, "." and "..". */
#define HASH_START 0xcbf29ce484222325ULL
#define HASH_PRIME 0x100000001b3ULL
#define HASH_DOT ((HASH_START ^ '.') * HASH_PRIME)
#define HASH_DOT_DOT ((HASH_DOT ^ '.') * HASH_PRIME)

/*
 * The position after the next name of a path in user memory; 0: not readable. Not static: the verifier then checks it once, instead
 * of once for each name.
 */
__attribute__((noinline)) __u64 follow_name(__u64 path, __u64 position)
{
	__u64 level = position & POSITION_LEVEL, below = position & POSITION_BELOW, end = 0, hash = HASH_START;
	char text[NAME_BYTES] = {};
	__u32 i;

	if (bpf_probe_read_user_str(text, sizeof(text), (void *)path) < 0)
		return 0;
	for (i = 0; i < NAME_BYTES - 1; i++) {
		__u8 byte = text[i];

		if (!byte) {
			end = POSITION_END;
			break;
		}
		if (byte != '/')
			hash = (hash ^ byte) * HASH_PRIME;
		else if (hash != HASH_START)
			break;
	}
	if (hash == HASH_START || hash == HASH_DOT)
		return level | below | end | i;
	if (hash == HASH_DOT_DOT) {
		if (below)
			below -= POSITION_ONE_BELOW;
		else if (level > POSITION_ONE_LEVEL)
			level -= POSITION_ONE_LEVEL;
	} else if (!below && position_level(level) <= dir_depth &&
		   dir_levels[position_level(level) & (DIR_LEVELS - 1)].name_hash == hash) {
		level += POSITION_ONE_LEVEL;
	} else {
		below += POSITION_ONE_BELOW;
	}
	return level | below | end | i;
}

/* Whether a path leads from a place to DIR or below it; false and a loss if it has too many names to know. */
static __always_inline bool leads_below(const struct place *start, __u64 path)
{
	__u64 position = position_of((__u64)start->dentry, (__u64)start->mount);

	if (!position_level(position))
		return false;
	for (int i = 0; i < MAX_DEPTH; i++) {
		position = follow_name(path, position);
		if (!position || (position & POSITION_END))
			return position && is_in_dir(position);
		path += position & POSITION_COUNT;
	}
	count_lost_key();
	return false;
}

/*
 * Whether a path that the current process passed to a system call passes the filter; false if it cannot be read, or if `dirfd` is not
 * open. `in_root`: absolute paths start at `dirfd`, too.
 */
static __noinline __attribute__((unused)) bool path_passes_dir(int dirfd, const void *path, bool in_root)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = 0;
	struct place place;
	char first = 0;

	if (!dir_on)
		return true;
	if (bpf_probe_read_user(&first, sizeof(first), path))
		return false;
	if (first == '/' && !in_root) {
		place = place_at(BPF_CORE_READ(task, fs, root.mnt), BPF_CORE_READ(task, fs, root.dentry));
	} else if (dirfd == AT_FDCWD) {
		place = place_at(BPF_CORE_READ(task, fs, pwd.mnt), BPF_CORE_READ(task, fs, pwd.dentry));
	} else {
		file = file_from_fd((__u32)dirfd);
		if (!file)
			return false;
		place = place_of(file);
	}
	return leads_below(&place, (__u64)path);
}

#endif
