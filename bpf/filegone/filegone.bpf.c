// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filegone: names of files and directories that were removed or renamed.
 *
 * Hooks by tier; calls are reported when they succeed
 *   fentry, kprobe  entry and exit of vfs_unlink, vfs_rmdir, vfs_rename. On 5.10 vfs_rmdir is inlined into do_rmdir, whose entry and
 *                   exit report the directory removals that its hooks miss. mnt_want_write: write_mount.bpf.h
 *   tracepoint      sys_exit of unlink, unlinkat, rmdir, rename, renameat, renameat2
 *
 * Maps
 *   changing  hash, 1024: thread id -> struct name_change: 0.4 MB. Not used in the tracepoint tier
 *   rmdirs    hash, 256: thread id -> struct rmdir_call: 20 kB. Not used in the tracepoint tier
 *   scratch   per-CPU array, 2: struct record, 25 kB per CPU
 *   events    ring buffer, 4 MiB: struct filegone_event with strings, variable length
 *
 * Cost: a call that succeeds writes a record. Each name and mount point on the way to the root costs four reads of kernel memory; with
 * dir_on, a walk before that: dir_filter.bpf.h, dir_path.bpf.h.
 *   fentry, kprobe  a call inserts into `changing`, looks it up twice and deletes from it. do_rmdir does the same in `rmdirs`, and
 *                   vfs_rmdir looks it up once
 *   tracepoint      no other map access; every other system call of the machine runs a program that checks its number
 *
 * Caveats
 *   - The path of a directory with more than PATH_DEPTH names and mount points is cut and marked. So is one whose mount is unknown:
 *     the kernel itself removed the name.
 *   - tracepoint: the name comes from the path argument, read at sys_exit, and its directory from where that path starts, so that
 *     symbolic links in a path are not resolved. Removals by the kernel itself, by io_uring and, on arm64, by 32-bit programs are not
 *     reported. A rename between two hard links of the same file is a no-op, but is reported.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/dir_filter.bpf.h"
#include "lib/dir_path.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/path.bpf.h"
#include "lib/removal.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "lib/write_mount.bpf.h"
#include "filegone.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 rmdir_dentry_index = 1;
const volatile __u32 rmdir_argument_count = 2;
/* vfs_rename takes a struct renamedata; otherwise its second and fourth arguments are the dentries. */
const volatile bool rename_by_struct = true;
const volatile __u32 rename_argument_count = 1;
/* Removals and renames that are reported at sys_exit, because their VFS function is not hooked. */
const volatile bool syscalls_unlink = false;
const volatile bool syscalls_rmdir = false;
const volatile bool syscalls_rename = false;

/* A removal or rename in flight, with the file's old name. */
struct name_change {
	struct outer_call call;
	struct dentry *dentry;
	/* The old directory; the VFS holds it during the call. */
	struct dentry *parent;
	/* NULL: not known. */
	struct vfsmount *mount;
	/* enum filegone_action */
	__u32 action;
	char name[NAME_BYTES];
};

IN_FLIGHT(changing, 1024, __u32, struct name_change);

/* A do_rmdir in flight. */
struct rmdir_call {
	/* Address of the path in user memory; 0: not known. */
	__u64 path;
	int dirfd;
	bool via_vfs_rmdir;
};

IN_FLIGHT(rmdirs, 256, __u32, struct rmdir_call);

PATH_RECORD(struct filegone_event)

EVENTS(4 * 1024 * 1024, struct filegone_event);

/* A free record without strings; NULL: counted as lost. */
static __always_inline struct record *start_record(__u32 action)
{
	struct record *record = claim_scratch(&scratch);

	if (record) {
		RESET_WALK(record);
		record->event = (struct filegone_event){ .time_ns = bpf_ktime_get_ns(), .action = action };
		SET_CURRENT_THREAD(&record->event);
	}
	return record;
}

static __always_inline void finish_record(struct record *record)
{
	output_strings(&events, &record->event, sizeof(record->event), record->walk.used);
	release_scratch(&record->users);
}

/* fentry and kprobe tiers. */

static __always_inline void append_name(struct record *record, const void *name)
{
	record->walk.used = append_kernel_string(record->strings, record->walk.used, NAME_BYTES, name);
}

static __noinline bool dentry_passes_dir(struct vfsmount *mount, struct dentry *dentry)
{
	struct place place;

	if (!dir_on)
		return true;
	/* fentry arguments are typed pointers, which is_below() does not accept. The copy is a scalar to the verifier. */
	bpf_probe_read_kernel(&dentry, sizeof(dentry), &dentry);
	place = place_at(mount, dentry);
	return place_passes_dir(&place);
}

