// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * mountsnoop: each finished call that mounts, unmounts or changes a mount, with its arguments.
 *
 * Hooks by tier
 *   tracepoint  sys_exit of mount, umount2, fsopen, fspick, fsconfig, fsmount, move_mount, open_tree, mount_setattr (5.12),
 *               open_tree_attr (6.15), pivot_root. The arguments are still in the registers, and the kernel has just read the strings, so
 *               their pages are in memory
 *   No other tier: the system-call tracepoint is stable and cheap.
 *
 * Maps
 *   scratch  per-CPU array, 1: struct record, a record being built, 21 kB per CPU
 *   events   ring buffer, 1 MiB: struct mountsnoop_event with strings, variable length
 *
 * Cost: a call reads up to four strings and writes one record; these calls are rare. Every other system call of the machine runs
 * the program up to the check of its number.
 *
 * Caveats
 *   - statmount and listmount only query mounts, and are not reported.
 *   - A string is cut after 4095 bytes and marked; so is the data of a mount, of which the kernel reads up to a page. Binary data ends at its
 *     first NUL.
 *   - Calls by 32-bit programs and the kernel's own mounts (devtmpfs, automounts) are not seen.
 */
#define STRING_OFFSETS 16384
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "mountsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Only children of this process; 0: any. */
const volatile __u32 filter_ppid = 0;

struct record {
	struct mountsnoop_event event;
	char strings[STRINGS_BYTES];
};

ONE_PER_CPU(scratch, struct record);

EVENTS(1024 * 1024, struct mountsnoop_event);

/* include/uapi/linux/mount.h: commands of fsconfig with a string or a path */
#define FSCONFIG_SET_STRING 1
#define FSCONFIG_SET_PATH 3
#define FSCONFIG_SET_PATH_EMPTY 4

static __always_inline enum mountsnoop_call call_of(long number)
{
	switch (number) {
	case SYS_MOUNT:
		return MOUNTSNOOP_MOUNT;
	case SYS_UMOUNT2:
		return MOUNTSNOOP_UMOUNT;
	case SYS_FSOPEN:
		return MOUNTSNOOP_FSOPEN;
	case SYS_FSPICK:
		return MOUNTSNOOP_FSPICK;
	case SYS_FSCONFIG:
		return MOUNTSNOOP_FSCONFIG;
	case SYS_FSMOUNT:
		return MOUNTSNOOP_FSMOUNT;
	case SYS_MOVE_MOUNT:
		return MOUNTSNOOP_MOVE_MOUNT;
	case SYS_OPEN_TREE:
		return MOUNTSNOOP_OPEN_TREE;
	case SYS_MOUNT_SETATTR:
		return MOUNTSNOOP_MOUNT_SETATTR;
	case SYS_OPEN_TREE_ATTR:
		return MOUNTSNOOP_OPEN_TREE_ATTR;
	case SYS_PIVOT_ROOT:
		return MOUNTSNOOP_PIVOT_ROOT;
	default:
		return MOUNTSNOOP_NONE;
	}
}

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

static __always_inline bool caller_passes_filters(__u32 ppid)
{
	return (!filter_ppid || ppid == filter_ppid) && current_passes_filters();
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	enum mountsnoop_call call = call_of(syscall_number(regs));
	struct task_struct *task;
	struct mountsnoop_event *event;
	struct record *record;
	__u32 ppid, used;

	if (call == MOUNTSNOOP_NONE)
		return 0;
	task = (struct task_struct *)bpf_get_current_task();
	ppid = BPF_CORE_READ(task, real_parent, tgid);
	if (!caller_passes_filters(ppid) || is_compat_syscall())
		return 0;
	record = only_entry(&scratch);
	if (!record)
		return 0;
	event = &record->event;
	event->time_ns = bpf_ktime_get_ns();
	event->arguments[0] = SYSCALL_ARG1(regs);
	event->arguments[1] = SYSCALL_ARG2(regs);
	event->arguments[2] = SYSCALL_ARG3(regs);
	event->arguments[3] = SYSCALL_ARG4(regs);
	event->arguments[4] = SYSCALL_ARG5(regs);
	event->attr_known = has_attr(call) &&
			    !bpf_probe_read_user(&event->attr, sizeof(event->attr), (void *)event->arguments[3]);
	SET_CURRENT_THREAD(event);
	event->ppid = ppid;
	event->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	event->ret = ret;
	event->call = call;
	used = append_arguments(record, strings_of(call, event->arguments[1]));
	output_strings(&events, record, sizeof(*event), used);
	return 0;
}
