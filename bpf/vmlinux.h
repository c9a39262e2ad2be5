/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel types that ktop reads, written by hand. The member offsets here are irrelevant: libbpf relocates every access to the
 * running kernel's BTF (CO-RE), so a type lists only the members that are used. Types and members that not every kernel has are in
 * compat.bpf.h.
 */
#ifndef KTOP_VMLINUX_H
#define KTOP_VMLINUX_H

/* Makes <bpf/bpf_tracing.h> use the kernel's register names. */
#define __VMLINUX_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;

/* Used only in helper prototypes. */
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;

typedef __s8 s8;
typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;
typedef _Bool bool;

enum { false = 0, true = 1 };

/* include/uapi/linux/bpf.h */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_STACK_TRACE = 7,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_RINGBUF = 27,
};

/* include/uapi/linux/bpf.h: flags of bpf_ringbuf_submit() and bpf_ringbuf_output() */
enum {
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_FORCE_WAKEUP = 2,
};

/* include/uapi/linux/bpf.h: flags of bpf_ringbuf_query() */
enum {
	BPF_RB_AVAIL_DATA = 0,
	BPF_RB_RING_SIZE = 1,
};

/* include/uapi/linux/bpf.h: flags of bpf_map_update_elem() */
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

/* include/uapi/linux/bpf.h: flag of bpf_get_stack() */
enum {
	BPF_F_USER_STACK = 1 << 8,
};

/*
 * Registers at a kprobe: they are the context itself, whose layout is stable, so it is not relocated.
 * x86: arch/x86/include/asm/ptrace.h; arm64: arch/arm64/include/uapi/asm/ptrace.h.
 */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};

/* All registers, as sys_enter and sys_exit pass them. arch/arm64/include/asm/ptrace.h */
struct pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
	__u64 orig_x0;
	__s32 syscallno;
} __attribute__((preserve_access_index));
#endif

/* Context of a raw tracepoint: the arguments of its TP_PROTO. include/uapi/linux/bpf.h */
struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/dcache.h */
struct qstr {
	__u32 len;
	__u64 hash_len;
	const unsigned char *name;
};

/* include/linux/types.h */
struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

/* include/linux/list_bl.h */
struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
	struct hlist_node d_alias;
};

/* include/linux/fs.h */
struct super_block {
	__u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
	int s_stack_depth;
	struct backing_dev_info *s_bdi;
};

struct inode {
	__u16 i_mode;
	unsigned int i_flags;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	__u32 i_rdev;
	__s64 i_size;
	unsigned int i_nlink;
	struct hlist_head i_dentry;
	__u32 i_generation;
};

/* include/linux/backing-dev-defs.h */
struct backing_dev_info {
	unsigned int capabilities;
};

/* The same since 5.12 (9fe61450972d), and in 5.10.220; before, vfs_rename() took these as arguments. */
struct filename {
	const char *uptr;
};

struct renamedata {
	struct dentry *old_dentry;
	struct dentry *new_dentry;
};

/* include/linux/mount.h and fs/mount.h */
struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

/* fs/namei.c */
struct nameidata {
	struct qstr last;
};

/* include/linux/path.h */
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct address_space_operations;

/* include/linux/xarray.h, lib/xarray.c */
struct xa_node {
	unsigned char shift;
	void *slots[64];
};

struct xarray {
	void *xa_head;
};

struct address_space {
	struct inode *host;
	struct xarray i_pages;
	unsigned long nrpages;
	const struct address_space_operations *a_ops;
};

struct file {
	unsigned int f_mode;
	unsigned int f_flags;
	__s64 f_pos;
	struct inode *f_inode;
	struct address_space *f_mapping;
	struct path f_path;
	void *private_data;
};

struct kiocb {
	struct file *ki_filp;
	__s64 ki_pos;
};

/* include/linux/fdtable.h */
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

/* include/linux/fs_struct.h */
struct fs_struct {
	struct path root;
	struct path pwd;
};

/* include/linux/ns_common.h, fs/mount.h, include/linux/nsproxy.h */
struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

/* include/linux/mm_types.h */
struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
};

struct vm_area_struct {
	struct file *vm_file;
};

/* Their first member is flags, whose type changed in 6.18. */
struct page {
	struct address_space *mapping;
	unsigned long index;
};

struct folio {
	struct address_space *mapping;
	unsigned long index;
};

