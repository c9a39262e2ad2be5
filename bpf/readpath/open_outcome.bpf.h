/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How an open found its file.
 *
 *   failed   the system call failed
 *   created  the open created the file: FMODE_CREATED
 *   lookup   a name of the path was not in the directory cache, and the file system was asked: d_alloc_parallel
 *   hit      the directory cache had all names
 *   opened   lookup or hit: no tracepoint distinguishes them
 *   The first that applies counts.
 */
#ifndef KTOP_READPATH_OPEN_OUTCOME_BPF_H
#define KTOP_READPATH_OPEN_OUTCOME_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

#include "lib/file.bpf.h"
#include "readpath.h"

/* d_alloc_parallel is watched. */
const volatile bool lookups_watched = false;

/* What is known about an open in flight. */
struct lookup {
	bool missed;
};

/* The outcome of an open with this result, a descriptor of the current task: one of READPATH_OPEN_*. */
static __always_inline __u32 open_outcome(const struct lookup *lookup, __s64 ret)
{
	struct file *file;

	if (ret < 0)
		return READPATH_OPEN_FAILED;
	file = file_from_fd(ret);
	if (file && (BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		return READPATH_OPEN_CREATED;
	if (!lookups_watched)
		return READPATH_OPEN_OPENED;
	return lookup->missed ? READPATH_OPEN_LOOKUP : READPATH_OPEN_HIT;
}

#endif
