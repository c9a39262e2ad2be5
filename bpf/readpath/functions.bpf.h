/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The functions that a followed call may go through: fentry and kprobe programs at the entry and exit of each.
 */
#ifndef KTOP_READPATH_FUNCTIONS_BPF_H
#define KTOP_READPATH_FUNCTIONS_BPF_H

#include "calls.bpf.h"
#include "readpath.h"

/* A macro, because bpf_get_stackid() needs the context as the program received it. */
#define STACK(ctx) bpf_get_stackid(ctx, &stack_traces, 0)

/* The stack is walked only if the thread is in a followed call. */
#define ENTER(ctx, number)                                                                                          \
	({                                                                                                          \
		if (current_in_flight())                                                                            \
			enter(number, STACK(ctx));                                                                  \
		0;                                                                                                  \
	})

#define FUNCTION(name, number)                                                                                      \
	SEC("fentry/" #name)                                                                                        \
	int name##_enter__fentry(void *ctx)                                                                         \
	{                                                                                                           \
		return ENTER(ctx, number);                                                                          \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int name##_exit__fentry(void *ctx)                                                                          \
	{                                                                                                           \
		return exit_from(number);                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int name##_enter__kprobe(void *ctx)                                                                         \
	{                                                                                                           \
		return ENTER(ctx, number);                                                                          \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int name##_exit__kprobe(void *ctx)                                                                          \
	{                                                                                                           \
		return exit_from(number);                                                                           \
	}

FUNCTION(generic_file_buffered_read, READPATH_GENERIC_FILE_BUFFERED_READ)
FUNCTION(filemap_read, READPATH_FILEMAP_READ)
FUNCTION(filemap_get_pages, READPATH_FILEMAP_GET_PAGES)
FUNCTION(page_cache_sync_ra, READPATH_PAGE_CACHE_SYNC_RA)
FUNCTION(page_cache_async_ra, READPATH_PAGE_CACHE_ASYNC_RA)
FUNCTION(page_cache_ra_unbounded, READPATH_PAGE_CACHE_RA_UNBOUNDED)
FUNCTION(read_pages, READPATH_READ_PAGES)
FUNCTION(filemap_add_folio, READPATH_FILEMAP_ADD_FOLIO)
FUNCTION(add_to_page_cache_lru, READPATH_ADD_TO_PAGE_CACHE_LRU)
FUNCTION(filemap_read_folio, READPATH_FILEMAP_READ_FOLIO)
FUNCTION(folio_wait_bit_common, READPATH_FOLIO_WAIT_BIT_COMMON)
FUNCTION(copy_page_to_iter, READPATH_COPY_PAGE_TO_ITER)

/* Writes. They also call filemap_add_folio, add_to_page_cache_lru and folio_wait_bit_common. */
FUNCTION(generic_file_write_iter, READPATH_GENERIC_FILE_WRITE_ITER)
FUNCTION(ext4_file_write_iter, READPATH_EXT4_FILE_WRITE_ITER)
FUNCTION(ext4_buffered_write_iter, READPATH_EXT4_BUFFERED_WRITE_ITER)
FUNCTION(xfs_file_write_iter, READPATH_XFS_FILE_WRITE_ITER)
FUNCTION(btrfs_file_write_iter, READPATH_BTRFS_FILE_WRITE_ITER)
FUNCTION(shmem_file_write_iter, READPATH_SHMEM_FILE_WRITE_ITER)
FUNCTION(file_update_time, READPATH_FILE_UPDATE_TIME)
FUNCTION(generic_perform_write, READPATH_GENERIC_PERFORM_WRITE)
FUNCTION(iomap_file_buffered_write, READPATH_IOMAP_FILE_BUFFERED_WRITE)
FUNCTION(ext4_da_write_begin, READPATH_EXT4_DA_WRITE_BEGIN)
FUNCTION(ext4_da_write_end, READPATH_EXT4_DA_WRITE_END)
FUNCTION(ext4_write_begin, READPATH_EXT4_WRITE_BEGIN)
FUNCTION(ext4_write_end, READPATH_EXT4_WRITE_END)
FUNCTION(simple_write_begin, READPATH_SIMPLE_WRITE_BEGIN)
FUNCTION(simple_write_end, READPATH_SIMPLE_WRITE_END)
FUNCTION(shmem_write_begin, READPATH_SHMEM_WRITE_BEGIN)
FUNCTION(shmem_write_end, READPATH_SHMEM_WRITE_END)
FUNCTION(iov_iter_copy_from_user_atomic, READPATH_IOV_ITER_COPY_FROM_USER_ATOMIC)
FUNCTION(copy_page_from_iter_atomic, READPATH_COPY_PAGE_FROM_ITER_ATOMIC)
FUNCTION(copy_folio_from_iter_atomic, READPATH_COPY_FOLIO_FROM_ITER_ATOMIC)
FUNCTION(balance_dirty_pages_ratelimited, READPATH_BALANCE_DIRTY_PAGES_RATELIMITED)
FUNCTION(balance_dirty_pages_ratelimited_flags, READPATH_BALANCE_DIRTY_PAGES_RATELIMITED_FLAGS)
FUNCTION(generic_file_direct_write, READPATH_GENERIC_FILE_DIRECT_WRITE)
FUNCTION(iomap_dio_rw, READPATH_IOMAP_DIO_RW)
FUNCTION(__iomap_dio_rw, READPATH___IOMAP_DIO_RW)
FUNCTION(vfs_fsync_range, READPATH_VFS_FSYNC_RANGE)
FUNCTION(ext4_sync_file, READPATH_EXT4_SYNC_FILE)
FUNCTION(submit_bio, READPATH_SUBMIT_BIO)

/* Opens. They also call submit_bio. */
FUNCTION(getname_flags, READPATH_GETNAME_FLAGS)
FUNCTION(do_filp_open, READPATH_DO_FILP_OPEN)
FUNCTION(do_file_open, READPATH_DO_FILE_OPEN)
FUNCTION(path_openat, READPATH_PATH_OPENAT)
FUNCTION(alloc_empty_file, READPATH_ALLOC_EMPTY_FILE)
FUNCTION(link_path_walk, READPATH_LINK_PATH_WALK)
FUNCTION(inode_permission, READPATH_INODE_PERMISSION)
FUNCTION(lookup_fast, READPATH_LOOKUP_FAST)
FUNCTION(lookup_slow, READPATH_LOOKUP_SLOW)
FUNCTION(__lookup_slow, READPATH___LOOKUP_SLOW)
FUNCTION(lookup_open, READPATH_LOOKUP_OPEN)
FUNCTION(d_alloc_parallel, READPATH_D_ALLOC_PARALLEL)
FUNCTION(ext4_lookup, READPATH_EXT4_LOOKUP)
FUNCTION(xfs_vn_lookup, READPATH_XFS_VN_LOOKUP)
FUNCTION(btrfs_lookup, READPATH_BTRFS_LOOKUP)
FUNCTION(ovl_lookup, READPATH_OVL_LOOKUP)
FUNCTION(simple_lookup, READPATH_SIMPLE_LOOKUP)
FUNCTION(ext4_create, READPATH_EXT4_CREATE)
FUNCTION(xfs_vn_create, READPATH_XFS_VN_CREATE)
FUNCTION(btrfs_create, READPATH_BTRFS_CREATE)
FUNCTION(shmem_create, READPATH_SHMEM_CREATE)
FUNCTION(ramfs_create, READPATH_RAMFS_CREATE)
FUNCTION(do_open, READPATH_DO_OPEN)
FUNCTION(may_open, READPATH_MAY_OPEN)
FUNCTION(vfs_open, READPATH_VFS_OPEN)
FUNCTION(do_dentry_open, READPATH_DO_DENTRY_OPEN)
FUNCTION(security_file_open, READPATH_SECURITY_FILE_OPEN)
FUNCTION(ext4_file_open, READPATH_EXT4_FILE_OPEN)
FUNCTION(do_truncate, READPATH_DO_TRUNCATE)

#endif
