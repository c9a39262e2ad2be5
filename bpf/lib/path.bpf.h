/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The full path of a directory entry, as a process sees it: up to its root directory, across mount points.
 * Like d_path() of fs/d_path.c, but the last name comes first: user space reverses them.
 *
 * Caveat: the walk takes no locks. If a directory on the path is renamed during the walk, the path may be neither the old nor the new
 * one.
 */
#ifndef KTOP_PATH_BPF_H
#define KTOP_PATH_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "file.bpf.h"
#include "strings.bpf.h"

/* Names and mount points walked before giving up. */
#define PATH_DEPTH 256

/* How far a walk came. User space has the same numbers (src/tools/lib/paths.ts). */
enum walk_result {
	WALK_NONE = 0,
	/* To the root. */
	WALK_COMPLETE = 1,
	/* PATH_DEPTH names or all the room is used: the start of the path is unknown. */
	WALK_CUT = 2,
	/* To an entry that has no parent and is not the root: a pipe, a socket, a memfd. */
	WALK_UNREACHABLE = 3,
	/* To the top of a tree of mounts in which the root of the process is not above: outside a chroot, or unmounted. */
	WALK_OUTSIDE = 4,
};

/* What is known of the path of a call, as bits. User space has the same numbers (src/tools/lib/paths.ts). */
enum path_part {
	/* The first string is the path as passed. */
	PATH_GIVEN = 1,
	/* It was longer. */
	PATH_CUT = 2,
	/* It starts at a directory, whose names follow unless the directory is unknown. */
	PATH_RELATIVE = 4,
};

/*
 * The state of a walk. It must be in a map value: the verifier then tracks no value of `used`, and treats all iterations of the
 * loop as the same state.
 */
struct walk {
	enum walk_result walked;
	/* Bytes of strings. */
	__u32 used;
	/* Names that append_names() appended. */
	__u32 names;
	/* The area of its record, for take_step(). */
	__u32 area;
	/* Where the walk is; a NULL mount is not known. */
	struct dentry *dentry;
	struct vfsmount *vfsmount;
	/* The root of the process; NULL if it has ended. */
	struct dentry *root;
	struct vfsmount *root_mount;
};

/* Resets the strings and the walk of a record. */
#define RESET_WALK(record) ((record)->walk = (struct walk){ .area = (record)->area })

/* The record of a tool whose strings are paths. */
#define PATH_RECORD_TYPE(event_type)                                                                                \
	struct record {                                                                                             \
		__u32 users;                                                                                        \
		__u32 area;                                                                                         \
		struct walk walk;                                                                                   \
		event_type event;                                                                                   \
		char strings[STRINGS_BYTES];                                                                        \
	}

/* take_step() in the map of the records. */
#define TAKE_STEP()                                                                                                 \
	__attribute__((noinline)) int take_step(__u32 area)                                                         \
	{                                                                                                           \
		struct record *record = bpf_map_lookup_elem(&scratch, &area);                                       \
                                                                                                                    \
		return record && step_up(record->strings, &record->walk);                                           \
	}

/* The record, its areas and take_step(). See strings.bpf.h. */
#define PATH_RECORD(event_type)                                                                                     \
	PATH_RECORD_TYPE(event_type);                                                                               \
	SCRATCH(struct record);                                                                                     \
	TAKE_STEP()

/* Appends the path that was passed to a system call, as the first string; after RESET_WALK(). Returns the bits of enum path_part. */
static __always_inline __u32 append_given_path(char *strings, struct walk *walk, const void *path)
{
	walk->used = path ? append_user_string(strings, 0, path) : 0;
	if (!walk->used)
		return 0;
	return is_cut(walk->used, path) ? PATH_GIVEN | PATH_CUT : PATH_GIVEN;
}

/*
 * One step of the walk of an area, see step_up(). PATH_RECORD() and FULL_PATH_RECORD() define it. Not static: the verifier then checks it
 * once, instead of once for each step of each walk.
 */
int take_step(__u32 area);

