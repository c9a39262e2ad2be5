// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filegone: names of files and directories that were removed or renamed.
 *
 * Hooks by tier; calls are reported when they succeed
 *   fentry, kprobe  entry and exit of vfs_unlink, vfs_rmdir, vfs_rename. On 5.10 vfs_rmdir is inlined into do_rmdir, whose entry and
 *                   exit report the directory removals that its hooks miss
 *   tracepoint      sys_exit of unlink, unlinkat, rmdir, rename, renameat, renameat2
 *
 * Maps
 *   changing  hash, 1024: thread id -> struct name_change: 0.4 MB. Not used in the tracepoint tier
 *   rmdirs    hash, 256: thread id -> struct rmdir_call: 20 kB. Not used in the tracepoint tier
 *   events    ring buffer, 4 MiB: struct filegone_event with one or two names, 72 to 554 bytes
 *
 * Cost: a call that succeeds writes a record.
 *   fentry, kprobe  a call inserts into `changing`, looks it up twice and deletes from it. do_rmdir does the same in `rmdirs`, and
 *                   vfs_rmdir looks it up once
 *   tracepoint      no map access; every other system call of the machine runs a program that checks its number
 *
 * Caveats
 *   - Only the last component of a name is reported, as in BCC.
 *   - tracepoint: the name comes from the path argument, read at sys_exit. Removals by the kernel itself, io_uring and 32-bit
 *     programs are not reported. A rename between two hard links of the same file is a no-op, but is reported.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/emit.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/removal.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "lib/user_path.bpf.h"
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
	/* enum filegone_action */
	__u32 action;
	/* Bytes of the name, with its NUL. */
	__u32 length;
	char name[FILEGONE_LONG_NAME_BYTES];
};

IN_FLIGHT(changing, 1024, __u32, struct name_change);

/* A do_rmdir in flight. */
struct rmdir_call {
	/* Address of the path in user memory; 0: not known. */
	__u64 path;
	bool via_vfs_rmdir;
};

IN_FLIGHT(rmdirs, 256, __u32, struct rmdir_call);

EVENTS(4 * 1024 * 1024, struct filegone_event);

/* Location and size (NUL included) of a name. */
struct name_ref {
	__u64 address;
	__u32 length;
	/* In user memory, not kernel memory. */
	bool user;
};

static __always_inline void read_name(char *into, __u32 size, const struct name_ref *name)
{
	long length = name->user ? bpf_probe_read_user_str(into, size, (void *)name->address) :
				   bpf_probe_read_kernel_str(into, size, (void *)name->address);

	if (length <= 0)
		*into = 0;
}

/* `size`: bytes reserved for each of the `count` names. Both are compile-time constants. */
static __always_inline void emit_sized(__u32 action, const struct name_ref *names, const __u32 count, const __u32 size)
{
	struct filegone_event *event = reserve_event(&events, sizeof(*event) + count * size);
	char *text = (char *)(event + 1);

	if (count_if_lost(event))
		return;
	event->time_ns = bpf_ktime_get_ns();
	event->action = action;
	SET_CURRENT_THREAD(event);
	read_name(text, size, names);
	if (count == 2)
		read_name(text + size, size, names + 1);
	submit_event(event);
}

static __noinline void report_removal(__u32 action, const struct name_ref *name)
{
	if (name->length <= FILEGONE_SHORT_NAME_BYTES)
		emit_sized(action, name, 1, FILEGONE_SHORT_NAME_BYTES);
	else
		emit_sized(action, name, 1, FILEGONE_LONG_NAME_BYTES);
}

/* `names`: the old one and the new one. */
static __noinline void report_rename(const struct name_ref *names)
{
	if (names[0].length <= FILEGONE_SHORT_NAME_BYTES && names[1].length <= FILEGONE_SHORT_NAME_BYTES)
		emit_sized(FILEGONE_RENAME, names, 2, FILEGONE_SHORT_NAME_BYTES);
	else
		emit_sized(FILEGONE_RENAME, names, 2, FILEGONE_LONG_NAME_BYTES);
}

/* fentry and kprobe tiers. */

static __always_inline struct name_ref name_of(struct dentry *dentry)
{
	return (struct name_ref){
		.address = (__u64)BPF_CORE_READ(dentry, d_name.name),
		.length = BPF_CORE_READ(dentry, d_name.len) + 1,
	};
}

static __noinline void begin_change(__u32 action, struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct name_change change = { .call.depth = stack_depth(dentry), .dentry = dentry, .action = action };
	struct name_ref name = name_of(dentry);

	if (enter_nested_call(&changing, &tid, change.call.depth))
		return;
	change.length = name.length;
	read_name(change.name, sizeof(change.name), &name);
	begin_in_flight(&changing, &tid, &change);
}

static __noinline void end_change(long ret)
{
	__u32 tid = current_tid();
	struct name_change *change = find_in_flight(&changing, &tid);
	struct name_ref names[2];

	if (!change || leave_nested_call(&change->call))
		return;
	if (!ret) {
		names[0] = (struct name_ref){ .address = (__u64)change->name, .length = change->length };
		/* After d_move() the dentry has the new name. */
		names[1] = name_of(change->dentry);
		if (change->action == FILEGONE_RENAME)
			report_rename(names);
		else
			report_removal(change->action, names);
	}
	end_in_flight(&changing, &tid);
}

static __noinline void begin_rename(struct dentry *old_dentry, struct dentry *new_dentry)
{
	__u32 tid = current_tid();

	/* A rename between two hard links of the same file is a no-op: rename(2). It may still be a nested call. */
	if (BPF_CORE_READ(old_dentry, d_inode) == BPF_CORE_READ(new_dentry, d_inode))
		enter_nested_call(&changing, &tid, stack_depth(old_dentry));
	else
		begin_change(FILEGONE_RENAME, old_dentry);
}

