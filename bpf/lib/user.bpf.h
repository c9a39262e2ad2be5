/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The user of a task: the real user id in the initial user namespace, as the filter by user compares it.
 *
 * Not the effective id of the credentials in effect, which file systems that stack on others replace during a call (override_creds()).
 */
#ifndef KTOP_USER_BPF_H
#define KTOP_USER_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"

static __always_inline __u32 task_uid(struct task_struct *task)
{
	return BPF_CORE_READ(task, real_cred, uid.val);
}

/* Plain loads where the kernel has them: they cost a tenth of two probe reads. */
static __always_inline __u32 current_uid(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->real_cred->uid.val;
	return task_uid((struct task_struct *)bpf_get_current_task());
}

#endif
