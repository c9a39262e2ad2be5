// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filegone: names of files and directories that went away: removed, or renamed.
 *
 * Hooks by tier, each told when it has succeeded
 *   fentry, kprobe  entry and exit of vfs_unlink, vfs_rmdir, vfs_rename. Compilers inline vfs_rmdir into rmdir (5.10): entry
 *                   and exit of the system calls rmdir and unlinkat tell of the removals in which it was not seen
 *   tracepoint      sys_exit of unlink, unlinkat, rmdir, rename, renameat, renameat2
 *
 * Maps
 *   removing  hash, 1024: thread -> the call it is in, with the name before it: 0.4 MB. Not used in the tracepoint tier
 *   rmdirs    hash, 256: thread -> its rmdir or unlinkat: 20 kB. Not used in the tracepoint tier
 *   events    ring buffer, 4 MiB: filegone_event with one or two names
 *
 * Cost: two hash operations and a record of 72 to 552 bytes a call.
 *
 * Caveats
 *   - Only the last component of a name is told, as in BCC.
 *   - tracepoint: the name is the path's as the program wrote it, read when the call has ended. Removals by the kernel itself,
 *     io_uring and 32-bit programs are not seen; renaming a file to another of its links does nothing, and is told all the same.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/removal.bpf.h"
#include "lib/syscall.bpf.h"
#include "lib/user_path.bpf.h"
#include "filegone.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 rmdir_dentry = 1;
const volatile __u32 rmdir_arguments = 2;
/* vfs_rename takes a struct renamedata; else its second and fourth arguments are the dentries. */
const volatile bool rename_by_struct = true;
const volatile __u32 rename_arguments = 1;
/* Removals and renames that are told as system calls, because no program watches the function they call. */
const volatile bool syscalls_unlink = false;
const volatile bool syscalls_rmdir = false;
const volatile bool syscalls_rename = false;
/* Puts the event's layout into the object's BTF. */
const volatile struct filegone_event *const volatile event_layout = 0;

struct removal {
	struct outer_call call;
	struct dentry *dentry;
	/* enum filegone_action */
	__u32 action;
	/* Bytes of the name, with its NUL. */
	__u32 length;
	char name[FILEGONE_LONG];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct removal);
} removing SEC(".maps");

/* A system call that removes a directory. */
struct rmdir_call {
	/* Address of the path, in the program's memory. */
	__u64 path;
	/* vfs_rmdir was seen in it. */
	bool seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct rmdir_call);
} rmdirs SEC(".maps");

EVENTS(4 * 1024 * 1024);

/* Where a name is, and its bytes with the NUL. */
struct name {
	__u64 address;
	__u32 length;
	/* In the program's memory, not the kernel's. */
	bool user;
};

static __always_inline void read_name(char *into, __u32 room, const struct name *name)
{
	long length = name->user ? bpf_probe_read_user_str(into, room, (void *)name->address) :
				   bpf_probe_read_kernel_str(into, room, (void *)name->address);

	if (length <= 0)
		*into = 0;
}

/* A record of a constant size: `room` bytes for each of `count` names. */
static __always_inline void send(__u32 action, const struct name *names, const __u32 count, const __u32 room)
{
	struct filegone_event *event = bpf_ringbuf_reserve(&events, sizeof(*event) + count * room, 0);
	__u64 id = bpf_get_current_pid_tgid();
	char *text = (char *)(event + 1);

	if (!event) {
		lose_event();
		return;
	}
	event->time_ns = bpf_ktime_get_ns();
	event->pid = id >> 32;
	event->tid = id;
	event->action = action;
	bpf_get_current_comm(&event->comm, sizeof(event->comm));
	read_name(text, room, names);
	if (count == 2)
		read_name(text + room, room, names + 1);
	bpf_ringbuf_submit(event, 0);
}

static __noinline void removed(__u32 action, const struct name *name)
{
	if (name->length <= FILEGONE_SHORT)
		send(action, name, 1, FILEGONE_SHORT);
	else
		send(action, name, 1, FILEGONE_LONG);
}

