/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Linux AIO (io_submit): reads and writes from their start to their completion. A tool includes this header through file_io.bpf.h.
 *
 * Hooks by tier (fs/aio.c, 5.10 to 7.2)
 *   fentry  fentry + fexit of aio_read and aio_write; fentry of aio_complete_rw
 *   kprobe  kprobe + kretprobe of the first two; kprobe of the third
 *   No tracepoint shows a completion.
 *
 * Map
 *   aio_requests  hash, 10240: address of a kiocb -> struct aio_request: 0.9 MB
 *
 * Caveats
 *   - Requests that io_submit refuses never start, and are not counted.
 *   - The completion runs in any task or in an interrupt. If the submitting thread has ended by then, its name is unknown.
 *   - kprobe: a completion in an interrupt that hits another BPF program of this tier is skipped by the kernel, and counts as lost
 *     when the address is used again.
 */
#ifndef KTOP_AIO_BPF_H
#define KTOP_AIO_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "in_flight.bpf.h"

struct aio_request {
	struct file *file;
	/* The submitting thread. */
	struct task_struct *task;
	__u32 tgid;
	__u32 tid;
	/* enum direction */
	__u32 direction;
};

IN_FLIGHT(aio_requests, 10240, __u64, struct aio_request);

/* The current thread submits a request. `direction`: enum direction */
static __noinline void begin_aio(struct kiocb *kiocb, struct file *file, __u32 direction)
{
	__u64 key = (__u64)kiocb;
	__u64 id = bpf_get_current_pid_tgid();
	struct aio_request request = {
		.file = file,
		.task = (struct task_struct *)bpf_get_current_task(),
		.tgid = id >> 32,
		.tid = id,
		.direction = direction,
	};

	begin_in_flight(&aio_requests, &key, &request);
}

/* The kernel refused a request: it has no completion. */
static __always_inline void discard_aio(struct kiocb *kiocb)
{
	__u64 key = (__u64)kiocb;

	end_in_flight(&aio_requests, &key);
}

/* Whether the start of a completed request was traced. True once per request. Its task is NULL if the thread has ended. */
static __always_inline bool end_aio(struct kiocb *kiocb, struct aio_request *request)
{
	__u64 key = (__u64)kiocb;
	struct aio_request *found = find_in_flight(&aio_requests, &key);
	struct task_struct *task;

	if (!found)
		return false;
	*request = *found;
	/* Two programs may find the entry; only the one that deletes it counts the request. */
	if (bpf_map_delete_elem(&aio_requests, &key))
		return false;
	task = request->task;
	if (BPF_CORE_READ(task, pid) != request->tid)
		request->task = 0;
	return true;
}

#endif
