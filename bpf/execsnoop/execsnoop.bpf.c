// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * execsnoop: each finished execve and execveat, with the program's path and arguments.
 *
 * Hooks
 *   all tiers   sched_process_exec: calls that succeeded. The arguments are read from the new program's stack, where the kernel
 *               has just copied them, so all are readable. (At sys_enter, pages that the caller has not touched since its fork
 *               may not be mapped; at sys_exit the caller's memory is gone)
 * The end of execve and execveat, with -x: calls that failed, with the arguments from the caller's memory
 *   fentry      fexit programs on __x64_sys_* and, for 32-bit programs, __ia32_compat_sys_*
 *   kprobe      kprobes and kretprobes on the same functions
 *   tracepoint  sys_exit
 *
 * Maps
 *   scratch  per-CPU array, 2: struct record, a record being built, 25 kB per CPU
 *   events   ring buffer, 1 MiB: struct execsnoop_event with strings, variable length
 *   syscalls_in_flight  hash, 4096 on the kprobe tier, else 1: thread id → address of the caller's registers
 *
 * Cost: a call that is reported reads user memory once per argument (twice if the call failed) and writes a record. With -x, on
 * the tracepoint tier, every other system call of the machine runs the sys_exit program up to the check of its number.
 *
 * Caveats
 *   - An argument is cut after 4095 bytes, and no argument starts after 8 kB of strings: the list ends there, with `more` set.
 *   - Since 6.14 a call with a path that does not exist may fail before the kernel has read the arguments: those that the caller
 *     has not touched since its fork are then marked as unreadable.
 *   - On arm64 failed calls by 32-bit programs are not reported; successful ones are.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/syscall.bpf.h"
#include "execsnoop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

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
	__u32 users;
	struct execsnoop_event event;
	char strings[STRINGS_BYTES];
};

SCRATCH(struct record);

EVENTS(1024 * 1024, struct execsnoop_event);

static __always_inline bool caller_passes_filters(void)
{
	if (filter_uid_on && (__u32)bpf_get_current_uid_gid() != filter_uid)
		return false;
	return current_passes_filters();
}

/* Starts a record for the current task; the arguments are appended later. NULL: the call is counted as lost. */
static __always_inline struct record *start_record(__s32 ret)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct record *record = claim_scratch(&scratch);
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
	output_strings(&events, &record->event, sizeof(record->event), used);
	release_scratch(&record->users);
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

/* The i-th pointer of an argv; NULL: the end, or not readable. `compat`: the pointers are those of a 32-bit program. */
static __always_inline const char *read_argument(__u64 argv, __u32 i, bool compat)
{
	__u64 argument = 0;

	if (compat)
		bpf_probe_read_user(&argument, sizeof(__u32), (void *)(argv + i * sizeof(__u32)));
	else
		bpf_probe_read_user(&argument, sizeof(argument), (void *)(argv + i * sizeof(argument)));
	return (const char *)argument;
}

/* Appends the arguments from the caller's memory. Returns the bytes used. */
static __noinline __u32 append_arguments_from_argv(struct record *record, __u32 used, __u64 argv, bool compat)
{
	const char *argument;
	__u64 unreadable = 0;
	bool cut = false;
	__u32 before;
	int i;

	for (i = 0; i < MAX_ARGUMENTS && i < max_arguments && used < STRING_OFFSETS && !cut; i++) {
		argument = read_argument(argv, i, compat);
		if (!argument)
			break;
		before = used;
		used = append_user_string(record->strings, used, argument);
		if (used == before)
			unreadable |= 1ULL << i;
		cut = is_cut(used - before, argument);
	}
	record->event.arguments = i;
	record->event.unreadable = unreadable;
	record->event.more = cut || read_argument(argv, i, compat);
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

#define EXEC_SYSCALLS(CALL)                                                                                         \
	CALL(SYS_EXECVE, true)                                                                                      \
	CALL(SYS_EXECVEAT, true)

REPORTED_SYSCALLS(bool, is_exec, false, EXEC_SYSCALLS)

static __always_inline void on_exec_exit(const struct syscall *call, long ret)
{
	bool is_execveat = call->number == SYS_EXECVEAT;
	struct record *record;
	__u32 used;

	/* A successful call has replaced the registers. */
	if (ret >= 0 || !caller_passes_filters())
		return;
	record = start_record(ret);
	if (!record)
		return;
	used = append_user_string(record->strings, 0, (void *)call->arguments[is_execveat ? 1 : 0]);
	record->event.path_known = used > 0;
	used = append_arguments_from_argv(record, used, call->arguments[is_execveat ? 2 : 1], call->compat);
	submit_record(record, used);
}

SYSCALL_EXIT(execve, SYS_EXECVE, on_exec_exit)
SYSCALL_EXIT(execveat, SYS_EXECVEAT, on_exec_exit)
COMPAT_SYSCALL_EXIT(compat_sys_execve, SYS_EXECVE, on_exec_exit)
COMPAT_SYSCALL_EXIT(compat_sys_execveat, SYS_EXECVEAT, on_exec_exit)

SYSCALL_KPROBES(on_exec_exit)
SYS_EXIT_PROGRAM(on_exec_exit)
