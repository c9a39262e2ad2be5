/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Block requests, traced from the thread that made them to their completion. A tool includes this header and defines
 * on_request_complete(). If it defines BLOCK_FILES as 1 before, requests also have the file and the writer of their pages
 * (block_file.bpf.h), and the filters select a request whose writer is known by the writer.
 *
 * Hooks, all tracepoints; each as tp_btf, or as raw tracepoint if tp_btf does not load
 *   block_io_start      (6.5) a request is made, in the thread that makes it
 *   block_getrq         (before 6.5) a request is allocated for a bio, in the thread that submits the bio. The request is not among
 *                       the arguments, so it is known by its first bio until it is inserted or issued
 *   block_rq_insert     the request is queued
 *   block_rq_issue      the driver receives it
 *   block_rq_requeue    the driver gives it back: it will be issued again
 *   block_rq_complete   some or all of it is done
 *   block_rq_merge      its data becomes part of another request: it will never be issued
 *
 * A request is one I/O, however often it is requeued and issued again (block_rq_requeue): its time at the device runs from the
 * first issue to the completion of its last byte, so that retries of a driver are included. A completion of fewer bytes than are
 * left is partial and does not end the request. A request that was never issued (an empty flush, which the kernel carries out with
 * a separate request) ends without being counted. A request that is made, queued or issued at the address of one that was issued
 * and not requeued is another one: the earlier completion was missed and counts as lost.
 *
 * Map
 *   requests  hash, 10240: address of the struct request, or of its struct bio until the request is known -> struct
 *             block_request. Elements of 48 + 8 + 80 bytes: 1.5 MB with the buckets; with files 144 bytes and 2.2 MB
 *
 * Cost of a request: an insertion, a deletion and three lookups, four if it is queued before it is issued. Before 6.5 up to eight
 * more lookups at each insert, issue and merge, and once an insertion, a deletion and a lookup to move the entry from the bio to
 * the request.
 *
 * Caveats
 *   - A request that was made before the programs were attached counts as made when it is issued, by an unknown thread; one that
 *     was issued before is not counted.
 *   - Requests of the kernel's flush machinery are made by no thread: filters exclude them. Before 6.5 the same holds for
 *     pass-through commands to the driver.
 *   - Writes through the page cache are made by the thread that writes back, mostly a kworker.
 *   - Drivers without requests (zram, brd, device mapper, md) are not seen; the disks below them are.
 *   - A kernel may run no tracepoint in some tasks, nor in interrupts that arrive while one of them is current: the development
 *     machine's excludes the threads of process 1 and the idle threads of all CPUs but the first. A completion there is missed.
 *     It counts as lost when the kernel uses the memory of the request again, so the last few of a disk may not be counted yet.
 */
#ifndef KTOP_BLOCK_BPF_H
#define KTOP_BLOCK_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "cgroup.bpf.h"
#include "compat.bpf.h"
#include "filter.bpf.h"
#include "in_flight.bpf.h"

/*
 * block_rq_insert, _issue and _merge have the queue before the request: until 5.11, commit a54895fa057c, and 5.10.137, which
 * has it too. block_rq_complete has no queue there either.
 */
const volatile bool queue_before_request = false;
/* block_getrq has the queue before the bio: until 5.11, commit e8a676d61c07. */
const volatile bool queue_before_bio = false;
/* Only block_getrq shows which thread made a request. */
const volatile bool made_by_bio = false;
/* Only requests for this disk: gendisk->major << 20 | first_minor. */
const volatile bool disk_on = false;
const volatile __u32 disk_dev = 0;

/* Bios of a request that are searched for the one it was made for: bios merged to the front come before it. */
#define MAX_BIOS 8

#ifndef BLOCK_FILES
#define BLOCK_FILES 0
#endif
#if BLOCK_FILES
#include "block_file.bpf.h"
#endif

