/**
 * The calls that readpath follows: the functions and tracepoints inside them, their outcomes, hooks and graphs.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { GraphSeries, Row, TierName } from "../../model/mod.ts";
import { callPrograms } from "../lib/hooks.ts";
import type { ToolOptions } from "../tool.ts";

/** In the order of enum readpath_function: the name, and the name in the tracepoint tier if that differs. */
export const FUNCTIONS: readonly (readonly [name: string, tracepoint?: string])[] = [
  ["vfs_read", "read"],
  ["generic_file_buffered_read"],
  ["filemap_read"],
  ["filemap_get_pages", "mm_filemap_get_pages"],
  ["page_cache_sync_ra"],
  ["page_cache_async_ra"],
  ["page_cache_ra_unbounded"],
  ["read_pages"],
  ["filemap_add_folio", "mm_filemap_add_to_page_cache"],
  ["add_to_page_cache_lru"],
  ["filemap_read_folio"],
  ["folio_wait_bit_common"],
  ["copy_page_to_iter"],
  ["read: hit"],
  ["read: readahead"],
  ["read: miss"],
  ["read: other"],
  ["vfs_write", "write"],
  ["vfs_writev", "writev"],
  ["generic_file_write_iter"],
  ["ext4_file_write_iter"],
  ["ext4_buffered_write_iter"],
  ["xfs_file_write_iter"],
  ["btrfs_file_write_iter"],
  ["shmem_file_write_iter"],
  ["file_update_time"],
  ["generic_perform_write"],
  ["iomap_file_buffered_write"],
  ["ext4_da_write_begin"],
  ["ext4_da_write_end"],
  ["ext4_write_begin"],
  ["ext4_write_end"],
  ["simple_write_begin"],
  ["simple_write_end"],
  ["shmem_write_begin"],
  ["shmem_write_end"],
  ["iov_iter_copy_from_user_atomic"],
  ["copy_page_from_iter_atomic"],
  ["copy_folio_from_iter_atomic"],
  ["balance_dirty_pages_ratelimited"],
  ["balance_dirty_pages_ratelimited_flags"],
  ["generic_file_direct_write"],
  ["iomap_dio_rw", "iomap_dio_rw_begin"],
  ["__iomap_dio_rw"],
  ["vfs_fsync_range"],
  ["ext4_sync_file", "ext4_sync_file_enter"],
  ["submit_bio", "block_bio_queue"],
  ["ext4_da_reserve_space"],
  ["balance_dirty_pages"],
  ["writeback_dirty_folio"],
  ["writeback_dirty_page"],
  ["write: buffered"],
  ["write: delalloc"],
  ["write: throttled"],
  ["write: direct"],
  ["write: sync"],
  ["write: other"],
  ["open"],
  ["openat"],
  ["openat2"],
  ["creat"],
  ["getname_flags"],
  ["do_filp_open"],
  ["do_file_open"],
  ["path_openat"],
  ["alloc_empty_file"],
  ["link_path_walk"],
  ["inode_permission"],
  ["lookup_fast"],
  ["lookup_slow"],
  ["__lookup_slow"],
  ["lookup_open"],
  ["d_alloc_parallel"],
  ["ext4_lookup"],
  ["xfs_vn_lookup"],
  ["btrfs_lookup"],
  ["ovl_lookup"],
  ["simple_lookup"],
  ["ext4_create"],
  ["xfs_vn_create"],
  ["btrfs_create"],
  ["shmem_create"],
  ["ramfs_create"],
  ["do_open"],
  ["may_open"],
  ["vfs_open"],
  ["do_dentry_open"],
  ["security_file_open"],
  ["ext4_file_open"],
  ["do_truncate"],
  ["ext4_allocate_inode"],
  ["ext4_truncate_enter"],
  ["open: hit"],
  ["open: lookup"],
  ["open: opened"],
  ["open: created"],
  ["open: failed"],
];

/** The values of `--call`, in the order of enum readpath_call. */
export const CALL_NAMES = ["read", "write", "open"] as const;
export type CallName = typeof CALL_NAMES[number];

