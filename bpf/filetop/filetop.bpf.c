// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * filetop: finished reads and writes, and the bytes they returned, by file and thread.
 *
 * Hooks by tier: file_io.bpf.h
 *
 * Maps
 *   files  two hashes, 10240 each: struct filetop_key -> struct filetop_value. Elements of 48 + 16 + 320 bytes: 8.2 MB with the
 *          buckets
 *   paths  ring buffer, 4 MiB with full_path, else a page: struct filetop_path with strings
 *   calls  file_io.bpf.h
 *   aio_requests  aio.bpf.h
 *   scratch  full_path.bpf.h
 *
 * Cost: a hash lookup and two atomic additions per call; the first call of a key inserts instead. Outside the fentry tier a call
 * also inserts into `calls`, looks it up and deletes from it. A file of a type that is not counted costs no map access in the
 * fentry tier, and two lookups in the others. With dir_on each call walks up from its file: dir_filter.bpf.h.
 * With full_path the first call of a key walks up, too, and writes a record.
 *
 * Caveats, besides those of file_io.bpf.h
 *   - A file that gets the inode number of one deleted in the same interval counts as that one, under its name.
 *   - A file that a thread uses by several paths in an interval is shown with the first.
 *   - Inode and device are those of the file as opened: the overlay's on overlayfs, but the lower file's for spliced writes.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/cgroup.bpf.h"
#include "lib/dir_filter.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/file_io.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/full_path.bpf.h"
#include "lib/maps.bpf.h"
#include "filetop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Count sockets, pipes, devices and directories too, not only regular files. */
const volatile bool all_files = false;
/* One entry per process instead of per thread. */
const volatile bool by_process = false;

DOUBLE_HASH(files, 10240, struct filetop_key, struct filetop_value);

FULL_PATH_RECORD(struct filetop_path)

RING(paths, 4096, struct filetop_path);

static __always_inline bool is_counted_type(__u32 mode)
{
	return all_files || (mode & S_IFMT) == S_IFREG;
}

/* The first call of a key of an interval. Not inlined, because the value takes most of the stack. */
static __noinline void insert_file(struct filetop_key *key, struct file *file, __u32 mode, const struct io *io)
{
	struct task_struct *task = io->task;
	struct filetop_value first = {};
	struct filetop_value *other;

	ADD_IO(&first, io);
	first.pid = io->tgid;
	first.mode = mode;
	first.cgroup_id = task_cgroup_id(task);
	first.uid = task_uid(task);
	if (by_process)
		BPF_CORE_READ_STR_INTO(&first.comm, task, group_leader, comm);
	else
		BPF_CORE_READ_STR_INTO(&first.comm, task, comm);
	bpf_probe_read_kernel_str(first.file, sizeof(first.file), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	other = insert_first(ACTIVE(files), key, &first);
	if (other)
		ADD_IO(other, io);
}

/* Before insert_file(): who finds the key in the map has the path, too. */
static __noinline void send_path(const struct filetop_key *key, struct file *file, struct task_struct *task)
{
	struct record *record = claim_cpu_scratch(&scratch);

	if (!record)
		return;
	record->event.key = *key;
	APPEND_FULL_PATH(record, file, task);
	output_strings(&paths, &record->event, sizeof(record->event), record->walk.used);
	release_scratch(&record->users);
}

static __always_inline void count_io(struct file *file, const struct io *io, const bool direct)
{
	struct inode *inode = MEMBER(direct, file, f_inode);
	__u32 mode = MEMBER(direct, inode, i_mode);
	struct filetop_value *value;
	struct super_block *super;
	struct filetop_key key;

	if (!is_counted_type(mode) || !file_passes_dir(file))
		return;
	super = MEMBER(direct, inode, i_sb);
	key.inode = MEMBER(direct, inode, i_ino);
	key.dev = MEMBER(direct, super, s_dev);
	key.tid = by_process ? io->tgid : io->tid;
	value = bpf_map_lookup_elem(ACTIVE(files), &key);
	if (value) {
		ADD_IO(value, io);
		return;
	}
	if (full_path)
		send_path(&key, file, io->task);
	insert_file(&key, file, mode, io);
}