/* A request in flight. Times are CLOCK_MONOTONIC, nanoseconds. */
struct block_request {
	/* When it was first seen: made, else inserted, else issued. */
	__u64 start_ns;
	/* When it was first issued; 0: not yet. The members down to `dev` are set then. */
	__u64 issue_ns;
	__u64 sector;
	/* Including what was merged into it before it was issued. */
	__u32 bytes;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
	/* The disk: major << 20 | first_minor; 0: none. */
	__u32 dev;
	/* The thread that made it; 0: unknown. */
	__u32 tid;
	__u32 tgid;
	/* The filters exclude it. */
	bool ignored;
	/* Given back by the driver since it was last issued. */
	bool requeued;
	/* Of the process. */
	__u64 cgroup_id;
	__u32 uid;
	char comm[16];
#if BLOCK_FILES
	struct block_file file;
#endif
};

IN_FLIGHT(requests, 10240, __u64, struct block_request);

/* Defined by the tool: receives a request that was completed at `now` (CLOCK_MONOTONIC, nanoseconds). */
static __always_inline void on_request_complete(const struct block_request *request, __u64 now);

/* A new request or bio has this address: the completion of an earlier one was missed, which counts if it was issued. */
static __always_inline void discard_stale_request(__u64 address)
{
	struct block_request *stale = find_in_flight(&requests, &address);

	if (!stale)
		return;
	if (stale->issue_ns && !stale->ignored)
		count_lost_key();
	end_in_flight(&requests, &address);
}

/* The current thread makes a request, which is known by this address. */
static __always_inline void on_create(__u64 address)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct block_request request = {};

	discard_stale_request(address);
	if (!current_passes_filters()) {
		if (filters_threads() && !BLOCK_FILES)
			return;
		request.ignored = true;
	}
	request.start_ns = bpf_ktime_get_ns();
	request.tgid = id >> 32;
	request.tid = id;
	request.cgroup_id = current_cgroup_id();
	request.uid = current_uid();
	bpf_get_current_comm(request.comm, sizeof(request.comm));
	restart_in_flight(&requests, &address, &request);
}

/* Removes the entry of the bio for which the request was made; with `keep` the request replaces it. */
static __noinline void take_from_bio(struct request *rq, bool keep)
{
	struct bio *bio = BPF_CORE_READ(rq, bio);

	for (int i = 0; i < MAX_BIOS && bio; i++) {
		__u64 address = (__u64)bio;
		struct block_request *found = find_in_flight(&requests, &address);

		if (found) {
			struct block_request request = *found;

			end_in_flight(&requests, &address);
			if (keep) {
				__u64 key = (__u64)rq;

				discard_stale_request(key);
				restart_in_flight(&requests, &key, &request);
			}
			return;
		}
		bio = BPF_CORE_READ(bio, bi_next);
	}
}

/* The entry of a request that is inserted or issued, added if new; NULL: it is excluded for good, or the map is full. */
static __always_inline struct block_request *find_or_add_request(struct request *rq)
{
	__u64 address = (__u64)rq;
	struct block_request first = {};
	struct block_request *request;

	if (made_by_bio)
		take_from_bio(rq, true);
	request = find_in_flight(&requests, &address);
	if (request && (!request->issue_ns || request->requeued))
		return request->ignored && !BLOCK_FILES ? 0 : request;
	if (request)
		discard_stale_request(address);
	if (filters_threads()) {
		if (!BLOCK_FILES)
			return 0;
		first.ignored = true;
	}
	first.start_ns = bpf_ktime_get_ns();
	restart_in_flight(&requests, &address, &first);
	return find_in_flight(&requests, &address);
}

static __always_inline __u32 disk_number(struct request *rq, const bool direct)
{
	struct gendisk *disk = request_disk(rq, direct);

	if (!disk)
		return 0;
	return (__u32)MEMBER(direct, disk, major) << 20 | (__u32)MEMBER(direct, disk, first_minor);
}

static __always_inline void on_insert(struct request *rq, const bool direct)
{
	if (!disk_on || disk_number(rq, direct) == disk_dev)
		find_or_add_request(rq);
}

static __always_inline void on_issue(struct request *rq, const bool direct)
{
	__u64 address = (__u64)rq;
	__u32 dev = disk_number(rq, direct);
	struct block_request *request;

	if (disk_on && dev != disk_dev) {
		if (made_by_bio)
			take_from_bio(rq, false);
		end_in_flight(&requests, &address);
		return;
	}
	request = find_or_add_request(rq);
	if (!request)
		return;
	request->requeued = false;
	if (request->issue_ns)
		return;
	request->sector = MEMBER(direct, rq, __sector);
	request->bytes = MEMBER(direct, rq, __data_len);
	request->flags = MEMBER(direct, rq, cmd_flags);
	request->dev = dev;
#if BLOCK_FILES
	find_file_and_writer(&request->file, rq);
	if (request->file.writer_tid)
		request->ignored = !request->file.writer.selected;
#endif
	request->issue_ns = bpf_ktime_get_ns();
}