/* Not inlined into begin_change(): the name would take stack that the walks need. */
static __noinline void store_change(__u32 action, struct dentry *dentry, struct vfsmount *mount)
{
	__u32 tid = current_tid();
	struct name_change change = {
		.call.depth = stack_depth(dentry),
		.dentry = dentry,
		.parent = BPF_CORE_READ(dentry, d_parent),
		.mount = mount,
		.action = action,
	};

	bpf_probe_read_kernel_str(change.name, sizeof(change.name), BPF_CORE_READ(dentry, d_name.name));
	begin_in_flight(&changing, &tid, &change);
}

/* `other`: the directory entry that a rename replaces or makes; NULL for a removal. */
static __noinline void begin_change(__u32 action, struct dentry *dentry, struct dentry *other)
{
	__u32 tid = current_tid();
	struct vfsmount *mount;

	if (enter_nested_call(&changing, &tid, stack_depth(dentry)))
		return;
	mount = write_mount(dentry);
	if (dentry_passes_dir(mount, dentry) || (other && dentry_passes_dir(mount, other)))
		store_change(action, dentry, mount);
}

static __noinline void report_change(const struct name_change *change)
{
	struct dentry *dentry = change->dentry, *parent = change->parent, *new_parent;
	struct record *record = start_record(change->action);
	struct filegone_event *event;

	if (!record)
		return;
	event = &record->event;
	append_name(record, change->name);
	/* After d_move() the dentry has the new name. */
	new_parent = change->action == FILEGONE_RENAME ? BPF_CORE_READ(dentry, d_parent) : parent;
	if (change->action == FILEGONE_RENAME)
		append_name(record, BPF_CORE_READ(dentry, d_name.name));
	append_names(&record->walk, change->mount, parent);
	event->walked = record->walk.walked;
	event->names = record->walk.names;
	event->same_directory = new_parent == parent;
	if (new_parent != parent) {
		append_names(&record->walk, change->mount, new_parent);
		event->new_walked = record->walk.walked;
	}
	finish_record(record);
}

static __noinline void end_change(long ret)
{
	__u32 tid = current_tid();
	struct name_change *change = find_in_flight(&changing, &tid);

	if (!change || leave_nested_call(&change->call))
		return;
	if (!ret)
		report_change(change);
	end_in_flight(&changing, &tid);
}

static __noinline void begin_rename(struct dentry *old_dentry, struct dentry *new_dentry)
{
	__u32 tid = current_tid();

	/* A rename between two hard links of the same file is a no-op: rename(2). If it is nested, its exit must still match. */
	if (BPF_CORE_READ(old_dentry, d_inode) == BPF_CORE_READ(new_dentry, d_inode))
		enter_nested_call(&changing, &tid, stack_depth(old_dentry));
	else
		begin_change(FILEGONE_RENAME, old_dentry, new_dentry);
}

static __always_inline void begin_rename_by_struct(struct renamedata *data)
{
	begin_rename(BPF_CORE_READ(data, old_dentry), BPF_CORE_READ(data, new_dentry));
}

static __always_inline void on_unlink_enter(struct dentry *dentry)
{
	if (current_passes_filters())
		begin_change(FILEGONE_UNLINK, dentry, 0);
}

static __always_inline void on_rmdir_enter(struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct rmdir_call *call;

	if (!current_passes_filters())
		return;
	call = find_in_flight(&rmdirs, &tid);
	if (call)
		call->via_vfs_rmdir = true;
	begin_change(FILEGONE_RMDIR, dentry, 0);
}

static __always_inline void on_exit(long ret)
{
	if (current_passes_filters())
		end_change(ret);
}

DENTRY_CALL(vfs_unlink, unlink_dentry_index, unlink_argument_count, on_unlink_enter, on_exit)
DENTRY_CALL(vfs_rmdir, rmdir_dentry_index, rmdir_argument_count, on_rmdir_enter, on_exit)

#define RENAME_ENTER(section, tier, argument)                                                                       \
	SEC(section "/vfs_rename")                                                                                  \
	int vfs_rename_enter__##tier(void *ctx)                                                                     \
	{                                                                                                           \
		if (!current_passes_filters())                                                                      \
			return 0;                                                                                   \
		if (rename_by_struct)                                                                               \
			begin_rename_by_struct((void *)argument(ctx, 0));                                           \
		else                                                                                                \
			begin_rename((void *)argument(ctx, 1), (void *)argument(ctx, 3));                           \
		return 0;                                                                                           \
	}

RENAME_ENTER("fentry", fentry, trampoline_argument)
RENAME_ENTER("kprobe", kprobe, kprobe_argument)
DENTRY_CALL_EXIT(vfs_rename, rename_argument_count, on_exit)

