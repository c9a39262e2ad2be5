/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Linux AIO (io_submit): reads and writes from submission to completion. A tool includes this header and defines
 * is_traced_aio() and on_aio_end().
 *
 * Hooks by tier (fs/aio.c, 5.10 to 7.2)
 *   fentry  fentry + fexit of aio_read and aio_write; fentry of aio_complete_rw
 *   kprobe  kprobe + kretprobe of aio_read and aio_write; kprobe of aio_complete_rw
 *   The kernel has no tracepoint for completions.
 *
 * Maps
 *   aio_requests     hash, 10240: address of a kiocb -> struct aio_request: 1 MB
 *   aio_submissions  hash, 1024: thread id -> address of the kiocb being submitted: 0.1 MB. kprobe tier only
 *
 * Caveats
 *   - Requests that the kernel rejects at submission are not counted.
 *   - The completion runs in any task or in an interrupt. If the submitting thread has ended by then, its name is unknown.
 *   - kprobe: if the completion runs in an interrupt of another BPF program of this tier, the kernel skips its program. The
 *     request counts as lost when its address is reused.
 */
#ifndef KTOP_AIO_BPF_H
#define KTOP_AIO_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "filter.bpf.h"
#include "in_flight.bpf.h"

struct aio_request {
	/* When it was submitted: CLOCK_MONOTONIC, nanoseconds. */
	__u64 start_ns;
	/* The request holds a reference until it has completed. */
	struct file *file;
	/* The submitting thread. */
	struct task_struct *task;
	__u32 tgid;
	__u32 tid;
	/* 0: read, 1: write. */
	__u32 writes;
};

/* Defined by the tool: whether the current thread's read or write of this file is traced. `direct`: see MEMBER(). */
static __always_inline bool is_traced_aio(struct file *file, __u32 writes, const bool direct);

/* Defined by the tool: a traced request completed with `ret`, bytes or a negative errno. */
static __always_inline void on_aio_end(const struct aio_request *request, __s64 ret);

IN_FLIGHT(aio_requests, 10240, __u64, struct aio_request);
IN_FLIGHT(aio_submissions, 1024, __u32, __u64);

static __noinline void begin_aio(struct kiocb *kiocb, struct file *file, __u32 writes)
{
	__u64 key = (__u64)kiocb;
	__u64 id = bpf_get_current_pid_tgid();
	struct aio_request request = {
		.start_ns = bpf_ktime_get_ns(),
		.file = file,
		.task = (struct task_struct *)bpf_get_current_task(),
		.tgid = id >> 32,
		.tid = id,
		.writes = writes,
	};

	begin_in_flight(&aio_requests, &key, &request);
}

/* Discards a request that the kernel rejected: it has no completion. */
static __always_inline void discard_aio(struct kiocb *kiocb)
{
	__u64 key = (__u64)kiocb;

	end_in_flight(&aio_requests, &key);
}

/*
 * Takes the entry of a completed request. False if its start was not traced, or the entry is already taken. The task is NULL if
 * the thread has ended.
 */
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

static __noinline void on_aio_complete(struct kiocb *kiocb, __s64 ret)
{
	struct aio_request request;

	if (end_aio(kiocb, &request))
		on_aio_end(&request, ret);
}

/*
 * A completion may interrupt another one on the same CPU. Since 5.12 the kernel skips a fentry program that is already running
 * there, so two programs are attached: at least one runs, and if both do, the second finds no request.
 */
#define AIO_COMPLETE_FENTRY(name)                                                                                   \
	SEC("fentry/aio_complete_rw")                                                                               \
	int BPF_PROG(name##_enter__fentry, struct kiocb *kiocb, long ret)                                           \
	{                                                                                                           \
		on_aio_complete(kiocb, ret);                                                                        \
		return 0;                                                                                           \
	}

AIO_COMPLETE_FENTRY(aio_complete_rw)
AIO_COMPLETE_FENTRY(aio_complete_rw_nested)

SEC("kprobe/aio_complete_rw")
int BPF_KPROBE(aio_complete_rw_enter__kprobe, struct kiocb *kiocb, long ret)
{
	on_aio_complete(kiocb, ret);
	return 0;
}

/* A kretprobe cannot read the arguments, so the kprobe stores the kiocb for it. */

static __noinline void begin_submission(struct kiocb *kiocb)
{
	__u32 tid = current_tid();
	__u64 address = (__u64)kiocb;

	if (current_passes_filters())
		begin_in_flight(&aio_submissions, &tid, &address);
}

static __noinline void end_submission(int ret)
{
	__u32 tid = current_tid();
	__u64 *address = current_passes_filters() ? find_in_flight(&aio_submissions, &tid) : 0;

	if (!address)
		return;
	if (ret)
		discard_aio((void *)*address);
	end_in_flight(&aio_submissions, &tid);
}

#define AIO_PROGRAMS(name, writes)                                                                                  \
	SEC("fentry/" #name)                                                                                        \
	int BPF_PROG(name##_enter__fentry, struct kiocb *kiocb)                                                     \
	{                                                                                                           \
		if (is_traced_aio(kiocb->ki_filp, writes, true))                                                    \
			begin_aio(kiocb, kiocb->ki_filp, writes);                                                   \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("fexit/" #name)                                                                                         \
	int BPF_PROG(name##_exit__fentry, struct kiocb *kiocb, void *iocb, bool vectored, bool compat, int ret)     \
	{                                                                                                           \
		if (ret)                                                                                            \
			discard_aio(kiocb);                                                                         \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kprobe/" #name)                                                                                        \
	int BPF_KPROBE(name##_enter__kprobe, struct kiocb *kiocb)                                                   \
	{                                                                                                           \
		struct file *file = BPF_CORE_READ(kiocb, ki_filp);                                                  \
                                                                                                                    \
		if (is_traced_aio(file, writes, false))                                                             \
			begin_aio(kiocb, file, writes);                                                             \
		begin_submission(kiocb);                                                                            \
		return 0;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	SEC("kretprobe/" #name)                                                                                     \
	int BPF_KRETPROBE(name##_exit__kprobe, int ret)                                                             \
	{                                                                                                           \
		end_submission(ret);                                                                                \
		return 0;                                                                                           \
	}

AIO_PROGRAMS(aio_read, 0)
AIO_PROGRAMS(aio_write, 1)

#endif
