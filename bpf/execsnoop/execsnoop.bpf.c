// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * execsnoop: each finished execve and execveat, with the program's path and arguments.
 *
 * Hooks by tier
 *   tracepoint  sched_process_exec: calls that succeeded. The arguments are read from the new program's stack, where the kernel
 *               has just copied them, so all are readable. (At sys_enter, pages that the caller has not touched since its fork
 *               may not be mapped; at sys_exit the caller's memory is gone)
 *               sys_exit of execve, execveat: calls that failed, with the arguments from the caller's memory
 *   No other tier: these tracepoints are stable and cheap.
 *
 * Maps
 *   scratch  per-CPU array, 1: struct record, a record being built, 12 kB per CPU
 *   events   ring buffer, 1 MiB: struct execsnoop_event with strings, variable length
 *
 * Cost: a call that is reported reads user memory once per argument (twice if the call failed) and writes a record. Every other
 * system call of the machine also runs the sys_exit program, which returns at once without -x and otherwise compares the
 * number.
 *
 * Caveats
 *   - An argument is cut after 4095 bytes, and no argument starts after 8 kB of strings: the list ends there, with `more` set.
 *   - Since 6.14 a call with a path that does not exist may fail before the kernel has read the arguments: those that the caller
 *     has not touched since its fork are then marked as unreadable.
 *   - Failed calls by 32-bit programs are not reported; successful ones are.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "execsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool include_failed = false;
/* Only this user, in the initial user namespace; used when filter_uid_on. */
const volatile __u32 filter_uid = 0;
const volatile bool filter_uid_on = false;
/* Arguments to read, including the program's name; at most MAX_ARGUMENTS. */
const volatile __u32 max_arguments = 20;

/* Maximum number of arguments read: one bit each in execsnoop_event.unreadable. */
#define MAX_ARGUMENTS 64
/*
 * Arguments read in addition for a script. Each interpreter inserts its name and at most one option, and the script's path
 * replaces argv[0]: enough for two nested interpreters. fs/binfmt_script.c: load_script()
 */
#define INTERPRETER_ARGUMENTS 4

struct record {
	struct execsnoop_event event;
	char strings[STRINGS_BYTES];
};

ONE_PER_CPU(scratch, struct record);

EVENTS(1024 * 1024, struct execsnoop_event);

static __always_inline bool caller_passes_filters(void)
{
	if (filter_uid_on && (__u32)bpf_get_current_uid_gid() != filter_uid)
		return false;
	return current_passes_filters();
}

/* Starts a record for the current task; the arguments are appended later. Never NULL in practice. */
static __always_inline struct record *start_record(__s32 ret)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct record *record = only_entry(&scratch);
	struct execsnoop_event *event;

	if (!record)
		return 0;
	event = &record->event;
	event->time_ns = bpf_ktime_get_ns();
	event->unreadable = 0;
	SET_CURRENT_THREAD(event);
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	BPF_CORE_READ_STR_INTO(&event->parent_comm, task, real_parent, group_leader, comm);
	event->uid = bpf_get_current_uid_gid();
	event->ret = ret;
	event->arguments = 0;
	event->more = false;
	event->interpreted = false;
	return record;
}

static __always_inline void submit_record(struct record *record, __u32 used)
{
	output_strings(&events, record, sizeof(record->event), used);
}

/*
 * Appends the arguments, which are contiguous on the new stack. An unreadable one is not counted, a cut one is. Returns the bytes
 * used.
 */
static __noinline __u32 append_arguments_from_stack(struct record *record, __u32 used)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u64 from = BPF_CORE_READ(mm, arg_start);
	__u64 end = BPF_CORE_READ(mm, arg_end);
	__u32 limit = max_arguments + (record->event.interpreted ? INTERPRETER_ARGUMENTS : 0);
	__u32 before;
	int i;

	for (i = 0; i < MAX_ARGUMENTS && i < limit && from < end; i++) {
		before = used;
		used = append_user_string(record->strings, used, (void *)from);
		if (used == before)
			break;
		from += used - before;
		/* The argument was cut. */
		if (used - before == STRING_BYTES) {
			i++;
			break;
		}
	}
	record->event.arguments = i;
	record->event.more = from < end;
	return used;
}

/* Appends the arguments from the caller's memory. Returns the bytes used. */
static __noinline __u32 append_arguments_from_argv(struct record *record, __u32 used, const char *const *argv)
{
	const char *argument = 0;
	__u64 unreadable = 0;
	bool cut = false;
	__u32 before;
	int i;

	for (i = 0; i < MAX_ARGUMENTS && i < max_arguments && used < STRING_OFFSETS && !cut; i++) {
		if (bpf_probe_read_user(&argument, sizeof(argument), argv + i) || !argument)
			break;
		before = used;
		used = append_user_string(record->strings, used, argument);
		if (used == before)
			unreadable |= 1ULL << i;
		cut = is_cut(used - before, argument);
	}
	record->event.arguments = i;
	record->event.unreadable = unreadable;
	argument = 0;
	bpf_probe_read_user(&argument, sizeof(argument), argv + i);
	record->event.more = cut || argument;
	return used;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec__tracepoint, struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	const char *filename = BPF_CORE_READ(bprm, filename);
	struct record *record = caller_passes_filters() ? start_record(0) : 0;
	__u32 used;

	if (!record)
		return 0;
	used = append_kernel_string(record->strings, 0, STRING_BYTES, filename);
	record->event.path_known = used > 0;
	/* Replaced for scripts (fs/binfmt_script.c) and binfmt_misc (fs/binfmt_misc.c). */
	record->event.interpreted = BPF_CORE_READ(bprm, interp) != filename;
	submit_record(record, append_arguments_from_stack(record, used));
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	long number = syscall_number(regs);
	struct record *record;
	bool is_execveat;
	__u32 used;

	if (!include_failed || (number != SYS_EXECVE && number != SYS_EXECVEAT) || ret >= 0)
		return 0;
	if (!caller_passes_filters() || is_compat_syscall())
		return 0;
	record = start_record(ret);
	if (!record)
		return 0;
	is_execveat = number == SYS_EXECVEAT;
	used = append_user_string(record->strings, 0, (void *)(is_execveat ? SYSCALL_ARG2(regs) : SYSCALL_ARG1(regs)));
	record->event.path_known = used > 0;
	submit_record(record, append_arguments_from_argv(record, used, (void *)(is_execveat ? SYSCALL_ARG3(regs) : SYSCALL_ARG2(regs))));
	return 0;
}
