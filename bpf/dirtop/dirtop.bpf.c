// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dirtop: reads and writes of regular files below some directories, at any depth and across mount points.
 *
 * Hooks by tier: file_io.bpf.h
 *
 * Maps
 *   directories  hash, 25: struct dirtop_directory -> its index in `counts`. Filled by user space
 *   counts       per-CPU array, 25: index of a directory -> struct dirtop_counts: 0.8 kB per CPU
 *   calls        file_io.bpf.h
 *   aio_requests  aio.bpf.h
 *
 * Cost: each read and write of a regular file walks from the file up to the root: a hash lookup and six to eleven reads of kernel
 * memory per level (eight or more if a watched directory is on btrfs), and an array lookup and two atomic additions for each
 * watched directory on the way. Outside the fentry tier a call also inserts into `calls`, looks it up and deletes from it; a call
 * on another type of file looks it up twice.
 *
 * Caveats, besides those of file_io.bpf.h
 *   - Directories are identified by device, inode and, on btrfs, subvolume: a directory that is removed and created again is no
 *     longer watched.
 *   - I/O on a file with MAX_DEPTH or more names and mount points on its path is counted in the directories near it, and as lost for
 *     those above. Files without a path (memfd, O_TMPFILE before it is linked) are in no directory.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/dir.bpf.h"
#include "lib/file_io.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"
#include "dirtop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define MAX_DIRECTORIES 25

HASH(directories, MAX_DIRECTORIES, struct dirtop_directory, __u32);

PER_CPU_ARRAY(counts, MAX_DIRECTORIES, struct dirtop_counts);

static __always_inline bool is_counted_type(__u32 mode)
{
	return (mode & S_IFMT) == S_IFREG;
}

/*
 * Counts in the directory of this inode if it is watched and not among `counted`, a bit for each directory. Returns `counted` with
 * it. Not static: the verifier then checks it once, instead of once for each step of the walk.
 */
__attribute__((noinline)) __u32 count_in(__u64 inode, __s64 ret, __u32 direction, __u32 counted)
{
	struct inode *here = (struct inode *)inode;
	struct dirtop_directory key = {
		.inode = BPF_CORE_READ(here, i_ino),
		.dev = BPF_CORE_READ(here, i_sb, s_dev),
		.subvolume = subvolume_of(here),
	};
	__u32 *number = bpf_map_lookup_elem(&directories, &key);
	struct io io = { .ret = ret, .direction = direction };
	struct dirtop_counts *own;

	if (!number || (counted & (1U << (*number & 31))))
		return counted;
	own = bpf_map_lookup_elem(&counts, number);
	if (own)
		ADD_IO(own, &io);
	return counted | (1U << (*number & 31));
}

/*
 * Counts in each directory that the file is below, once: if a directory is bind-mounted inside itself, the walk meets it again.
 * Walks like is_below() in dir_filter.bpf.h.
 */
static __noinline void count_above(struct file *file, const struct io *io)
{
	struct place place = place_of(file);
	__u32 counted = 0;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		counted = count_in((__u64)inode_at(&place), io->ret, io->direction, counted);
		if (!go_up(&place))
			return;
	}
	count_lost_key();
}

static __always_inline void count_io(struct file *file, const struct io *io, const bool direct)
{
	struct inode *inode = MEMBER(direct, file, f_inode);

	if (is_counted_type(MEMBER(direct, inode, i_mode)))
		count_above(file, io);
}
