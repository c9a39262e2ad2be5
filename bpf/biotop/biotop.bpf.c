// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * biotop: completed block requests, their bytes and latency, by process, disk and operation; with by_file also by file. A request that
 * writes back pages of the page cache counts for the process that dirtied them, where it is known.
 *
 * Hooks by tier
 *   tracepoint  block_io_start or block_getrq, block_rq_insert, _issue, _complete, _merge: block.bpf.h; writeback_dirty_folio or
 *               writeback_dirty_page: block_file.bpf.h
 *   No other tier: the tracepoints are stable and cheap.
 *
 * Maps
 *   requests  block.bpf.h
 *   dirtied, writers  block_file.bpf.h
 *   totals    two hashes, 10240 each, with by_file 1: struct biotop_key -> struct biotop_value. Elements of 48 + 24 + 64 bytes: 2.9 MB
 *             with the buckets
 *   files     two hashes, 1 each, with by_file 10240: struct biotop_key -> struct biotop_file. Elements of 48 + 24 + 328 bytes: 8.4 MB
 *             with the buckets
 *
 * Cost: that of block.bpf.h and block_file.bpf.h, and for each completed request a lookup in `totals` or `files` and three or four atomic
 * additions.
 *
 * Caveats: those of block.bpf.h and block_file.bpf.h
 */
#define BLOCK_FILES 1
#include "lib/block.bpf.h"
#include "lib/double_hash.bpf.h"
#include "lib/maps.bpf.h"
#include "biotop.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* One entry per file. */
const volatile bool by_file = false;

DOUBLE_HASH(totals, 10240, struct biotop_key, struct biotop_value);
DOUBLE_HASH(files, 1, struct biotop_key, struct biotop_file);

/* Where the first request of a file is put together: it would take half of the stack. Requests complete one at a time on a CPU. */
ONE_PER_CPU(first_of_file, struct biotop_file);

static __always_inline void add_request(struct biotop_value *value, const struct biotop_value *one)
{
	ADD(value->requests, 1);
	ADD(value->bytes, one->bytes);
	ADD(value->lat_ns, one->lat_ns);
	if (one->written_back)
		ADD(value->written_back, 1);
}

static __always_inline void add_to_total(const struct biotop_key *key, const struct biotop_value *one)
{
	struct biotop_value *value = bpf_map_lookup_elem(ACTIVE(totals), key);

	if (!value)
		value = insert_first(ACTIVE(totals), key, one);
	if (value)
		add_request(value, one);
}

/* The first request of a file in an interval. Returns as insert_first(). */
static __always_inline struct biotop_file *insert_file(const struct biotop_key *key, const struct block_file *of,
							const struct biotop_value *one)
{
	struct biotop_file *first = only_entry(&first_of_file);
	struct dentry *dentry = dentry_of_file(of);

	if (!first)
		return 0;
	first->total = *one;
	first->file[0] = 0;
	if (dentry)
		bpf_probe_read_kernel_str(first->file, sizeof(first->file), BPF_CORE_READ(dentry, d_name.name));
	return insert_first(ACTIVE(files), key, first);
}

static __always_inline void add_to_file(const struct biotop_key *key, const struct block_file *of, const struct biotop_value *one)
{
	struct biotop_file *file = bpf_map_lookup_elem(ACTIVE(files), key);

	if (!file)
		file = insert_file(key, of, one);
	if (file)
		add_request(&file->total, one);
}

static __always_inline void on_request_complete(const struct block_request *request, __u64 now)
{
	const struct block_file *file = &request->file;
	struct biotop_value one = { .requests = 1, .bytes = request->bytes, .lat_ns = now - request->issue_ns };
	struct biotop_key key = { .pid = request->tgid, .dev = request->dev, .operation = request->flags & 0xff };

	if (file->writer_tid) {
		key.pid = file->writer.tgid;
		one.written_back = request->tgid && file->writer.tgid != request->tgid;
		one.cgroup_id = file->writer.cgroup_id;
		one.uid = file->writer.uid;
		__builtin_memcpy(one.comm, file->writer.comm, sizeof(one.comm));
	} else {
		one.cgroup_id = request->cgroup_id;
		one.uid = request->uid;
		__builtin_memcpy(one.comm, request->comm, sizeof(one.comm));
	}
	if (!by_file) {
		add_to_total(&key, &one);
		return;
	}
	key.inode = file->number;
	key.fs_dev = file->dev;
	add_to_file(&key, file, &one);
}
