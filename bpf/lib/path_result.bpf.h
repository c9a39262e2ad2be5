/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Whether a system call on a path reached the VFS function, from its result.
 */
#ifndef KTOP_PATH_RESULT_BPF_H
#define KTOP_PATH_RESULT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* include/uapi/asm-generic/errno-base.h, errno.h */
#define ENOENT 2
#define EBADF 9
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EEXIST 17
#define ENOTDIR 20
#define EINVAL 22
#define EROFS 30
#define ENAMETOOLONG 36
#define ELOOP 40

/*
 * Whether a call failed before it reached the VFS function: in the path walk, for its flags or for a read-only mount
 * (fs/namei.c). EACCES, and ENOTDIR of rmdir, may also come from the VFS function; they count as earlier failures.
 */
static __always_inline bool path_failed(__s64 ret)
{
	switch (-ret) {
	case ENOENT:
	case EBADF:
	case ENOMEM:
	case EACCES:
	case EFAULT:
	case ENOTDIR:
	case EINVAL:
	case EROFS:
	case ENAMETOOLONG:
	case ELOOP:
		return true;
	default:
		return false;
	}
}

/* vfs_unlink and vfs_rmdir are reached if the name exists: do_unlinkat(), do_rmdir() */
static __always_inline bool reached_removal(__s64 ret)
{
	return !path_failed(ret);
}

/* vfs_mkdir and vfs_create are reached if the name does not exist: filename_create() */
static __always_inline bool reached_creation(__s64 ret)
{
	return !path_failed(ret) && ret != -EEXIST;
}

#endif
