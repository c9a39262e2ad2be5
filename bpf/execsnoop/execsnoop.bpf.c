// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * execsnoop: each finished execve and execveat, with the program's path and arguments, and with --exit the end of each program.
 *
 * Hooks
 *   all tiers   sched_process_exec: calls that succeeded. The arguments are read from the new program's stack, where the kernel
 *               has just copied them, so all are readable. (At sys_enter, pages that the caller has not touched since its fork
 *               may not be mapped; at sys_exit the caller's memory is gone)
 *               sched_process_exit, with --exit: processes that executed a program and have ended
 * The end of execve and execveat, with -x: calls that failed, with the arguments from the caller's memory
 *   fentry      fexit programs on __x64_sys_* and, for 32-bit programs, __ia32_compat_sys_*
 *   kprobe      kprobes and kretprobes on the same functions
 *   tracepoint  sys_exit
 *
 * Maps
 *   scratch  per-CPU array, 2: struct record, a record being built, 25 kB per CPU
 *   events   ring buffer, 1 MiB: struct execsnoop_event with strings, variable length
 *   running  hash, 8192 with --exit, else 1: process id → start of the process, ns since boot; 96 bytes an entry
 *   syscalls_in_flight  hash, 4096 on the kprobe tier, else 1: thread id → address of the caller's registers
 *
 * Cost: a call that is reported reads user memory once per argument (twice if the call failed) and writes a record. With -x, on
 * the tracepoint tier, every other system call of the machine runs the sys_exit program up to the check of its number. With --exit,
 * every thread of the machine that ends runs a program up to the check whether it is the last one of its process.
 *
 * Caveats
 *   - An argument is cut after 4095 bytes, and no argument starts after 8 kB of strings: the list ends there, with `more` set.
 *   - Since 6.14 a call with a path that does not exist may fail before the kernel has read the arguments: those that the caller
 *     has not touched since its fork are then marked as unreadable.
 *   - The parents are those at the end of the call: one that has ended before is replaced by the process that adopted its children.
 *   - With --exit, before 6.0, a process whose first and last threads end at the same time by exit(2), not exit_group(2), may have
 *     the status 0: the first thread's is not set yet.
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

/* --parents: record the ancestors. */
const volatile bool with_parents = false;
/* --exit: record the end of each program. */
const volatile bool with_exits = false;
/* Arguments to read, including the program's name; at most MAX_ARGUMENTS. */
const volatile __u32 max_arguments = 20;

/* Maximum number of arguments read: one bit each in execsnoop_event.unreadable. */
#define MAX_ARGUMENTS 64
/* include/linux/sched/signal.h: signal_struct.flags */
#define SIGNAL_GROUP_EXIT 0x4
/*
 * Arguments read in addition for a script. Each interpreter inserts its name and at most one option, and the script's path
 * replaces argv[0]: enough for two nested interpreters. fs/binfmt_script.c: load_script()
 */
#define INTERPRETER_ARGUMENTS 4

struct record {
	__u32 users;
	__u32 area;
	struct execsnoop_event event;
	char strings[STRINGS_BYTES];
};

SCRATCH(struct record);

/*
 * Programs whose end is to be recorded: process id → start of the process, because ids are reused. User space sets the size with
 * --exit.
 */
HASH(running, 1, __u32, __u64);

EVENTS(1024 * 1024, struct execsnoop_event);

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
	event->ret = ret;
	event->arguments = 0;
	event->more = false;
	event->interpreted = false;
	event->kind = EXECSNOOP_CALL;
	event->parents = 0;
	event->more_parents = false;
	return record;
}

/* False: it is lost. */
static __always_inline bool submit_record(struct record *record, __u32 used)
{
	bool submitted = output_strings(&events, &record->event, sizeof(record->event), used);

	release_scratch(&record->users);
	return submitted;
}

