// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filelife: files that were created and removed while it ran, and how long they lived.
 *
 * Hooks by tier
 *   fentry, kprobe  creation: security_file_open of a file that this open created (FMODE_CREATED), or vfs_open if the kernel was
 *                   built without CONFIG_SECURITY; exit of vfs_create (mknod, nfsd)
 *                   removal: entry and exit of vfs_unlink, when it succeeds and removes the last link
 *                   mnt_want_write: write_mount.bpf.h
 *   tracepoint      sys_exit of open, openat, openat2, creat; of unlink, unlinkat; of rename, renameat, renameat2, link, linkat
 *
 * Maps
 *   births, order  births.bpf.h: 2.3 MB
 *   creating       hash, 1024: thread id -> struct creation, its vfs_create: 0.1 MB. kprobe tier only
 *   removing       hash, 1024: thread id -> struct removal, its vfs_unlink: 0.1 MB. Not used in the tracepoint tier
 *   scratch        per-CPU array, 2: struct record, 25 kB per CPU
 *   events         ring buffer, 4 MiB: struct filelife_event with strings, variable length
 *
 * Cost
 *   creation         a queue push and a hash insertion; once `order` is full also a second push, a pop, a lookup and a deletion
 *   fentry, kprobe   every open runs a program that checks f_mode; in the kprobe tier a vfs_create also inserts into `creating`,
 *                    looks it up twice and deletes from it
 *                    removal: three lookups (two if the file has other links or is not a regular file); if the creation was seen
 *                    also an insertion, two deletions and a record
 *   tracepoint       creation: up to four more lookups; removal: four lookups and, on a match, a deletion and a record. Every other
 *                    system call of the machine runs a program that checks its number
 *   A record costs four reads of kernel memory for each name and mount point from the file to the root; with dir_on, also a walk:
 *   dir_filter.bpf.h, dir_path.bpf.h.
 *
 * Caveats
 *   - The filters apply to the thread that creates and to the thread that removes, as in BCC.
 *   - A file replaced by a rename is not reported.
 *   - With dir_on, the directory from which a file is removed counts, not that in which it was created.
 *   - A file system that creates and opens in one operation (inode_operations.atomic_open) sets FMODE_CREATED itself. cifs sets it
 *     only with O_EXCL: its other files are not reported. 9p and vboxsf set it after security_file_open: only the tracepoint tier
 *     reports their files. Without CONFIG_SECURITY the latter holds for all such file systems (NFS, FUSE, ceph).
 *   - On file systems without inode generations (i_generation is always 0) a regular file may be reported with the age of an
 *     earlier file that had the same inode number and was replaced by a rename.
 *   - overlayfs: files of the upper layer stay in `births` until they are evicted, and may then count as lost.
 *   - tracepoint: the removed file is known by name only (named_births.bpf.h). Files that ever had two links or were made by mknod are
 *     not reported; nor are those created, renamed or removed by the kernel itself, by io_uring or, on arm64, by 32-bit programs. A
 *     rename by one of these three may make another file of that name show the age of the renamed one. The filters do not apply to
 *     renames.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/births.bpf.h"
#include "lib/dir_filter.bpf.h"
#include "lib/dir_path.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/in_flight.bpf.h"
#include "lib/named_births.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/path.bpf.h"
#include "lib/removal.bpf.h"
#include "lib/strings.bpf.h"
#include "lib/sys_tracepoints.bpf.h"
#include "lib/syscall_args.bpf.h"
#include "lib/syscall_number.bpf.h"
#include "lib/user_path.bpf.h"
#include "lib/write_mount.bpf.h"
#include "filelife.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* include/uapi/linux/fs.h */
#define RENAME_EXCHANGE 2

/* Zero-based index of vfs_create's dentry argument, and its number of arguments. */
const volatile __u32 create_dentry_index = 1;
const volatile __u32 create_argument_count = 4;

struct creation {
	struct outer_call call;
	struct dentry *dentry;
};

IN_FLIGHT(creating, 1024, __u32, struct creation);

/* A vfs_unlink in flight that removes the last link of a file. */
struct removal {
	struct outer_call call;
	struct dentry *dentry;
	/* NULL: not known. */
	struct vfsmount *mount;
	struct file_key key;
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 created_ns;
};

IN_FLIGHT(removing, 1024, __u32, struct removal);

PATH_RECORD(struct filelife_event)

EVENTS(4 * 1024 * 1024, struct filelife_event);

/* A free record without strings; NULL: counted as lost. */
static __always_inline struct record *start_record(__u64 created_ns)
{
	struct record *record = claim_scratch(&scratch);
	__u64 now = bpf_ktime_get_ns();

	if (record) {
		RESET_WALK(record);
		record->event = (struct filelife_event){ .time_ns = now, .age_ns = now - created_ns };
		SET_CURRENT_THREAD(&record->event);
	}
	return record;
}

