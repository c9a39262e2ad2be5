// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filelife: files that were created and removed while it ran, and how long they lived.
 *
 * Hooks by tier
 *   fentry, kprobe  a file begins: security_file_open of a file that this open has created (FMODE_CREATED), or vfs_open where
 *                   the kernel was built without CONFIG_SECURITY; exit of vfs_create (mknod, nfsd)
 *                   it ends: entry and exit of vfs_unlink, when it succeeded and the name was the last one
 *   tracepoint      sys_exit of open, openat, openat2, creat; and of unlink, unlinkat
 *
 * Maps
 *   births, order  the files that began (births.bpf.h). 2.2 MB
 *   creating  hash, 1024: thread -> dentry of its vfs_create. 0.1 MB. kprobe tier only
 *   removing  hash, 1024: thread -> the file that its vfs_unlink removes. 0.1 MB. Not used in the tracepoint tier
 *   events    ring buffer, 4 MiB: filelife_event
 *
 * Cost: a created file costs a hash insertion and a queue push, a removal at most two lookups and, if its creation was seen, an
 * event. Files are known by device, inode number and generation, so renaming makes no difference.
 *
 * Caveats
 *   - The filters apply to who creates and to who removes, as in BCC.
 *   - A file replaced by a rename is not told.
 *   - A file system that creates and opens in one operation (inode_operations.atomic_open) sets FMODE_CREATED itself: cifs only
 *     where O_EXCL was asked for, 9p and vboxsf after security_file_open. Such files are not told, the latter two's only in the
 *     tracepoint tier. Without CONFIG_SECURITY the same goes for all of these file systems (NFS, FUSE, ceph).
 *   - On file systems without inode generations (i_generation is always 0) a regular file may be told with the age of
 *     another that had its inode number before and was replaced by a rename.
 *   - overlayfs: the files of the upper layer are kept until they are the oldest, and may then count as lost.
 *   - tracepoint: the removed file is known by its name only (named_births.bpf.h); a file that was renamed before is not
 *     found. Files made by mknod, and those created or removed by the kernel itself, io_uring or 32-bit programs are not
 *     seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/births.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/named_births.bpf.h"
#include "lib/removal.bpf.h"
#include "lib/syscall.bpf.h"
#include "lib/user_path.bpf.h"
#include "filelife.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Which argument of vfs_create is the dentry, and how many there are. */
const volatile __u32 create_dentry = 1;
const volatile __u32 create_arguments = 4;
/* Puts the event's layout into the object's BTF. */
const volatile struct filelife_event *const volatile event_layout = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} creating SEC(".maps");

struct removal {
	struct outer_call call;
	struct dentry *dentry;
	struct file_key key;
	__u64 born_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct removal);
} removing SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} events SEC(".maps");

/* Fills a record with room for a name of that many bytes, and sends it. */
static __always_inline void tell(struct filelife_event *event, __u64 born_ns, const void *name, __u32 room)
{
	__u64 id = bpf_get_current_pid_tgid();

	event->time_ns = bpf_ktime_get_ns();
	event->age_ns = event->time_ns - born_ns;
	event->pid = id >> 32;
	event->tid = id;
	bpf_get_current_comm(&event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->file, room, name);
	bpf_ringbuf_submit(event, 0);
}

#define SHORT_EVENT (sizeof(struct filelife_event) - FILELIFE_LONG + FILELIFE_SHORT)

/* `name`: in the kernel's memory or the program's; `length`: its bytes, with its NUL. */
static __always_inline void file_ended(__u64 born_ns, const void *name, __u32 length)
{
	struct filelife_event *event;

	if (length <= FILELIFE_SHORT) {
		event = bpf_ringbuf_reserve(&events, SHORT_EVENT, 0);
		if (event)
			tell(event, born_ns, name, FILELIFE_SHORT);
		else
			lose_event();
	} else {
		event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
		if (event)
			tell(event, born_ns, name, FILELIFE_LONG);
		else
			lose_event();
	}
}

/* fentry and kprobe tiers. */

/* Whether a file that is being opened has been created by that, by a thread that is wanted. */
static __always_inline bool created(struct file *file, const bool direct)
{
	return (MEMBER(direct, file, f_mode) & FMODE_CREATED) && current_wanted();
}

static __noinline void begin_removal(struct dentry *dentry)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct removal removal = { .call.depth = stack_depth(dentry), .dentry = dentry, .key = inode_key(inode) };
	struct removal *outer = bpf_map_lookup_elem(&removing, &tid);
	struct birth *birth;

	if (begins_inside(outer ? &outer->call : 0, removal.call.depth) || BPF_CORE_READ(inode, i_nlink) > 1)
		return;
	/* Only these begin in ways that are seen. */
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG)
		return;
	birth = inode_birth(inode, &removal.key);
	if (!birth)
		return;
	removal.born_ns = birth->time_ns;
	if (bpf_map_update_elem(&removing, &tid, &removal, BPF_ANY))
		lose_key();
}