/* include/linux/mm.h */
struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long pgoff;
};

/* include/linux/uio.h */
struct iov_iter {
	unsigned long count;
};

/* include/linux/page-flags.h: numbers differ between configurations. */
enum pageflags {
	PG_locked,
	PG_writeback,
	PG_uptodate,
	PG_head,
	PG_reclaim,
	PG_readahead,
};

/* include/linux/binfmts.h */
struct linux_binprm {
	const char *filename;
	const char *interp;
};

/* include/linux/kernfs.h: id is 64 bits wide since 5.5 */
struct kernfs_node {
	__u64 id;
};

/* include/linux/cgroup-defs.h */
struct cgroup_root {
	int hierarchy_id;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	int level;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

/* The numbers depend on how a kernel was built. */
enum cgroup_subsys_id {
	memory_cgrp_id,
	pids_cgrp_id,
};

struct css_set {
	struct cgroup_subsys_state *subsys[2];
	struct cgroup *dfl_cgrp;
};

/* include/linux/sched.h */
/* arch/x86/include/asm/thread_info.h, arch/arm64/include/asm/thread_info.h */
struct thread_info {
	unsigned long flags;
#if defined(__TARGET_ARCH_x86)
	__u32 status;
#endif
};

/* include/linux/types.h */
struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

typedef struct {
	int counter;
} atomic_t;

/* include/linux/pid.h: a process id in each of the namespaces from the initial one down to its own */
struct upid {
	int nr;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

/* include/linux/sched/signal.h */
struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
};

struct task_io_accounting {
	__u64 syscr;
	__u64 syscw;
};

/* include/linux/uidgid.h: a user id in the initial namespace */
typedef struct {
	unsigned int val;
} kuid_t;

/* include/linux/cred.h */
struct cred {
	kuid_t uid;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct list_head children;
	struct list_head sibling;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	const struct cred *real_cred;
	struct signal_struct *signal;
	int exit_code;
	__u64 start_boottime;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct mm_struct *mm;
	unsigned long min_flt;
	unsigned long maj_flt;
	struct task_io_accounting ioac;
};

/* include/linux/io_uring_types.h (io_uring/io_uring.c before 6.0) */
struct io_kiocb {
	struct file *file;
	__u8 opcode;
};

struct io_uring_cqe {
	__s32 res;
};

/* include/uapi/linux/in6.h */
struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

/* include/net/sock.h */
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	unsigned short skc_family;
	unsigned char skc_state;
	__u16 skc_num;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	unsigned long skc_flags;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	__u16 sk_protocol;
	int sk_err;
};

/* include/linux/net.h */
struct socket {
	struct sock *sk;
};

/* include/net/inet_sock.h */
struct inet_sock {
	__be16 inet_sport;
};

/* include/net/request_sock.h */
struct request_sock {
	struct sock_common __req_common;
};

/* include/linux/skbuff.h */
struct sk_buff {
	char cb[48];
};

/* include/net/tcp.h: in sk_buff.cb */
struct tcp_skb_cb {
	__u32 seq;
	union {
		struct {
			__u16 tcp_gso_segs;
		};
	};
};

/* include/net/inet_connection_sock.h */
struct inet_connection_sock {
	__u8 icsk_ca_state : 5;
	__u8 icsk_pending;
};

/* include/linux/tcp.h */
struct tcp_sock {
	__u32 snd_una;
	__u32 write_seq;
	__u64 bytes_acked;
	__u64 bytes_received;
};

/* include/linux/bvec.h */
struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

struct bvec_iter {
	unsigned int bi_idx;
	unsigned int bi_bvec_done;
};

/* include/linux/blk_types.h */
struct bio {
	struct bio *bi_next;
	__u32 bi_opf;
	struct bvec_iter bi_iter;
	unsigned short bi_vcnt;
	struct bio_vec *bi_io_vec;
};

/* include/linux/genhd.h, since 5.18 include/linux/blkdev.h */
struct gendisk {
	int major;
	int first_minor;
};

/* include/linux/blkdev.h, since 5.16 include/linux/blk-mq.h */
struct request {
	struct request_queue *q;
	__u32 cmd_flags;
	__u32 __data_len;
	__u64 __sector;
	struct bio *bio;
	struct bio *biotail;
};

#pragma clang attribute pop

#endif
