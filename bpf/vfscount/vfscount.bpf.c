// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * vfscount: calls of each kernel function whose name starts with vfs_.
 *
 * Hooks by tier
 *   kprobe  one kprobe.multi on all of them (5.18, CONFIG_FPROBE); else a kprobe on each
 *   fentry  a program for each function that kernels 5.10 to 7.2 have; it needs bpf_get_func_ip() (5.15)
 *   No tracepoint tier: system calls do not show which of these functions they go through.
 *
 * Maps
 *   counts  per-CPU hash, 512: address of the function -> calls. 30 kB, and 8 kB per CPU
 *
 * Cost: one hash lookup and one atomic addition per call; the first call of a function inserts instead.
 *
 * Caveats
 *   - Inlined calls are not counted. Of a function with partial copies (vfs_statfs.part.0) only the whole one is counted.
 *   - kprobe without kprobe.multi: detaching takes tens of milliseconds per function and may go on after ktop has exited.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/filter.bpf.h"
#include "lib/maps.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

PER_CPU_HASH(counts, 512, __u64, __u64);

/* `address`: of the function, or a few bytes into it. */
static __always_inline void count(__u64 address)
{
	__u64 one = 1;
	__u64 *calls = bpf_map_lookup_elem(&counts, &address);

	if (calls) {
		ADD(*calls, 1);
		return;
	}
	calls = insert_first(&counts, &address, &one);
	if (calls)
		ADD(*calls, 1);
}

SEC("kprobe.multi/vfs_*")
int vfs_multi__kprobe(struct pt_regs *ctx)
{
	if (current_passes_filters())
		count(bpf_get_func_ip(ctx));
	return 0;
}

SEC("kprobe/vfs_*")
int vfs_each__kprobe(struct pt_regs *ctx)
{
	if (current_passes_filters())
		count(PT_REGS_IP(ctx));
	return 0;
}

#define COUNT(function)                                                                                             \
	SEC("fentry/" #function)                                                                                    \
	int function##_enter__fentry(void *ctx)                                                                     \
	{                                                                                                           \
		if (current_passes_filters())                                                                       \
			count(bpf_get_func_ip(ctx));                                                                \
		return 0;                                                                                           \
	}

/* Every kernel has the first one: if it does not load, the others are not tried. */
COUNT(vfs_read)
COUNT(vfs_cancel_lock)
COUNT(vfs_clean_context)
COUNT(vfs_clone_file_range)
COUNT(vfs_copy_file_range)
COUNT(vfs_coredump)
COUNT(vfs_create)
COUNT(vfs_create_mount)
COUNT(vfs_dedupe_file_range)
COUNT(vfs_dedupe_file_range_one)
COUNT(vfs_dup_fs_context)
COUNT(vfs_fadvise)
COUNT(vfs_fallocate)
COUNT(vfs_fchmod)
COUNT(vfs_fchown)
COUNT(vfs_fileattr_get)
COUNT(vfs_fileattr_set)
COUNT(vfs_fstat)
COUNT(vfs_fstatat)
COUNT(vfs_fsync)
COUNT(vfs_fsync_range)
COUNT(vfs_get_acl)
COUNT(vfs_get_fsid)
COUNT(vfs_get_link)
COUNT(vfs_get_super)
COUNT(vfs_get_tree)
COUNT(vfs_getattr)
COUNT(vfs_getattr_nosec)
COUNT(vfs_getxattr)
COUNT(vfs_getxattr_alloc)
COUNT(vfs_inode_has_locks)
COUNT(vfs_iocb_iter_read)
COUNT(vfs_iocb_iter_write)
COUNT(vfs_ioctl)
COUNT(vfs_iter_read)
COUNT(vfs_iter_write)
COUNT(vfs_kern_mount)
COUNT(vfs_link)
COUNT(vfs_listxattr)
COUNT(vfs_llseek)
COUNT(vfs_lock_file)
COUNT(vfs_mkdir)
COUNT(vfs_mknod)
COUNT(vfs_open)
COUNT(vfs_open_tree)
COUNT(vfs_parse_comma_sep)
COUNT(vfs_parse_fs_param)
COUNT(vfs_parse_fs_param_source)
COUNT(vfs_parse_fs_qstr)
COUNT(vfs_parse_fs_string)
COUNT(vfs_parse_monolithic_sep)
COUNT(vfs_path_lookup)
COUNT(vfs_path_parent_lookup)
COUNT(vfs_readlink)
COUNT(vfs_readv)
COUNT(vfs_remove_acl)
COUNT(vfs_removexattr)
COUNT(vfs_rename)
COUNT(vfs_rmdir)
COUNT(vfs_set_acl)
COUNT(vfs_set_acl_prepare)
COUNT(vfs_setlease)
COUNT(vfs_setpos)
COUNT(vfs_setxattr)
COUNT(vfs_splice_read)
COUNT(vfs_statfs)
COUNT(vfs_statx)
COUNT(vfs_statx_path)
COUNT(vfs_submount)
COUNT(vfs_symlink)
COUNT(vfs_test_lock)
COUNT(vfs_tmpfile)
COUNT(vfs_tmpfile_open)
COUNT(vfs_truncate)
COUNT(vfs_unlink)
COUNT(vfs_utimes)
COUNT(vfs_write)
COUNT(vfs_writev)