/* `names`: the old one and the new one. */
static __noinline void renamed(const struct name *names)
{
	if (names[0].length <= FILEGONE_SHORT && names[1].length <= FILEGONE_SHORT)
		send(FILEGONE_RENAME, names, 2, FILEGONE_SHORT);
	else
		send(FILEGONE_RENAME, names, 2, FILEGONE_LONG);
}

/* fentry and kprobe tiers. */

static __always_inline struct name name_of(struct dentry *dentry)
{
	return (struct name){
		.address = (__u64)BPF_CORE_READ(dentry, d_name.name),
		.length = BPF_CORE_READ(dentry, d_name.len) + 1,
	};
}

static __noinline void begin(__u32 action, struct dentry *dentry)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct removal removal = { .call.depth = stack_depth(dentry), .dentry = dentry, .action = action };
	struct removal *outer = bpf_map_lookup_elem(&removing, &tid);
	struct name name = name_of(dentry);

	if (begins_inside(outer ? &outer->call : 0, removal.call.depth))
		return;
	removal.length = name.length;
	read_name(removal.name, sizeof(removal.name), &name);
	if (bpf_map_update_elem(&removing, &tid, &removal, BPF_ANY))
		lose_key();
}

static __noinline void end(long ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct removal *removal = bpf_map_lookup_elem(&removing, &tid);
	struct name names[2];

	if (!removal || ends_inside(&removal->call))
		return;
	if (!ret) {
		names[0] = (struct name){ .address = (__u64)removal->name, .length = removal->length };
		/* d_move() has given the dentry its new name. */
		names[1] = name_of(removal->dentry);
		if (removal->action == FILEGONE_RENAME)
			renamed(names);
		else
			removed(removal->action, names);
	}
	bpf_map_delete_elem(&removing, &tid);
}

/* Renaming a file to another of its links succeeds and does nothing: rename(2). */
static __always_inline void begin_rename(struct dentry *old_dentry, struct dentry *new_dentry)
{
	if (BPF_CORE_READ(old_dentry, d_inode) != BPF_CORE_READ(new_dentry, d_inode))
		begin(FILEGONE_RENAME, old_dentry);
}

static __always_inline void begin_renamedata(struct renamedata *data)
{
	begin_rename(BPF_CORE_READ(data, old_dentry), BPF_CORE_READ(data, new_dentry));
}

static __always_inline void begin_rmdir(struct dentry *dentry)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct rmdir_call *call = bpf_map_lookup_elem(&rmdirs, &tid);

	if (call)
		call->seen = true;
	begin(FILEGONE_RMDIR, dentry);
}