static __noinline void end_removal(long ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct removal *removal = bpf_map_lookup_elem(&removing, &tid);
	struct dentry *dentry;

	if (!removal || ends_inside(&removal->call))
		return;
	if (!ret) {
		dentry = removal->dentry;
		file_ended(removal->born_ns, BPF_CORE_READ(dentry, d_name.name), BPF_CORE_READ(dentry, d_name.len) + 1);
		bpf_map_delete_elem(&births, &removal->key);
	}
	bpf_map_delete_elem(&removing, &tid);
}

SEC("fentry/security_file_open")
int BPF_PROG(security_file_open_enter__fentry, struct file *file)
{
	if (created(file, true))
		inode_born(file->f_inode);
	return 0;
}

/* The file has no inode of its own yet. */
SEC("fentry/vfs_open")
int BPF_PROG(vfs_open_enter__fentry, const struct path *path, struct file *file)
{
	if (created(file, true))
		inode_born(BPF_CORE_READ(path, dentry, d_inode));
	return 0;
}

SEC("fexit/vfs_create")
int vfs_create_exit__fentry(void *ctx)
{
	struct dentry *dentry = (void *)trampoline_argument(ctx, create_dentry);

	if (!(__s32)trampoline_argument(ctx, create_arguments) && current_wanted())
		inode_born(BPF_CORE_READ(dentry, d_inode));
	return 0;
}

SEC("fentry/vfs_unlink")
int vfs_unlink_enter__fentry(void *ctx)
{
	if (current_wanted())
		begin_removal((void *)trampoline_argument(ctx, unlink_dentry));
	return 0;
}

SEC("fexit/vfs_unlink")
int vfs_unlink_exit__fentry(void *ctx)
{
	if (current_wanted())
		end_removal((__s32)trampoline_argument(ctx, unlink_arguments));
	return 0;
}

SEC("kprobe/security_file_open")
int BPF_KPROBE(security_file_open_enter__kprobe, struct file *file)
{
	if (created(file, false))
		inode_born(BPF_CORE_READ(file, f_inode));
	return 0;
}

SEC("kprobe/vfs_open")
int BPF_KPROBE(vfs_open_enter__kprobe, const struct path *path, struct file *file)
{
	if (created(file, false))
		inode_born(BPF_CORE_READ(path, dentry, d_inode));
	return 0;
}

SEC("kprobe/vfs_create")
int vfs_create_enter__kprobe(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 dentry = kprobe_argument(ctx, create_dentry);

	/* On overlayfs the outer call loses its place to the one for the layer below, and vfs_open tells of the file. */
	if (current_wanted() && bpf_map_update_elem(&creating, &tid, &dentry, BPF_ANY))
		lose_key();
	return 0;
}

SEC("kretprobe/vfs_create")
int BPF_KRETPROBE(vfs_create_exit__kprobe, int ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *started = current_wanted() ? bpf_map_lookup_elem(&creating, &tid) : 0;
	struct dentry *dentry;

	if (!started)
		return 0;
	dentry = (void *)*started;
	if (!ret)
		inode_born(BPF_CORE_READ(dentry, d_inode));
	bpf_map_delete_elem(&creating, &tid);
	return 0;
}

SEC("kprobe/vfs_unlink")
int vfs_unlink_enter__kprobe(struct pt_regs *ctx)
{
	if (current_wanted())
		begin_removal((void *)kprobe_argument(ctx, unlink_dentry));
	return 0;
}

SEC("kretprobe/vfs_unlink")
int BPF_KRETPROBE(vfs_unlink_exit__kprobe, int ret)
{
	if (current_wanted())
		end_removal(ret);
	return 0;
}

/* tracepoint tier. */

static __noinline void name_removed(__u64 component)
{
	struct file_key key = {};
	union name name = {};
	__u32 length = component_length(component) + 1;
	__u64 born_ns;

	if (bpf_probe_read_user_str(name.text, sizeof(name.text), (void *)component_address(component)) <= 0)
		return;
	if (!find_ended(name_hash(&name, length), &key, &born_ns))
		return;
	file_ended(born_ns, name.text, length);
	bpf_map_delete_elem(&births, &key);
}

static __always_inline void path_removed(__u64 path)
{
	__u64 component;

	if (!current_wanted() || compat_syscall())
		return;
	component = find_last_component(path);
	if (component)
		name_removed(component);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit__tracepoint, struct pt_regs *regs, long ret)
{
	switch (syscall_number(regs)) {
	case SYS_OPEN:
	case SYS_OPENAT:
	case SYS_OPENAT2:
	case SYS_CREAT: {
		struct file *file = ret >= 0 && current_wanted() && !compat_syscall() ? open_file(ret) : 0;

		if (file && (BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
			remember_name(file);
		break;
	}
	case SYS_UNLINK:
		if (!ret)
			path_removed(SYSCALL_ARG1(regs));
		break;
	case SYS_UNLINKAT:
		if (!ret && !(SYSCALL_ARG3(regs) & AT_REMOVEDIR))
			path_removed(SYSCALL_ARG2(regs));
		break;
	}
	return 0;
}