/** A call that is followed. Names are those of the upper tiers. */
interface FollowedCall {
  /** The functions, or system calls, in which it starts. */
  readonly outermost: readonly string[];
  /** Functions inside them. Each kernel has some of them. */
  readonly inner: readonly string[];
  /** Tracepoints inside them, on every tier. */
  readonly marks: readonly string[];
  /** Tracepoints inside them, of the tracepoint tier. */
  readonly tracepoints: readonly string[];
  /** What became of it: each call has one. */
  readonly outcomes: readonly string[];
  readonly graph: readonly GraphSeries[];
}

/** The functions from the first to the last of these. */
function between(first: string, last: string): string[] {
  const names = FUNCTIONS.map(([name]) => name);
  return names.slice(names.indexOf(first), names.indexOf(last) + 1);
}

/** Calls of the rows with these names. */
function callsOf(rows: readonly Row[], names: readonly string[]): number {
  return rows.reduce((sum, { func, calls }) => names.includes(String(func)) ? sum + Number(calls) : sum, 0);
}

/** All calls: functions contain one another, but each call has one outcome. */
const callsGraph = (title: string, outcomes: readonly string[]): GraphSeries => ({
  key: title,
  title,
  unit: "count",
  value: (rows) => callsOf(rows, outcomes),
});

/** Part of the calls with the outcomes `of` that have the outcomes `part`. */
const shareGraph = (
  key: string,
  title: string,
  part: readonly string[],
  of: readonly string[],
): GraphSeries => ({
  key,
  title,
  unit: "pct",
  value: (rows) => {
    const all = callsOf(rows, of);
    return all > 0 ? 100 * callsOf(rows, part) / all : null;
  },
});

const READ_OUTCOMES = between("read: hit", "read: other");
const WRITE_OUTCOMES = between("write: buffered", "write: other");
const OPEN_OUTCOMES = between("open: hit", "open: failed");
const CACHED_READS = ["read: hit", "read: readahead"];

const CALLS: Readonly<Record<CallName, FollowedCall>> = {
  read: {
    outermost: ["vfs_read"],
    inner: between("generic_file_buffered_read", "copy_page_to_iter"),
    marks: [],
    tracepoints: [
      "mm_filemap_get_pages",
      "mm_filemap_add_to_page_cache",
      "page_cache_sync_ra",
      "page_cache_async_ra",
      "page_cache_ra_unbounded",
    ],
    outcomes: READ_OUTCOMES,
    graph: [
      callsGraph("reads", READ_OUTCOMES),
      shareGraph("hit_pct", "hit rate", CACHED_READS, [...CACHED_READS, "read: miss"]),
    ],
  },
  write: {
    outermost: ["vfs_write", "vfs_writev"],
    inner: [
      ...between("generic_file_write_iter", "shmem_write_end"),
      "filemap_add_folio",
      "add_to_page_cache_lru",
      "folio_wait_bit_common",
      ...between("iov_iter_copy_from_user_atomic", "submit_bio"),
    ],
    marks: ["ext4_da_reserve_space", "balance_dirty_pages"],
    tracepoints: [
      ...between("ext4_da_write_begin", "ext4_write_end"),
      "mm_filemap_add_to_page_cache",
      "writeback_dirty_folio",
      "writeback_dirty_page",
      "iomap_dio_rw_begin",
      "ext4_sync_file_enter",
      "block_bio_queue",
    ],
    outcomes: WRITE_OUTCOMES,
    graph: [
      callsGraph("writes", WRITE_OUTCOMES),
      shareGraph(
        "waited_pct",
        "sync, direct or throttled",
        ["write: sync", "write: direct", "write: throttled"],
        WRITE_OUTCOMES,
      ),
    ],
  },
  open: {
    outermost: between("open", "creat"),
    inner: [...between("getname_flags", "do_truncate"), "submit_bio"],
    marks: [],
    tracepoints: ["ext4_allocate_inode", "ext4_truncate_enter", "block_bio_queue"],
    outcomes: OPEN_OUTCOMES,
    graph: [
      callsGraph("opens", OPEN_OUTCOMES),
      shareGraph("failed_pct", "failed", ["open: failed"], OPEN_OUTCOMES),
    ],
  },
};

