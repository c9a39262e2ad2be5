// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * dirtop: reads and writes of regular files below some directories, at any depth and across mount points.
 *
 * Hooks by tier: those of file_io.bpf.h, which calls count_io() below
 *
 * Maps
 *   counts  per-CPU array, 25: dirtop_counts of each directory: 0.8 kB a CPU
 *   calls   file_io.bpf.h: 1 MB. Not used in the fentry tier.
 *
 * Cost: each read and write walks from its file up to the root: about four reads of kernel memory and a comparison with
 * each directory a level; one array lookup and two atomic additions for each directory that was met.
 *
 * Caveats, beside those of file_io.bpf.h
 *   - Directories are known by device and inode: one that is removed and made anew is another one.
 *   - More than MAX_DEPTH levels below a directory, mount points included, are not found. A file without a path (memfd,
 *     O_TMPFILE before it is linked) lies below none.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "dir.bpf.h"
#include "file_io.bpf.h"
#include "filter.bpf.h"
#include "maps.bpf.h"
#include "syscall.bpf.h"
#include "dirtop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define MAX_DIRECTORIES 25

/* How many of them there are; of each the device of its superblock (as s_dev) and its inode. */
const volatile __u32 directories = 0;
const volatile __u64 directory_inodes[MAX_DIRECTORIES] = {};
const volatile __u32 directory_devs[MAX_DIRECTORIES] = {};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_DIRECTORIES);
	__type(key, __u32);
	__type(value, struct dirtop_counts);
} counts SEC(".maps");

static __always_inline bool io_type_wanted(__u32 mode)
{
	return (mode & S_IFMT) == S_IFREG;
}

/*
 * The directories that this inode is: bit i for directory i. Without branches: the verifier follows each way through a
 * branch, and would here have as many as there are sets of directories.
 */
static __always_inline __u64 directories_at(__u64 inode, __u32 dev)
{
	__u64 set = 0;

	for (__u32 i = 0; i < MAX_DIRECTORIES; i++) {
		if (i >= directories)
			break;
		__u64 different = (inode ^ directory_inodes[i]) | (dev ^ directory_devs[i]);

		different |= -different;
		asm volatile("" : "+r"(different));
		set |= ((different >> 63) ^ 1) << i;
	}
	return set;
}

/* The directories that the file lies below. Walks like below() in dir.bpf.h. */
static __noinline __u64 directories_above(struct file *file)
{
	struct place place = place_of(file);
	__u64 set = 0;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		struct inode *here = inode_at(&place);

		set |= directories_at(BPF_CORE_READ(here, i_ino), BPF_CORE_READ(here, i_sb, s_dev));
		if (!go_up(&place))
			break;
	}
	return set;
}

static __always_inline void count_in(__u32 directory, const struct io *io)
{
	struct dirtop_counts *own = bpf_map_lookup_elem(&counts, &directory);
	__u64 bytes = io->ret > 0 ? io->ret : 0;

	if (!own)
		return;
	if (io->direction == READ) {
		ADD(own->reads, 1);
		ADD(own->read_bytes, bytes);
	} else {
		ADD(own->writes, 1);
		ADD(own->write_bytes, bytes);
	}
}

static __always_inline void count_io(struct file *file, const struct io *io, const bool direct)
{
	struct inode *inode = MEMBER(direct, file, f_inode);
	__u64 set;

	if (!io_type_wanted(MEMBER(direct, inode, i_mode)))
		return;
	set = directories_above(file);
	if (!set)
		return;
	for (__u32 i = 0; i < MAX_DIRECTORIES; i++) {
		if (i >= directories)
			break;
		if (set & (1ULL << i))
			count_in(i, io);
	}
}