#define REMOVAL(function, begins_fentry, begins_kprobe, arguments)                                                  \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		if (current_wanted())                                                                               \
			begins_fentry;                                                                              \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #function)                                                                                     \
	int function##_exit__fentry(void *ctx)                                                                      \
	{                                                                                                           \
		if (current_wanted())                                                                               \
			end((__s32)trampoline_argument(ctx, arguments));                                            \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #function)                                                                                    \
	int function##_enter__kprobe(struct pt_regs *ctx)                                                           \
	{                                                                                                           \
		if (current_wanted())                                                                               \
			begins_kprobe;                                                                              \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #function)                                                                                 \
	int BPF_KRETPROBE(function##_exit__kprobe, int ret)                                                         \
	{                                                                                                           \
		if (current_wanted())                                                                               \
			end(ret);                                                                                   \
		return 0;                                                                                           \
	}

#define ARGUMENT(tier, number) ((void *)tier##_argument(ctx, number))
#define BEGIN_RENAME(tier)                                                                                          \
	({                                                                                                          \
		if (rename_by_struct)                                                                               \
			begin_renamedata(ARGUMENT(tier, 0));                                                        \
		else                                                                                                \
			begin_rename(ARGUMENT(tier, 1), ARGUMENT(tier, 3));                                         \
	})

REMOVAL(vfs_unlink, begin(FILEGONE_UNLINK, ARGUMENT(trampoline, unlink_dentry)),
	begin(FILEGONE_UNLINK, ARGUMENT(kprobe, unlink_dentry)), unlink_arguments)
REMOVAL(vfs_rmdir, begin_rmdir(ARGUMENT(trampoline, rmdir_dentry)), begin_rmdir(ARGUMENT(kprobe, rmdir_dentry)),
	rmdir_arguments)
REMOVAL(vfs_rename, BEGIN_RENAME(trampoline), BEGIN_RENAME(kprobe), rename_arguments)

static __always_inline struct name last_component(__u64 path)
{
	__u64 component = find_last_component(path);

	return (struct name){
		.address = component_address(component),
		.length = component_length(component) + 1,
		.user = true,
	};
}

/* A path that a system call was given has gone. */
static __noinline void path_removed(__u32 action, __u64 path)
{
	struct name name = last_component(path);

	if (name.address)
		removed(action, &name);
	else
		lose_event();
}

static __noinline void path_renamed(__u64 path, __u64 new_path)
{
	struct name names[2] = { last_component(path), last_component(new_path) };

	if (names[0].address && names[1].address)
		renamed(names);
	else
		lose_event();
}

/* System calls that remove a directory, where vfs_rmdir may be inlined. */

static __always_inline void begin_call(__u64 path)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct rmdir_call call = { .path = path };

	if (current_wanted() && bpf_map_update_elem(&rmdirs, &tid, &call, BPF_ANY))
		lose_key();
}

static __always_inline void end_call(long ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct rmdir_call *call = current_wanted() ? bpf_map_lookup_elem(&rmdirs, &tid) : 0;

	if (!call)
		return;
	if (!ret && !call->seen)
		path_removed(FILEGONE_RMDIR, call->path);
	bpf_map_delete_elem(&rmdirs, &tid);
}

#define RMDIR_CALL(name, begins)                                                                                    \
	static __always_inline void begin_call_##name(__u64 arg1, __u64 arg2, __u64 arg3)                           \
	{                                                                                                           \
		begins;                                                                                             \
	}                                                                                                           \
                                                                                                                    \
	SYSCALL_PROGRAMS(name,                                                                                      \
			 begin_call_##name(SYSCALL_ARG1(regs), SYSCALL_ARG2(regs), SYSCALL_ARG3(regs)),             \
			 begin_call_##name(PT_REGS_PARM1_CORE_SYSCALL(regs), PT_REGS_PARM2_CORE_SYSCALL(regs),      \
					   PT_REGS_PARM3_CORE_SYSCALL(regs)),                                       \
			 end_call(ret))

RMDIR_CALL(rmdir, begin_call(arg1))
RMDIR_CALL(unlinkat, if (arg3 & AT_REMOVEDIR) begin_call(arg2))

/* tracepoint tier. */

/* Whether a system call is told here. */
static __always_inline bool told_here(long number, struct pt_regs *regs)
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

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	long number = syscall_number(regs);

	if (!told_here(number, regs) || ret || !current_wanted() || compat_syscall())
		return 0;
	if (number == SYS_UNLINK)
		path_removed(FILEGONE_UNLINK, SYSCALL_ARG1(regs));
	else if (number == SYS_UNLINKAT)
		path_removed(SYSCALL_ARG3(regs) & AT_REMOVEDIR ? FILEGONE_RMDIR : FILEGONE_UNLINK, SYSCALL_ARG2(regs));
	else if (number == SYS_RMDIR)
		path_removed(FILEGONE_RMDIR, SYSCALL_ARG1(regs));
	else if (number == SYS_RENAME)
		path_renamed(SYSCALL_ARG1(regs), SYSCALL_ARG2(regs));
	else
		path_renamed(SYSCALL_ARG2(regs), SYSCALL_ARG4(regs));
	return 0;
}