/* Goes from a mount's root to its mount point, or appends a name and goes to the parent. False: the walk has ended, as `walked` says. */
static __always_inline bool step_up(char *strings, struct walk *walk)
{
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct vfsmount *vfsmount = walk->vfsmount;
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);

	if (dentry == walk->root && vfsmount == walk->root_mount) {
		walk->walked = WALK_COMPLETE;
		return false;
	}
	if (dentry == BPF_CORE_READ(vfsmount, mnt_root)) {
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (above == mount) {
			walk->walked = walk->root_mount ? WALK_OUTSIDE : WALK_COMPLETE;
			return false;
		}
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->vfsmount = (void *)above + bpf_core_field_offset(struct mount, mnt);
		return true;
	}
	if (parent == dentry && !vfsmount)
		return false;
	walk->used = append_kernel_string(strings, walk->used, NAME_BYTES, BPF_CORE_READ(dentry, d_name.name));
	walk->names++;
	if (parent == dentry) {
		walk->walked = WALK_UNREACHABLE;
		return false;
	}
	walk->dentry = parent;
	return true;
}

/*
 * Appends the names from `dentry` up to the root of `task`; if it has none, because it has ended, up to the top. `vfsmount`: NULL if it
 * is not known; the names then end at the root of the file system. Not inlined, to save stack in the callers.
 */
static __noinline void append_names_of(struct walk *walk, struct vfsmount *vfsmount, struct dentry *dentry, struct task_struct *task)
{
	walk->dentry = dentry;
	walk->vfsmount = vfsmount;
	walk->root = BPF_CORE_READ(task, fs, root.dentry);
	walk->root_mount = BPF_CORE_READ(task, fs, root.mnt);
	walk->walked = WALK_CUT;
	for (int depth = 0; depth < PATH_DEPTH && walk->used < STRING_OFFSETS; depth++)
		if (!take_step(walk->area))
			break;
}

/* The same up to the root of the current task. */
static __always_inline void append_names(struct walk *walk, struct vfsmount *vfsmount, struct dentry *dentry)
{
	append_names_of(walk, vfsmount, dentry, (struct task_struct *)bpf_get_current_task());
}

/* Appends the path of an open file, as `task` sees it. */
static __always_inline void append_file_path_of(struct walk *walk, struct file *file, struct task_struct *task)
{
	append_names_of(walk, BPF_CORE_READ(file, f_path.mnt), BPF_CORE_READ(file, f_path.dentry), task);
}

/* The same as the current task sees it. */
static __always_inline void append_file_path(struct walk *walk, struct file *file)
{
	append_file_path_of(walk, file, (struct task_struct *)bpf_get_current_task());
}

/* Whether the name by which a file was opened has been removed. include/linux/dcache.h: d_unlinked() */
static __always_inline bool is_unlinked(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);

	return !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

/* Appends the path of the directory that a relative path starts at; nothing if `dirfd` is not a directory. */
static __always_inline void append_directory(struct walk *walk, int dirfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file;

	if (dirfd == AT_FDCWD) {
		append_names(walk, BPF_CORE_READ(task, fs, pwd.mnt), BPF_CORE_READ(task, fs, pwd.dentry));
		return;
	}
	file = file_from_fd((__u32)dirfd);
	if (file && file_type(file) == S_IFDIR)
		append_file_path(walk, file);
}

/* A path that was passed to a system call, and the descriptor of the directory that it starts at. */
struct given_path {
	const void *path;
	int dirfd;
};

/* Appends the path of a call that succeeded. Returns its bits of enum path_part; 0: not readable. */
static __always_inline __u32 append_path(char *strings, struct walk *walk, const struct given_path *given)
{
	__u32 start = walk->used;

	walk->used = append_user_string(strings, start, given->path);
	if (walk->used == start)
		return 0;
	return strings[start & (STRING_OFFSETS - 1)] == '/' ? PATH_GIVEN : PATH_GIVEN | PATH_RELATIVE;
}

/* Appends the names of the directory that a relative path starts at. `parts`: from append_path(). Returns how the walk ended. */
static __always_inline __u32 append_start(struct walk *walk, const struct given_path *given, __u32 parts)
{
	walk->walked = WALK_NONE;
	if (parts & PATH_RELATIVE)
		append_directory(walk, given->dirfd);
	return walk->walked;
}

#endif