/** The programs on each open call, of 64-bit programs and on x86-64 of 32-bit programs; the first exists everywhere. */
const OPEN_CALLS = [
  "sys_openat",
  "sys_open",
  "sys_openat2",
  "sys_creat",
  ...Deno.build.arch === "x86_64"
    ? ["ia32_compat_sys_openat", "ia32_compat_sys_open", "ia32_sys_openat2", "ia32_sys_creat"]
    : [],
];

export const callName = ({ flags }: ToolOptions): CallName => flags.call as CallName | undefined ?? "read";

export const followedCall = (options: ToolOptions): FollowedCall => CALLS[callName(options)];

/** Positions in {@linkcode FUNCTIONS} of all that is counted for a call, in the order of the rows: what became of the calls comes first. */
export function functionIndexes({ outermost, inner, marks, tracepoints, outcomes }: FollowedCall): number[] {
  const names = [...outermost, ...outcomes, ...inner, ...marks, ...tracepoints];
  const indexes = names.map((wanted) =>
    FUNCTIONS.findIndex(([name, tracepoint]) => name === wanted || tracepoint === wanted)
  );
  return [...new Set(indexes)];
}

export function functionName(index: number, tier: string): string {
  const [name, tracepoint] = FUNCTIONS[index]!;
  return tier === "tracepoint" && tracepoint !== undefined ? tracepoint : name;
}

const tracepointPrograms = (names: readonly string[]): string[] => names.map((name) => `${name}__tracepoint`);

/**
 * Alternatives for reads and what is inside them, best first: with these, a program reports that a read uses the page
 * cache.
 */
function readSets(
  reads: readonly string[],
  pageCache: readonly (readonly string[])[],
  any: readonly string[],
): ProgramSet[] {
  return [
    ...pageCache.map((programs) => ({
      all: [...reads, ...programs],
      any,
      constants: { page_cache_watched: true },
    })),
    { all: reads, any },
  ];
}

/** The programs on the functions or system calls in which a call starts, and those inside them. */
function programsOf({ outermost, inner, marks, tracepoints }: FollowedCall, tier: TierName) {
  if (tier === "tracepoint") {
    return {
      calls: callPrograms("sys", "tracepoint"),
      inside: tracepointPrograms([...marks, ...tracepoints]),
    };
  }
  const programs = (names: readonly string[]): string[] => names.flatMap((name) => callPrograms(name, tier));
  return { calls: programs(outermost), inside: [...tracepointPrograms(marks), ...programs(inner)] };
}

/** Opens, best first: with the function that shows whether the file system was asked. */
function openSets(tier: "fentry" | "kprobe"): ProgramSet[] {
  const { inside } = programsOf(CALLS.open, tier);
  const [all, ...ifPresent] = OPEN_CALLS.map((name) => callPrograms(name, tier));
  const set = { all: all!, ifPresent: ifPresent.flat(), any: inside };
  const watched = {
    all: [...all!, ...callPrograms("d_alloc_parallel", tier)],
    constants: { lookups_watched: true },
  };
  return [{ ...set, ...watched }, set];
}

function setsOf(name: CallName, tier: TierName): ProgramSet[] {
  if (name === "open" && tier !== "tracepoint") return openSets(tier);
  const { calls, inside } = programsOf(CALLS[name], tier);
  if (name !== "read") return [{ all: calls, any: inside }];
  const pageCache = tier === "tracepoint"
    ? [tracepointPrograms(["mm_filemap_get_pages"])]
    : ["filemap_read", "generic_file_buffered_read"].map((name) => callPrograms(name, tier));
  return readSets(calls, pageCache, inside);
}

export function hooks(options: ToolOptions): readonly Hook[] {
  const name = callName(options);
  return [{
    name: CALLS[name].outermost[0]!,
    tiers: {
      fentry: setsOf(name, "fentry"),
      kprobe: setsOf(name, "kprobe"),
      tracepoint: setsOf(name, "tracepoint"),
    },
  }];
}