static __always_inline void on_complete(struct request *rq, __u32 bytes, const bool direct)
{
	__u64 address = (__u64)rq;
	struct block_request *request = find_in_flight(&requests, &address);
	/* Before this completion: block/blk-mq.c, blk_update_request() */
	__u32 left = MEMBER(direct, rq, __data_len);

	if (!request) {
		if (made_by_bio && !left)
			take_from_bio(rq, false);
		return;
	}
	if (bytes < left)
		return;
	if (!request->ignored) {
		if (request->issue_ns)
			on_request_complete(request, bpf_ktime_get_ns());
		else if (left)
			count_lost_key();
	}
	end_in_flight(&requests, &address);
}

static __always_inline void on_requeue(__u64 address)
{
	struct block_request *request = find_in_flight(&requests, &address);

	if (request)
		request->requeued = true;
}

static __always_inline void on_merge(__u64 address)
{
	if (made_by_bio)
		take_from_bio((struct request *)address, false);
	end_in_flight(&requests, &address);
}

/*
 * The programs. Both positions of an argument are written out: the verifier requires constant offsets into the context, and
 * removes the branch that the constant excludes.
 */
#define BLOCK_PROGRAM(kind, section, name, before, first, second)                                                   \
	SEC(section "/" #name)                                                                                      \
	int name##_##kind##__tracepoint(__u64 *ctx)                                                                 \
	{                                                                                                           \
		if (before)                                                                                         \
			second;                                                                                     \
		else                                                                                                \
			first;                                                                                      \
		return 0;                                                                                           \
	}

#define REQUEST_PROGRAM(name, handle)                                                                               \
	BLOCK_PROGRAM(btf, "tp_btf", name, queue_before_request, handle((void *)ctx[0], true),                      \
		      handle((void *)ctx[1], true))                                                                 \
	BLOCK_PROGRAM(raw, "raw_tp", name, queue_before_request, handle((void *)ctx[0], false),                     \
		      handle((void *)ctx[1], false))

/* Arguments of block_rq_complete: the request, the error, the bytes. */
#define COMPLETE_PROGRAM(kind, section, direct, name)                                                               \
	SEC(section "/block_rq_complete")                                                                           \
	int name##_##kind##__tracepoint(__u64 *ctx)                                                                 \
	{                                                                                                           \
		on_complete((void *)ctx[0], ctx[2], direct);                                                        \
		return 0;                                                                                           \
	}

REQUEST_PROGRAM(block_rq_insert, on_insert)
REQUEST_PROGRAM(block_rq_issue, on_issue)

/*
 * Requests complete in interrupts, which may arrive while another completion is handled on the same CPU. Since 5.19 (commit
 * 05b24ff9b2cf) the kernel skips a program that is already running there. Hence two programs: one of them is free, and when both
 * run, the second finds no entry.
 */
COMPLETE_PROGRAM(btf, "tp_btf", true, block_rq_complete)
COMPLETE_PROGRAM(btf, "tp_btf", true, block_rq_complete_nested)
COMPLETE_PROGRAM(raw, "raw_tp", false, block_rq_complete)
COMPLETE_PROGRAM(raw, "raw_tp", false, block_rq_complete_nested)

/* Programs that use only the address of the request or bio. */
#define ADDRESS_PROGRAM(name, before, handle)                                                                       \
	BLOCK_PROGRAM(btf, "tp_btf", name, before, handle(ctx[0]), handle(ctx[1]))                                  \
	BLOCK_PROGRAM(raw, "raw_tp", name, before, handle(ctx[0]), handle(ctx[1]))

ADDRESS_PROGRAM(block_io_start, false, on_create)
ADDRESS_PROGRAM(block_getrq, queue_before_bio, on_create)
ADDRESS_PROGRAM(block_rq_merge, queue_before_request, on_merge)
ADDRESS_PROGRAM(block_rq_requeue, queue_before_request, on_requeue)

#endif
