/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What a file says about how it is read and written. */
#ifndef KTOP_READPATH_FILE_FACTS_BPF_H
#define KTOP_READPATH_FILE_FACTS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

/* include/uapi/asm-generic/fcntl.h, arch/arm64/include/uapi/asm/fcntl.h: file->f_flags */
#define O_DSYNC 010000
#if defined(__TARGET_ARCH_x86)
#define O_DIRECT 040000
#elif defined(__TARGET_ARCH_arm64)
#define O_DIRECT 0200000
#endif

/* include/uapi/linux/magic.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630

static __always_inline bool has_flags(struct file *file, unsigned int flags)
{
	return BPF_CORE_READ(file, f_flags) & flags;
}

/* A file of overlayfs has no pages: the file of the layer below is read and written. */
static __always_inline bool is_on_overlayfs(struct file *file)
{
	return BPF_CORE_READ(file, f_inode, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC;
}

#endif