static __always_inline void finish_record(struct record *record)
{
	record->event.walked = record->walk.walked;
	output_strings(&events, &record->event, sizeof(record->event), record->walk.used);
	release_scratch(&record->users);
}

/* fentry and kprobe tiers. */

/* Whether the current open created its file, and its thread passes the filters. */
static __always_inline bool is_traced_creation(struct file *file, const bool direct)
{
	return (MEMBER(direct, file, f_mode) & FMODE_CREATED) && current_passes_filters();
}

static __always_inline void record_dentry_birth(struct dentry *dentry)
{
	record_birth(BPF_CORE_READ(dentry, d_inode));
}

static __noinline void begin_removal(struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct removal removal = { .call.depth = stack_depth(dentry), .dentry = dentry, .key = inode_key(inode) };
	struct birth *birth;

	if (enter_nested_call(&removing, &tid, removal.call.depth) || BPF_CORE_READ(inode, i_nlink) > 1)
		return;
	/* Only regular files: no hook reports the creation of other types. */
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG)
		return;
	birth = inode_birth(inode, &removal.key);
	if (!birth)
		return;
	removal.created_ns = birth->time_ns;
	removal.mount = write_mount(dentry);
	begin_in_flight(&removing, &tid, &removal);
}

static __noinline void report_removal(const struct removal *removal)
{
	struct dentry *dentry = removal->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct place place = place_at(removal->mount, parent);
	struct record *record;

	if (!place_passes_dir(&place))
		return;
	record = start_record(removal->created_ns);
	if (!record)
		return;
	record->walk.used = append_kernel_string(record->strings, 0, NAME_BYTES, BPF_CORE_READ(dentry, d_name.name));
	append_names(&record->walk, removal->mount, parent);
	finish_record(record);
}

static __noinline void end_removal(long ret)
{
	__u32 tid = current_tid();
	struct removal *removal = find_in_flight(&removing, &tid);

	if (!removal || leave_nested_call(&removal->call))
		return;
	if (!ret) {
		report_removal(removal);
		bpf_map_delete_elem(&births, &removal->key);
	}
	end_in_flight(&removing, &tid);
}

/* kprobe tier only: the dentry is an argument at the entry of vfs_create, and not available at its exit. */

static __noinline void begin_creation(struct dentry *dentry)
{
	__u32 tid = current_tid();
	struct creation creation = { .call.depth = stack_depth(dentry), .dentry = dentry };

	if (!enter_nested_call(&creating, &tid, creation.call.depth))
		begin_in_flight(&creating, &tid, &creation);
}

static __noinline void end_creation(long ret)
{
	__u32 tid = current_tid();
	struct creation *creation = find_in_flight(&creating, &tid);

	if (!creation || leave_nested_call(&creation->call))
		return;
	if (!ret)
		record_dentry_birth(creation->dentry);
	end_in_flight(&creating, &tid);
}

/* Programs of the fentry and kprobe tiers. */

SEC("fentry/security_file_open")
int BPF_PROG(security_file_open_enter__fentry, struct file *file)
{
	if (is_traced_creation(file, true))
		record_birth(file->f_inode);
	return 0;
}

/* file->f_inode is not set yet. */
SEC("fentry/vfs_open")
int BPF_PROG(vfs_open_enter__fentry, const struct path *path, struct file *file)
{
	if (is_traced_creation(file, true))
		record_birth(BPF_CORE_READ(path, dentry, d_inode));
	return 0;
}

SEC("fexit/vfs_create")
int vfs_create_exit__fentry(void *ctx)
{
	if (!(__s32)trampoline_argument(ctx, create_argument_count) && current_passes_filters())
		record_dentry_birth((void *)trampoline_argument(ctx, create_dentry_index));
	return 0;
}

SEC("kprobe/security_file_open")
int BPF_KPROBE(security_file_open_enter__kprobe, struct file *file)
{
	if (is_traced_creation(file, false))
		record_birth(BPF_CORE_READ(file, f_inode));
	return 0;
}

SEC("kprobe/vfs_open")
int BPF_KPROBE(vfs_open_enter__kprobe, const struct path *path, struct file *file)
{
	if (is_traced_creation(file, false))
		record_birth(BPF_CORE_READ(path, dentry, d_inode));
	return 0;
}

SEC("kprobe/vfs_create")
int vfs_create_enter__kprobe(struct pt_regs *ctx)
{
	if (current_passes_filters())
		begin_creation((void *)kprobe_argument(ctx, create_dentry_index));
	return 0;
}

