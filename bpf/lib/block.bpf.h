/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Block requests followed from the thread that made them to their completion, for the tools that count or report them.
 *
 * Hooks, all tracepoints; each as tp_btf, or as raw tracepoint where the kernel's BTF cannot serve tp_btf
 *   block_io_start      (6.5) a request was made, in the thread that made it
 *   block_getrq         (before 6.5) a request was found for a bio, in the thread that submitted the bio; the request itself
 *                       is not among the arguments, so it is known by its first bio until it is inserted or issued
 *   block_rq_insert     it was queued
 *   block_rq_issue      the driver was given it
 *   block_rq_complete   some or all of it is done
 *   block_rq_merge      its data became part of another request: it will never be issued
 *
 * One request is one I/O, however often it is put back and issued again (block_rq_requeue): its time at the device runs from
 * the first issue to the completion of its last byte, so that what a driver retries is not hidden. A completion of fewer
 * bytes than are left is a part, and ends nothing. What was never issued (an empty flush, which the kernel carries out by a
 * request of its own) ends without being counted.
 *
 * Caveats
 *   - Requests that were made before the programs were attached are counted when they are issued afterwards, as made then, by nobody
 *     known; those issued before are not.
 *   - The requests of the kernel's own flush machinery are made by no thread: filters leave them out. Before 6.5 that holds for
 *     commands passed through to the driver too.
 *   - Writes that go through the page cache are made by the thread that writes back, mostly a kworker.
 *   - Drivers without requests (zram, brd, device mapper, md) are not seen; the disks below them are.
 */
#ifndef KTOP_BLOCK_BPF_H
#define KTOP_BLOCK_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "compat.bpf.h"
#include "filter.bpf.h"
#include "maps.bpf.h"

/*
 * block_rq_insert, _issue and _merge have the queue before the request: until 5.11, commit a54895fa057c, and 5.10.137, which
 * carries it too. block_rq_complete has no queue there either.
 */
const volatile bool queue_before_request = false;
/* block_getrq has the queue before the bio: until 5.11, commit e8a676d61c07. */
const volatile bool queue_before_bio = false;
/* Who made a request is learnt from block_getrq. */
const volatile bool made_by_bio = false;
/* Only requests for this disk: gendisk->major << 20 | first_minor. */
const volatile bool disk_on = false;
const volatile __u32 disk_dev = 0;

/* A request that is not completed. Times are CLOCK_MONOTONIC, nanoseconds. */
struct block_request {
	/* When it was first seen: made, else inserted, else issued. */
	__u64 start_ns;
	/* When it was first issued; 0: not yet. From then on the members down to `dev` are known. */
	__u64 issue_ns;
	__u64 sector;
	/* With what was merged into it until then. */
	__u32 bytes;
	/* Operation in the lowest 8 bits, REQ_* above. include/linux/blk_types.h */
	__u32 flags;
	/* Of the disk: major << 20 | first_minor; 0: it has none. */
	__u32 dev;
	/* The thread that made it; 0: unknown. */
	__u32 tid;
	__u32 tgid;
	/* Made by a thread that is to be left out. */
	__u32 ignored;
	char comm[16];
};

/*
 * By the address of the struct request, or of the struct bio that it was made for until the request is known. Elements of
 * 48 + 8 + 72 bytes, allocated at once: 1.4 MB with the buckets.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct block_request);
} requests SEC(".maps");

/* Bios of a request that are looked through for the one it was made for: what is merged to its front comes before that. */
#define MAX_BIOS 8

/* What the tool does with a request that has been completed at `now`. */
static __always_inline void completed(const struct block_request *request, __u64 now);

/* Whether only some threads are wanted: then a request that nobody is known to have made is not. */
static __always_inline bool threads_chosen(void)
{
	return filter_tgid || filter_comm_on || filter_cgroup_id;
}

static __always_inline void remember(__u64 address, const struct block_request *request)
{
	if (bpf_map_update_elem(&requests, &address, request, BPF_ANY))
		lose_key();
}

/* What was known by this address is so no more. A request that was issued and never completed is one whose end was missed. */
static __always_inline void replaced(__u64 address)
{
	struct block_request *before = bpf_map_lookup_elem(&requests, &address);

	if (before && before->issue_ns && !before->ignored)
		lose_key();
}

/* The current thread makes a request, which is known by this address. */
static __always_inline void made(__u64 address)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct block_request request = {};

	replaced(address);

	if (!current_wanted()) {
		if (threads_chosen())
			return;
		request.ignored = true;
	}
	request.start_ns = bpf_ktime_get_ns();
	request.tgid = id >> 32;
	request.tid = id;
	bpf_get_current_comm(request.comm, sizeof(request.comm));
	remember(address, &request);
}

