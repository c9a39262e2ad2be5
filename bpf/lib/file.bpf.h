/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Files: the kernel's flags and modes, and the file behind a descriptor.
 */
#ifndef KTOP_FILE_BPF_H
#define KTOP_FILE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "losses.bpf.h"

/* include/linux/fs.h: file->f_mode; the same since 5.10 */
#define FMODE_PREAD 0x8
#define FMODE_PWRITE 0x10
#define FMODE_PATH 0x4000
#define FMODE_CREATED 0x100000

/* include/uapi/linux/stat.h: inode->i_mode */
#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFDIR 0040000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define S_IFSOCK 0140000

/* include/uapi/linux/fcntl.h */
#define AT_FDCWD -100
#define AT_REMOVEDIR 0x200
#define AT_EMPTY_PATH 0x1000

static __always_inline __u32 file_type(struct file *file)
{
	return BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT;
}

/* A struct file pointer saved at entry, with the inode number that shows at exit whether the memory was reused. */
struct file_ref {
	/* NULL: not known at the start. */
	struct file *file;
	/* i_ino */
	__u64 inode;
};

static __always_inline struct file_ref file_ref(struct file *file)
{
	struct file_ref ref = { .file = file };

	if (file)
		ref.inode = BPF_CORE_READ(file, f_inode, i_ino);
	return ref;
}

/* False: another thread closed the file and its memory was reused. The call is then counted as lost. */
static __always_inline bool check_same_file(const struct file_ref *ref)
{
	struct file *file = ref->file;

	if (file && BPF_CORE_READ(file, f_inode, i_ino) == ref->inode)
		return true;
	count_lost_key();
	return false;
}

/* The file behind a descriptor of the current task; NULL if there is none. fs/file.c: files_lookup_fd_raw() */
static __always_inline struct file *file_from_fd(__u64 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;
	__u32 index = fd;

	if (index < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + index);
	return file;
}

/*
 * The file of a call that does I/O on a descriptor; NULL if there is none or it was opened with O_PATH: the call then fails with
 * EBADF before it reaches a VFS function. fs/file.c: __fget_light()
 */
static __always_inline struct file *io_file_from_fd(__u64 fd)
{
	struct file *file = file_from_fd(fd);

	return file && !(BPF_CORE_READ(file, f_mode) & FMODE_PATH) ? file : 0;
}

/*
 * The file of a call with a file position, such as pread64; NULL if the call fails with EBADF (as above), EINVAL (negative
 * position) or ESPIPE (the file lacks `mode`, FMODE_PREAD or FMODE_PWRITE). fs/read_write.c: ksys_pread64(), do_preadv()
 */
static __always_inline struct file *positioned_file_from_fd(__u64 fd, __s64 position, __u32 mode)
{
	struct file *file = position < 0 ? 0 : io_file_from_fd(fd);

	return file && (BPF_CORE_READ(file, f_mode) & mode) ? file : 0;
}

/* The file of preadv2 or pwritev2, for which position -1 means the file's current position; NULL as above. */
static __always_inline struct file *preadv2_file_from_fd(__u64 fd, __s64 position, __u32 mode)
{
	return position == -1 ? io_file_from_fd(fd) : positioned_file_from_fd(fd, position, mode);
}

/* The file of a splice; NULL also if the descriptor is the pipe end. */
static __always_inline struct file *spliced_file_from_fd(__u64 fd)
{
	struct file *file = io_file_from_fd(fd);

	return file && file_type(file) != S_IFIFO ? file : 0;
}

#endif
