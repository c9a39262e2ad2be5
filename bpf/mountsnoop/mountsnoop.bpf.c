// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * mountsnoop: each finished call that mounts, unmounts or changes a mount, with its arguments.
 *
 * Hooks by tier: the end of mount, umount2, fsopen, fspick, fsconfig, fsmount, move_mount, open_tree, mount_setattr (5.12),
 * open_tree_attr (6.15), pivot_root, and of umount by 32-bit programs
 *   fentry      fexit programs on __x64_sys_* and, for 32-bit programs, __ia32_sys_*
 *   kprobe      kprobes and kretprobes on the same functions
 *   tracepoint  sys_exit
 *
 * Maps
 *   scratch  per-CPU array, 2: struct record, a record being built, 41 kB per CPU
 *   events   ring buffer, 1 MiB: struct mountsnoop_event with strings, variable length
 *   syscalls_in_flight  hash, 4096 on the kprobe tier, else 1: thread id → address of the caller's registers
 *
 * Cost: a call reads up to four strings and writes one record; these calls are rare. On the tracepoint tier every other system call
 * of the machine runs the program up to the check of its number.
 *
 * Caveats
 *   - statmount and listmount only query mounts, and are not reported.
 *   - A string is cut after 4095 bytes and marked; so is the data of a mount, of which the kernel reads up to a page. Binary data ends at its
 *     first NUL.
 *   - The kernel's own mounts (devtmpfs, automounts) and, on arm64, calls by 32-bit programs are not seen.
 */
#define STRING_OFFSETS 16384
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall.bpf.h"
#include "mountsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct record {
	__u32 users;
	__u32 area;
	struct mountsnoop_event event;
	char strings[STRINGS_BYTES];
};

SCRATCH(struct record);

EVENTS(1024 * 1024, struct mountsnoop_event);

/* include/uapi/linux/mount.h: commands of fsconfig with a string or a path */
#define FSCONFIG_SET_STRING 1
#define FSCONFIG_SET_PATH 3
#define FSCONFIG_SET_PATH_EMPTY 4

#define MOUNT_SYSCALLS(CALL)                                                                                        \
	CALL(SYS_MOUNT, MOUNTSNOOP_MOUNT)                                                                           \
	CALL(SYS_UMOUNT2, MOUNTSNOOP_UMOUNT)                                                                        \
	CALL(SYS_OLDUMOUNT, MOUNTSNOOP_UMOUNT)                                                                      \
	CALL(SYS_FSOPEN, MOUNTSNOOP_FSOPEN)                                                                         \
	CALL(SYS_FSPICK, MOUNTSNOOP_FSPICK)                                                                         \
	CALL(SYS_FSCONFIG, MOUNTSNOOP_FSCONFIG)                                                                     \
	CALL(SYS_FSMOUNT, MOUNTSNOOP_FSMOUNT)                                                                       \
	CALL(SYS_MOVE_MOUNT, MOUNTSNOOP_MOVE_MOUNT)                                                                 \
	CALL(SYS_OPEN_TREE, MOUNTSNOOP_OPEN_TREE)                                                                   \
	CALL(SYS_MOUNT_SETATTR, MOUNTSNOOP_MOUNT_SETATTR)                                                           \
	CALL(SYS_OPEN_TREE_ATTR, MOUNTSNOOP_OPEN_TREE_ATTR)                                                         \
	CALL(SYS_PIVOT_ROOT, MOUNTSNOOP_PIVOT_ROOT)

REPORTED_SYSCALLS(enum mountsnoop_call, call_of, MOUNTSNOOP_NONE, MOUNT_SYSCALLS)

#define STRING(argument) (1U << (argument))

/* Which arguments, counted from 0, are strings. */
static __always_inline __u32 strings_of(enum mountsnoop_call call, __u64 fsconfig_command)
{
	switch (call) {
	case MOUNTSNOOP_MOUNT:
		return STRING(0) | STRING(1) | STRING(2) | STRING(4);
	case MOUNTSNOOP_UMOUNT:
	case MOUNTSNOOP_FSOPEN:
		return STRING(0);
	case MOUNTSNOOP_FSCONFIG:
		switch ((__u32)fsconfig_command) {
		case FSCONFIG_SET_STRING:
		case FSCONFIG_SET_PATH:
		case FSCONFIG_SET_PATH_EMPTY:
			return STRING(2) | STRING(3);
		default:
			return STRING(2);
		}
	case MOUNTSNOOP_PIVOT_ROOT:
		return STRING(0) | STRING(1);
	case MOUNTSNOOP_MOVE_MOUNT:
		return STRING(1) | STRING(3);
	case MOUNTSNOOP_FSPICK:
	case MOUNTSNOOP_OPEN_TREE:
	case MOUNTSNOOP_MOUNT_SETATTR:
	case MOUNTSNOOP_OPEN_TREE_ATTR:
		return STRING(1);
	default:
		return 0;
	}
}