/* Takes the bio for which the request was made out of the map; the request takes its place when `keep`. */
static __noinline void settle(struct request *rq, bool keep)
{
	struct bio *bio = BPF_CORE_READ(rq, bio);

	for (int i = 0; i < MAX_BIOS && bio; i++) {
		__u64 address = (__u64)bio;
		struct block_request *found = bpf_map_lookup_elem(&requests, &address);

		if (found) {
			struct block_request request = *found;

			bpf_map_delete_elem(&requests, &address);
			if (keep) {
				replaced((__u64)rq);
				remember((__u64)rq, &request);
			}
			return;
		}
		bio = BPF_CORE_READ(bio, bi_next);
	}
}

/* What is known of a request that is about to be inserted or issued; NULL: it is not wanted, or there is no room. */
static __always_inline struct block_request *known(struct request *rq)
{
	__u64 address = (__u64)rq;
	struct block_request first = {};
	struct block_request *request;

	if (made_by_bio)
		settle(rq, true);
	request = bpf_map_lookup_elem(&requests, &address);
	if (request)
		return request->ignored ? 0 : request;
	if (threads_chosen())
		return 0;
	first.start_ns = bpf_ktime_get_ns();
	remember(address, &first);
	return bpf_map_lookup_elem(&requests, &address);
}

static __always_inline void forget(struct request *rq)
{
	__u64 address = (__u64)rq;

	bpf_map_delete_elem(&requests, &address);
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
		known(rq);
}

static __always_inline void on_issue(struct request *rq, const bool direct)
{
	__u32 dev = disk_number(rq, direct);
	struct block_request *request;

	if (disk_on && dev != disk_dev) {
		if (made_by_bio)
			settle(rq, false);
		forget(rq);
		return;
	}
	request = known(rq);
	if (!request || request->issue_ns)
		return;
	request->sector = MEMBER(direct, rq, __sector);
	request->bytes = MEMBER(direct, rq, __data_len);
	request->flags = MEMBER(direct, rq, cmd_flags);
	request->dev = dev;
	request->issue_ns = bpf_ktime_get_ns();
}

static __always_inline void on_complete(struct request *rq, __u32 bytes, const bool direct)
{
	__u64 address = (__u64)rq;
	struct block_request *request = bpf_map_lookup_elem(&requests, &address);
	/* Before this completion: block/blk-mq.c, blk_update_request() */
	__u32 left = MEMBER(direct, rq, __data_len);

	if (!request) {
		if (made_by_bio && !left)
			settle(rq, false);
		return;
	}
	if (bytes < left)
		return;
	if (!request->ignored) {
		if (request->issue_ns)
			completed(request, bpf_ktime_get_ns());
		else if (left)
			lose_key();
	}
	bpf_map_delete_elem(&requests, &address);
}

static __always_inline void on_merge(__u64 address)
{
	if (made_by_bio)
		settle((struct request *)address, false);
	bpf_map_delete_elem(&requests, &address);
}

/*
 * The programs. Both places of an argument are written out: the verifier wants constant offsets into the context, and
 * removes the one that the constant rules out.
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

/* Its arguments: the request, the error, the bytes. */
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
 * Requests complete in interrupts, which may come while another completion is being handled on the same CPU. Since 5.19 (commit
 * 05b24ff9b2cf) the kernel leaves out a program that is running there already: so there are two, of which one is free, and the
 * second finds nothing to do after the first.
 */
COMPLETE_PROGRAM(btf, "tp_btf", true, block_rq_complete)
COMPLETE_PROGRAM(btf, "tp_btf", true, block_rq_complete_nested)
COMPLETE_PROGRAM(raw, "raw_tp", false, block_rq_complete)
COMPLETE_PROGRAM(raw, "raw_tp", false, block_rq_complete_nested)

/* Whose only use of the request or bio is its address. */
#define ADDRESS_PROGRAM(name, before, handle)                                                                       \
	BLOCK_PROGRAM(btf, "tp_btf", name, before, handle(ctx[0]), handle(ctx[1]))                                  \
	BLOCK_PROGRAM(raw, "raw_tp", name, before, handle(ctx[0]), handle(ctx[1]))

ADDRESS_PROGRAM(block_io_start, false, made)
ADDRESS_PROGRAM(block_getrq, queue_before_bio, made)
ADDRESS_PROGRAM(block_rq_merge, queue_before_request, on_merge)

#endif