SEC("kretprobe/vfs_create")
int BPF_KRETPROBE(vfs_create_exit__kprobe, int ret)
{
	if (current_passes_filters())
		end_creation(ret);
	return 0;
}

static __always_inline void on_unlink_enter(struct dentry *dentry)
{
	if (current_passes_filters())
		begin_removal(dentry);
}

static __always_inline void on_vfs_unlink_exit(long ret)
{
	if (current_passes_filters())
		end_removal(ret);
}

DENTRY_CALL(vfs_unlink, unlink_dentry_index, unlink_argument_count, on_unlink_enter, on_vfs_unlink_exit)

/* tracepoint tier. */

/* Deletes the birth of the file removed under this name and returns its time; 0: unknown. */
static __noinline __u64 take_birth(__u64 component)
{
	struct file_key key = {};
	union name name = {};
	__u64 created_ns;

	if (bpf_probe_read_user_str(name.text, sizeof(name.text), (void *)component_address(component)) <= 0)
		return 0;
	if (!find_removed(name_hash(&name, component_length(component) + 1), &key, &created_ns))
		return 0;
	bpf_map_delete_elem(&births, &key);
	return created_ns;
}

static __noinline void report_removed_path(__u64 created_ns, const struct given_path *given)
{
	struct record *record;

	if (!path_passes_dir(given->dirfd, given->path, false))
		return;
	record = start_record(created_ns);
	if (!record)
		return;
	record->event.path_parts = append_path(record->strings, &record->walk, given);
	append_start(&record->walk, given, record->event.path_parts);
	finish_record(record);
}

static __always_inline void on_unlink_exit(int dirfd, __u64 path)
{
	struct given_path given = { .path = (void *)path, .dirfd = dirfd };
	__u64 component, created_ns;

	if (!current_passes_filters())
		return;
	component = last_component(path);
	if (!component) {
		count_lost_key();
		return;
	}
	created_ns = take_birth(component);
	if (created_ns)
		report_removed_path(created_ns, &given);
}

/* Not filtered: a birth must follow its file, whichever task renames it. */
static __noinline void on_rename_exit(__u64 from_path, __u64 to_path, __u32 flags)
{
	__u64 from = path_name_hash(from_path), to = path_name_hash(to_path);

	if (!from || !to) {
		count_lost_key();
		return;
	}
	forget_replaced(to);
	if (from != to)
		move_births(from, to);
	if (from != to && (flags & RENAME_EXCHANGE))
		move_births(to, from);
}

static __always_inline void on_link_exit(__u64 path)
{
	__u64 hash = path_name_hash(path);

	if (hash)
		forget_linked(hash);
	else
		count_lost_key();
}

static __always_inline void on_open_exit(long ret)
{
	struct file *file = ret >= 0 && current_passes_filters() ? file_from_fd(ret) : 0;

	if (file && (BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		add_named_birth(file);
}

#define NAME_SYSCALLS(CALL)                                                                                         \
	OPEN_SYSCALLS(CALL, true)                                                                                   \
	CALL(SYS_UNLINK, true)                                                                                      \
	CALL(SYS_UNLINKAT, true)                                                                                    \
	CALL(SYS_RENAME, true)                                                                                      \
	CALL(SYS_RENAMEAT, true)                                                                                    \
	CALL(SYS_RENAMEAT2, true)                                                                                   \
	CALL(SYS_LINK, true)                                                                                        \
	CALL(SYS_LINKAT, true)

REPORTED_SYSCALLS(bool, is_on_names, false, NAME_SYSCALLS)

static __always_inline void on_sys_exit(const struct syscall *call, long ret)
{
	const __u64 *arguments = call->arguments;
	long number = call->number;

	if (is_open(number))
		on_open_exit(ret);
	else if (number == SYS_UNLINK && !ret)
		on_unlink_exit(AT_FDCWD, arguments[0]);
	else if (number == SYS_UNLINKAT && !ret && !(arguments[2] & AT_REMOVEDIR))
		on_unlink_exit(arguments[0], arguments[1]);
	else if (number == SYS_RENAME && !ret)
		on_rename_exit(arguments[0], arguments[1], 0);
	else if ((number == SYS_RENAMEAT || number == SYS_RENAMEAT2) && !ret)
		on_rename_exit(arguments[1], arguments[3], number == SYS_RENAMEAT2 ? arguments[4] : 0);
	else if (number == SYS_LINK && !ret)
		on_link_exit(arguments[0]);
	else if (number == SYS_LINKAT && !ret)
		on_link_exit(arguments[1]);
}

SYS_EXIT_PROGRAM(on_sys_exit)