static __always_inline void begin_rename_by_struct(struct renamedata *data)
{
	begin_rename(BPF_CORE_READ(data, old_dentry), BPF_CORE_READ(data, new_dentry));
}

static __always_inline void begin_rmdir(struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct rmdir_call *call = find_in_flight(&rmdirs, &tid);

	if (call)
		call->via_vfs_rmdir = true;
	begin_change(FILEGONE_RMDIR, dentry);
}

static __always_inline void on_removal_enter(__u32 action, struct dentry *dentry)
{
	if (!current_passes_filters())
		return;
	if (action == FILEGONE_RMDIR)
		begin_rmdir(dentry);
	else
		begin_change(action, dentry);
}

static __always_inline void on_exit(long ret)
{
	if (current_passes_filters())
		end_change(ret);
}

#define REMOVAL(function, action, dentry_index, argument_count)                                                     \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		on_removal_enter(action, (void *)trampoline_argument(ctx, dentry_index));                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #function)                                                                                    \
	int function##_enter__kprobe(struct pt_regs *ctx)                                                           \
	{                                                                                                           \
		on_removal_enter(action, (void *)kprobe_argument(ctx, dentry_index));                               \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	REMOVAL_EXIT(function, argument_count)

#define REMOVAL_EXIT(function, argument_count)                                                                      \
	SEC("fexit/" #function)                                                                                     \
	int function##_exit__fentry(void *ctx)                                                                      \
	{                                                                                                           \
		on_exit((__s32)trampoline_argument(ctx, argument_count));                                           \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #function)                                                                                 \
	int BPF_KRETPROBE(function##_exit__kprobe, int ret)                                                         \
	{                                                                                                           \
		on_exit(ret);                                                                                       \
		return 0;                                                                                           \
	}

REMOVAL(vfs_unlink, FILEGONE_UNLINK, unlink_dentry_index, unlink_argument_count)
REMOVAL(vfs_rmdir, FILEGONE_RMDIR, rmdir_dentry_index, rmdir_argument_count)

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
REMOVAL_EXIT(vfs_rename, rename_argument_count)

static __always_inline struct name_ref last_component_name(__u64 path)
{
	__u64 component = last_component(path);

	return (struct name_ref){
		.address = component_address(component),
		.length = component_length(component) + 1,
		.user = true,
	};
}

static __noinline void report_removed_path(__u32 action, __u64 path)
{
	struct name_ref name = last_component_name(path);

	if (name.address)
		report_removal(action, &name);
	else
		count_lost_event();
}

static __noinline void report_renamed_path(__u64 path, __u64 new_path)
{
	struct name_ref names[2] = { last_component_name(path), last_component_name(new_path) };

	if (names[0].address && names[1].address)
		report_rename(names);
	else
		count_lost_event();
}

/* fs/namei.c: do_rmdir(), which every removal of a directory by path goes through, io_uring's and those of 32-bit programs too. */

static __always_inline void on_do_rmdir_enter(struct filename *filename)
{
	__u32 tid = current_tid();
	struct rmdir_call call = {};

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
	if (!ret && !call->via_vfs_rmdir)
		report_removed_path(FILEGONE_RMDIR, call->path);
	end_in_flight(&rmdirs, &tid);
}

SEC("fentry/do_rmdir")
int BPF_PROG(do_rmdir_enter__fentry, int dirfd, struct filename *filename)
{
	on_do_rmdir_enter(filename);
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
	on_do_rmdir_enter(filename);
	return 0;
}

SEC("kretprobe/do_rmdir")
int BPF_KRETPROBE(do_rmdir_exit__kprobe, long ret)
{
	on_do_rmdir_exit(ret);
	return 0;
}

/* tracepoint tier. */

static __always_inline bool is_reported_at_exit(long number, struct pt_regs *regs)
{
	switch (number) {
	case SYS_UNLINK:
		return syscalls_unlink;
	case SYS_UNLINKAT:
		return SYSCALL_ARG3(regs) & AT_REMOVEDIR ? syscalls_rmdir : syscalls_unlink;
	case SYS_RMDIR:
		return syscalls_rmdir;
	case SYS_RENAME:
	case SYS_RENAMEAT:
	case SYS_RENAMEAT2:
		return syscalls_rename;
	default:
		return false;
	}
}

REPORTED_SYSCALLS(SYS_UNLINK, SYS_UNLINKAT, SYS_RMDIR, SYS_RENAME, SYS_RENAMEAT, SYS_RENAMEAT2)

static __always_inline void on_sys_exit(void *ctx, struct pt_regs *regs, long ret)
{
	long number = syscall_number(regs);

	if (!is_reported_at_exit(number, regs) || ret || !current_passes_filters() || is_compat_syscall())
		return;
	if (number == SYS_UNLINK)
		report_removed_path(FILEGONE_UNLINK, SYSCALL_ARG1(regs));
	else if (number == SYS_UNLINKAT)
		report_removed_path(SYSCALL_ARG3(regs) & AT_REMOVEDIR ? FILEGONE_RMDIR : FILEGONE_UNLINK, SYSCALL_ARG2(regs));
	else if (number == SYS_RMDIR)
		report_removed_path(FILEGONE_RMDIR, SYSCALL_ARG1(regs));
	else if (number == SYS_RENAME)
		report_renamed_path(SYSCALL_ARG1(regs), SYSCALL_ARG2(regs));
	else
		report_renamed_path(SYSCALL_ARG2(regs), SYSCALL_ARG4(regs));
}

SYS_EXIT_PROGRAM(on_sys_exit)