static __always_inline bool has_attr(enum mountsnoop_call call)
{
	return call == MOUNTSNOOP_MOUNT_SETATTR || call == MOUNTSNOOP_OPEN_TREE_ATTR;
}

/* Appends the string arguments and records which of them were read. Returns their bytes. */
static __always_inline __u32 append_arguments(struct record *record, __u32 strings)
{
	struct mountsnoop_event *event = &record->event;
	__u32 read = 0, cut = 0, used = 0;

	for (int i = 0; i < 5; i++) {
		__u32 before = used;

		if (!(strings & STRING(i)))
			continue;
		used = append_user_string(record->strings, used, (void *)event->arguments[i]);
		if (used != before)
			read |= STRING(i);
		if (is_cut(used - before, (void *)event->arguments[i]))
			cut |= STRING(i);
	}
	event->strings = read;
	event->cut = cut;
	return used;
}

static __always_inline void on_mount_exit(const struct syscall *syscall, long ret)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	enum mountsnoop_call call = call_of(syscall->number);
	__u32 ppid = BPF_CORE_READ(task, real_parent, tgid), used;
	struct mountsnoop_event *event;
	struct record *record;

	if (!current_passes_filters())
		return;
	record = claim_scratch(&scratch);
	if (!record)
		return;
	event = &record->event;
	event->time_ns = bpf_ktime_get_ns();
	for (int i = 0; i < 5; i++)
		event->arguments[i] = syscall->arguments[i];
	if (syscall->number == SYS_OLDUMOUNT)
		event->arguments[1] = 0;
	event->attr_known = has_attr(call) &&
			    !bpf_probe_read_user(&event->attr, sizeof(event->attr), (void *)event->arguments[3]);
	SET_CURRENT_THREAD(event);
	event->ppid = ppid;
	event->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	event->ret = ret;
	event->call = call;
	used = append_arguments(record, strings_of(call, event->arguments[1]));
	output_strings(&events, event, sizeof(*event), used);
	release_scratch(&record->users);
}

SYSCALL_EXIT(mount, SYS_MOUNT, on_mount_exit)
SYSCALL_EXIT(umount, SYS_UMOUNT2, on_mount_exit)
SYSCALL_EXIT(fsopen, SYS_FSOPEN, on_mount_exit)
SYSCALL_EXIT(fspick, SYS_FSPICK, on_mount_exit)
SYSCALL_EXIT(fsconfig, SYS_FSCONFIG, on_mount_exit)
SYSCALL_EXIT(fsmount, SYS_FSMOUNT, on_mount_exit)
SYSCALL_EXIT(move_mount, SYS_MOVE_MOUNT, on_mount_exit)
SYSCALL_EXIT(open_tree, SYS_OPEN_TREE, on_mount_exit)
SYSCALL_EXIT(mount_setattr, SYS_MOUNT_SETATTR, on_mount_exit)
SYSCALL_EXIT(open_tree_attr, SYS_OPEN_TREE_ATTR, on_mount_exit)
SYSCALL_EXIT(pivot_root, SYS_PIVOT_ROOT, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_mount, SYS_MOUNT, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_umount, SYS_UMOUNT2, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_oldumount, SYS_OLDUMOUNT, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_fsopen, SYS_FSOPEN, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_fspick, SYS_FSPICK, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_fsconfig, SYS_FSCONFIG, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_fsmount, SYS_FSMOUNT, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_move_mount, SYS_MOVE_MOUNT, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_open_tree, SYS_OPEN_TREE, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_mount_setattr, SYS_MOUNT_SETATTR, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_open_tree_attr, SYS_OPEN_TREE_ATTR, on_mount_exit)
COMPAT_SYSCALL_EXIT(sys_pivot_root, SYS_PIVOT_ROOT, on_mount_exit)

SYSCALL_KPROBES(on_mount_exit)
SYS_EXIT_PROGRAM(on_mount_exit)
