/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The process that owns a TCP connection. Most events of a connection happen in whatever thread was interrupted by a packet or a
 * timer, so the owner is noted when it makes a system call on the connection.
 */
#ifndef KTOP_TCP_OWNER_BPF_H
#define KTOP_TCP_OWNER_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "cgroup.bpf.h"
#include "filter.bpf.h"
#include "user.bpf.h"

struct tcp_owner {
	__u64 cgroup_id;
	/* 0: unknown. */
	__u32 pid;
	/* It does not pass the filters. */
	__u32 excluded;
	__u32 uid;
	char comm[16];
};

/* Notes the current thread, which must be in a system call on the connection. False: it does not pass the filters. */
static __always_inline bool set_owner(struct tcp_owner *owner)
{
	owner->excluded = !current_passes_filters();
	owner->pid = bpf_get_current_pid_tgid() >> 32;
	owner->cgroup_id = current_cgroup_id();
	owner->uid = current_uid();
	bpf_get_current_comm(owner->comm, sizeof(owner->comm));
	return !owner->excluded;
}

/* An unknown process passes no filter. NULL: unknown, too. */
static __always_inline bool owner_passes_filters(const struct tcp_owner *owner)
{
	if (owner && owner->pid)
		return !owner->excluded;
	return !filters_threads();
}

#endif