/* `paths`: the old one and, for FILEGONE_RENAME, the new one. */
static __noinline void report_paths(__u32 action, const struct given_path *paths)
{
	bool renamed = action == FILEGONE_RENAME, passes = false;
	struct filegone_event *event;
	struct record *record;

	for (int i = 0; i < 2; i++)
		passes = passes || ((renamed || !i) && path_passes_dir(paths[i].dirfd, paths[i].path, false));
	record = passes ? start_record(action) : 0;
	if (!record)
		return;
	event = &record->event;
	event->path_parts = append_path(record->strings, &record->walk, &paths[0]);
	if (renamed)
		event->new_path_parts = append_path(record->strings, &record->walk, &paths[1]);
	if (!event->path_parts || (renamed && !event->new_path_parts)) {
		count_lost_event();
		release_scratch(&record->users);
		return;
	}
	event->walked = append_start(&record->walk, &paths[0], event->path_parts);
	event->names = record->walk.names;
	event->same_directory = paths[0].dirfd == paths[1].dirfd && event->path_parts == event->new_path_parts;
	if (renamed && !event->same_directory)
		event->new_walked = append_start(&record->walk, &paths[1], event->new_path_parts);
	finish_record(record);
}

/* fs/namei.c: do_rmdir(), which every removal of a directory by path goes through, io_uring's and those of 32-bit programs too. */

static __always_inline void on_do_rmdir_enter(int dirfd, struct filename *filename)
{
	__u32 tid = current_tid();
	struct rmdir_call call = { .dirfd = dirfd };

	if (!current_passes_filters())
		return;
	if (bpf_core_field_exists(filename->uptr))
		call.path = (__u64)BPF_CORE_READ(filename, uptr);
	begin_in_flight(&rmdirs, &tid, &call);
}

static __always_inline void on_do_rmdir_exit(int ret)
{
	__u32 tid = current_tid();
	struct rmdir_call *call = current_passes_filters() ? find_in_flight(&rmdirs, &tid) : 0;

	if (!call)
		return;
	if (!ret && !call->via_vfs_rmdir) {
		struct given_path paths[2] = { { .path = (void *)call->path, .dirfd = call->dirfd } };

		report_paths(FILEGONE_RMDIR, paths);
	}
	end_in_flight(&rmdirs, &tid);
}

SEC("fentry/do_rmdir")
int BPF_PROG(do_rmdir_enter__fentry, int dirfd, struct filename *filename)
{
	on_do_rmdir_enter(dirfd, filename);
	return 0;
}

SEC("fexit/do_rmdir")
int BPF_PROG(do_rmdir_exit__fentry, int dirfd, struct filename *filename, long ret)
{
	on_do_rmdir_exit(ret);
	return 0;
}

SEC("kprobe/do_rmdir")
int BPF_KPROBE(do_rmdir_enter__kprobe, int dirfd, struct filename *filename)
{
	on_do_rmdir_enter(dirfd, filename);
	return 0;
}

SEC("kretprobe/do_rmdir")
int BPF_KRETPROBE(do_rmdir_exit__kprobe, long ret)
{
	on_do_rmdir_exit(ret);
	return 0;
}

/* tracepoint tier. */

#define CHANGE_SYSCALLS(CALL)                                                                                       \
	CALL(SYS_UNLINK, syscalls_unlink)                                                                           \
	CALL(SYS_RMDIR, syscalls_rmdir)                                                                             \
	CALL(SYS_UNLINKAT, syscalls_unlink || syscalls_rmdir)                                                       \
	CALL(SYS_RENAME, syscalls_rename)                                                                           \
	CALL(SYS_RENAMEAT, syscalls_rename)                                                                         \
	CALL(SYS_RENAMEAT2, syscalls_rename)

REPORTED_SYSCALLS(bool, is_change, false, CHANGE_SYSCALLS)

/* The action of a call for which is_change() is true; sets its paths. -1: not reported at sys_exit. */
static __always_inline int change_of(const struct syscall *call, struct given_path *paths)
{
	const __u64 *arguments = call->arguments;

	paths[0] = (struct given_path){ .path = (void *)arguments[0], .dirfd = AT_FDCWD };
	paths[1] = (struct given_path){ .path = (void *)arguments[1], .dirfd = AT_FDCWD };
	switch (call->number) {
	case SYS_UNLINK:
		return FILEGONE_UNLINK;
	case SYS_RMDIR:
		return FILEGONE_RMDIR;
	case SYS_UNLINKAT:
		paths[0] = (struct given_path){ .path = (void *)arguments[1], .dirfd = arguments[0] };
		if (arguments[2] & AT_REMOVEDIR)
			return syscalls_rmdir ? FILEGONE_RMDIR : -1;
		return syscalls_unlink ? FILEGONE_UNLINK : -1;
	case SYS_RENAME:
		return FILEGONE_RENAME;
	case SYS_RENAMEAT:
	case SYS_RENAMEAT2:
		paths[0] = (struct given_path){ .path = (void *)arguments[1], .dirfd = arguments[0] };
		paths[1] = (struct given_path){ .path = (void *)arguments[3], .dirfd = arguments[2] };
		return FILEGONE_RENAME;
	default:
		return -1;
	}
}

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	struct given_path paths[2];
	int action = change_of(call, paths);

	if (action >= 0 && !ret && current_passes_filters())
		report_paths(action, paths);
}

SYS_EXIT_PROGRAM(on_sys_exit)
