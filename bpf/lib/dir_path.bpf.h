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
#include "limits.bpf.h"

/* DIR's ancestors and DIR itself; user space has the same limit (src/tools/lib/directory_filter.ts). A power of two. */
#define DIR_LEVELS 256

/*
 * Each directory from the root, which is level 0, to DIR, whose level is dir_depth: see is_directory(). Arrays, which user space writes
 * as they are.
 */
const volatile __u32 dir_depth = 0;
const volatile __u64 level_inodes[DIR_LEVELS] = {};
const volatile __u32 level_devs[DIR_LEVELS] = {};
const volatile __u32 level_subvolumes[DIR_LEVELS] = {};
/* FNV-1a of its name. */
const volatile __u32 level_names[DIR_LEVELS] = {};

/*
 * A position relative to DIR: the deepest directory that it shares with the path of DIR, and how many names it is below that. One
 * integer, so that the verifier does not track its parts:
 *   bits 0 to 31   a walk up: names so far; a path: hash of the name so far
 *   bits 32 to 43  names below that directory
 *   bits 44 to 53  its level + 1; 0: none is known
 *   bits 54 to 62  bytes of the path that the last step read
 *   bit 63         the path ends here
 */
#define POSITION_LOW 0xffffffffULL
#define POSITION_ONE_BELOW (1ULL << 32)
#define POSITION_BELOW (0xfffULL << 32)
#define POSITION_ONE_LEVEL (1ULL << 44)
#define POSITION_LEVEL (0x3ffULL << 44)
#define POSITION_ONE_BYTE (1ULL << 54)
#define POSITION_BYTES (0x1ffULL << 54)
#define POSITION_END (1ULL << 63)

/* How many levels of DIR's path, the root included, the path has in common. */
static __always_inline __u64 matched_levels(__u64 position)
{
	return (position & POSITION_LEVEL) / POSITION_ONE_LEVEL;
}

static __always_inline __u64 position_bytes(__u64 position)
{
	return (position & POSITION_BYTES) / POSITION_ONE_BYTE;
}

static __always_inline bool is_in_dir(__u64 position)
{
	return matched_levels(position) == dir_depth + 1;
}

/*
 * One step of a walk up: records the first directory that is on the path of DIR; DIR itself replaces it. Not static: see
 * is_directory().
 */
__attribute__((noinline)) __u64 note_level(__u64 inode, __u64 position)
{
	__u64 names = position & POSITION_LOW;

	for (__u32 i = 0; i < DIR_LEVELS; i++) {
		if (i > dir_depth)
			break;
		if (matched_levels(position) && i != dir_depth)
			continue;
		if (is_directory(inode, level_devs[i], level_inodes[i], level_subvolumes[i]))
			return names | names * POSITION_ONE_BELOW | (i + 1) * POSITION_ONE_LEVEL;
	}
	return position;
}

/*
 * The position of a place. No level: it shares no directory with DIR, or it is too deep (counted as lost). `mount`: see
 * struct place. Not static: see is_below().
 */
__attribute__((noinline)) __u64 position_of(__u64 dentry, __u64 mount)
{
	struct place place = { .dentry = (struct dentry *)dentry, .mount = (struct mount *)mount };
	__u64 position = 0;

	/* The verifier of kernels before 6.8 also checks functions that are never called. */
	if (!dir_on)
		return 0;
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

/* FNV-1a of the empty name, "." and "..". */
#define HASH_START 0x811c9dc5U
#define HASH_PRIME 0x01000193U
#define HASH_DOT ((HASH_START ^ '.') * HASH_PRIME)
#define HASH_DOT_DOT ((HASH_DOT ^ '.') * HASH_PRIME)

/* Bytes of a path that are read at a time, with a NUL after them: little stack. */
#define STEP_BYTES 64

/* The position after a name, of this hash. */
static __always_inline __u64 enter_name(__u64 position, __u32 hash)
{
	__u64 level = position & POSITION_LEVEL, below = position & POSITION_BELOW;

	if (hash == HASH_START || hash == HASH_DOT)
		return level | below;
	if (hash == HASH_DOT_DOT) {
		if (below)
			below -= POSITION_ONE_BELOW;
		else if (level > POSITION_ONE_LEVEL)
			level -= POSITION_ONE_LEVEL;
	} else if (!below && matched_levels(level) <= dir_depth &&
		   level_names[matched_levels(level) & (DIR_LEVELS - 1)] == hash) {
		level += POSITION_ONE_LEVEL;
	} else {
		below += POSITION_ONE_BELOW;
	}
	return level | below;
}

/*
 * The position after the next name of a path in user memory, or after the part of it that was read; 0: not readable. Not static: the
 * verifier then checks it once, instead of once for each name.
 */
__attribute__((noinline)) __u64 follow_path(__u64 path, __u64 position)
{
	__u32 hash = position & POSITION_LOW;
	char text[STEP_BYTES] = {};
	__u64 end = 0;
	__u32 i;

	if (bpf_probe_read_user_str(text, sizeof(text), (void *)path) < 0)
		return 0;
	for (i = 0; i < STEP_BYTES - 1; i++) {
		__u8 byte = text[i];

		if (!byte)
			end = POSITION_END;
		if (!byte || (byte == '/' && hash != HASH_START))
			return enter_name(position, hash) | HASH_START | i * POSITION_ONE_BYTE | end;
		if (byte != '/')
			hash = (hash ^ byte) * HASH_PRIME;
	}
	return (position & (POSITION_LEVEL | POSITION_BELOW)) | hash | i * POSITION_ONE_BYTE;
}

/* Whether a path leads from a place to DIR or below it; false, and counted as lost, if it has too many names. */
static __always_inline bool leads_below(const struct place *start, __u64 path)
{
	__u64 position = position_of((__u64)start->dentry, (__u64)start->mount);

	if (!matched_levels(position))
		return false;
	position = (position & ~POSITION_LOW) | HASH_START;
	for (int i = 0; i < MAX_DEPTH + PATH_BYTES / (STEP_BYTES - 1); i++) {
		position = follow_path(path, position);
		if (!position || (position & POSITION_END))
			return position && is_in_dir(position);
		path += position_bytes(position);
	}
	count_lost_key();
	return false;
}

/*
 * Whether a path that the current process passed to a system call passes the filter; false if it cannot be read, or if `dirfd` is not
 * open. `in_root`: absolute paths start at `dirfd`, too. Not static: the verifier of 5.10 would check it once for each system call that
 * a kprobe program distinguishes, which is too much for it.
 */
__attribute__((noinline, unused)) int passed_path_passes_dir(int dirfd, __u64 path, bool in_root)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = 0;
	struct place place;
	char first = 0;

	if (!dir_on)
		return true;
	if (bpf_probe_read_user(&first, sizeof(first), (void *)path))
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
	return leads_below(&place, path);
}

/* As passed_path_passes_dir(). */
static __always_inline bool path_passes_dir(int dirfd, const void *path, bool in_root)
{
	return passed_path_passes_dir(dirfd, (__u64)path, in_root);
}

#endif