/* Appends the names of the ancestors, up to the first process, and records their ids. Returns the bytes used. */
static __noinline __u32 append_parents(struct record *record)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 used = 0, before, tgid;
	int i;

	for (i = 0; i < MAX_PARENTS; i++) {
		task = BPF_CORE_READ(task, real_parent, group_leader);
		tgid = BPF_CORE_READ(task, tgid);
		/* The idle task, which is the parent of the first processes. */
		if (!tgid)
			break;
		before = used;
		used = append_kernel_string(record->strings, used, sizeof(task->comm), &task->comm);
		if (used == before)
			break;
		record->event.parent_pids[i] = tgid;
	}
	record->event.parents = i;
	record->event.more_parents = i == MAX_PARENTS && BPF_CORE_READ(task, real_parent, tgid);
	return used;
}

/* The strings that come first. Returns the bytes used. */
static __always_inline __u32 start_strings(struct record *record)
{
	return with_parents ? append_parents(record) : 0;
}

/* The status that wait(2) reports for a process whose last thread ends. kernel/exit.c: wait_task_zombie() */
static __always_inline __s32 exit_status(struct task_struct *task)
{
	if (BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(task, signal, group_exit_code);
	return BPF_CORE_READ(task, group_leader, exit_code);
}

/* Expects the end of the program that the current process starts. False: there is no room, and it is counted as lost. */
static __always_inline bool begin_program(struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	__u64 start = BPF_CORE_READ(task, group_leader, start_boottime);

	if (!bpf_map_update_elem(&running, &tgid, &start, BPF_ANY))
		return true;
	count_lost_key();
	return false;
}

/* Records the end of the program that the current process runs, if it is expected. */
static __always_inline void end_program(struct task_struct *task, __u8 kind, __s32 status)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	__u64 *found = bpf_map_lookup_elem(&running, &tgid), start;
	struct execsnoop_event *event;

	if (!found)
		return;
	start = *found;
	/* Two last threads may both see that no other is left. */
	if (bpf_map_delete_elem(&running, &tgid))
		return;
	/* The end of the process that had this id before was not seen. */
	if (start != BPF_CORE_READ(task, group_leader, start_boottime)) {
		count_lost_key();
		return;
	}
	event = reserve_event(&events, sizeof(*event));
	if (count_if_lost(event))
		return;
	event->time_ns = bpf_ktime_get_ns();
	event->pid = tgid;
	event->ret = status;
	event->kind = kind;
	submit_event(&events, event);
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
	__u32 used, before, tgid = BPF_CORE_READ(task, tgid);
	struct record *record;

	if (with_exits)
		end_program(task, EXECSNOOP_REPLACED, 0);
	record = current_passes_filters() ? start_record(0) : 0;
	if (!record)
		return 0;
	before = start_strings(record);
	used = append_kernel_string(record->strings, before, STRING_BYTES, filename);
	record->event.path_known = used > before;
	/* Replaced for scripts (fs/binfmt_script.c) and binfmt_misc (fs/binfmt_misc.c). */
	record->event.interpreted = BPF_CORE_READ(bprm, interp) != filename;
	used = append_arguments_from_stack(record, used);
	if (with_exits && !begin_program(task))
		release_scratch(&record->users);
	else if (!submit_record(record, used) && with_exits)
		bpf_map_delete_elem(&running, &tgid);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit__tracepoint, struct task_struct *task)
{
	if (!BPF_CORE_READ(task, signal, live.counter))
		end_program(task, EXECSNOOP_EXIT, exit_status(task));
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
	__u32 used, before;

	/* A successful call has replaced the registers. */
	if (ret >= 0 || !current_passes_filters())
		return;
	record = start_record(ret);
	if (!record)
		return;
	before = start_strings(record);
	used = append_user_string(record->strings, before, (void *)call->arguments[is_execveat ? 1 : 0]);
	record->event.path_known = used > before;
	used = append_arguments_from_argv(record, used, call->arguments[is_execveat ? 2 : 1], call->compat);
	submit_record(record, used);
}

SYSCALL_EXIT(execve, SYS_EXECVE, on_exec_exit)
SYSCALL_EXIT(execveat, SYS_EXECVEAT, on_exec_exit)
COMPAT_SYSCALL_EXIT(compat_sys_execve, SYS_EXECVE, on_exec_exit)
COMPAT_SYSCALL_EXIT(compat_sys_execveat, SYS_EXECVEAT, on_exec_exit)

SYSCALL_KPROBES(on_exec_exit)
SYS_EXIT_PROGRAM(on_exec_exit)
