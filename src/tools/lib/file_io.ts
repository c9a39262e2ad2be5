/**
 * Shared by the tools that count reads and writes of files: hooks, columns, order (bpf/lib/file_io.bpf.h).
 *
 * @module
 */
import type { Hook, VmlinuxBtf } from "../../bpf/mod.ts";
import type { Column, Flag, Row } from "../../model/mod.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { DIRECTORY_DEPTH } from "./directory_filter.ts";
import { callPrograms, exitHook, functionHook, syscalls } from "./hooks.ts";

/** Functions that read a file into a pipe, newest first. Each kernel has one of them. */
const SPLICE_READERS = ["do_splice_read", "vfs_splice_read", "do_splice_to"] as const;
const SPLICE_WRITER = "iter_file_splice_write";

const SPLICE_HOOK: Hook = {
  ...functionHook("splice", (tier) =>
    SPLICE_READERS.map((reader) => ({
      all: tier === "fentry"
        ? [`${reader}_exit__fentry`, `${SPLICE_WRITER}_exit__fentry`]
        : [reader, SPLICE_WRITER].flatMap((name) => callPrograms(name, tier)),
    })), syscalls("syscalls_splice")),
  optional: "sendfile, splice and copy_file_range",
};

/** A vectored read or write. */
function vectorHook(name: "readv" | "writev"): Hook {
  const hook = exitHook(`vfs_${name}`, { kprobeEntry: true, tracepoint: syscalls(`syscalls_${name}`) });
  return { ...hook, optional: `${name} and its family` };
}

/** Linux AIO (bpf/lib/aio.bpf.h). No tracepoint reports it: see the caveats. */
export const AIO_HOOK: Hook = {
  ...functionHook("aio", (tier) => ({
    all: [
      `aio_complete_rw_enter__${tier}`,
      ...(tier === "fentry" ? ["aio_complete_rw_nested_enter__fentry"] : []),
      ...["aio_read", "aio_write"].flatMap((name) => callPrograms(name, tier)),
    ],
  }), { all: [] }),
  optional: "Linux AIO",
};

/** Plain, vectored, spliced and asynchronous reads and writes. No call triggers two of these hooks. */
export const FILE_IO_HOOKS: readonly Hook[] = [
  exitHook("vfs_read", { kprobeEntry: true, tracepoint: syscalls("syscalls_read") }),
  exitHook("vfs_write", { kprobeEntry: true, tracepoint: syscalls("syscalls_write") }),
  vectorHook("readv"),
  vectorHook("writev"),
  SPLICE_HOOK,
  AIO_HOOK,
  {
    name: "io_uring",
    optional: "io_uring",
    tiers: { tracepoint: [{ all: ["io_uring_complete_raw__tracepoint"] }] },
  },
];

/** I/O on files that no tier sees. */
export const UNSEEN_IO =
  "memory-mapped files and the kernel's own I/O (exec, core dumps, swap, loop devices, nfsd)";

/** What each tier misses. */
export const FILE_IO_CAVEATS: Tool["caveats"] = {
  fentry:
    `does not see ${UNSEEN_IO}, nor copies that the file system makes itself (reflink, NFS); counts the reads that ` +
    `nfsd splices, and twice what overlayfs splices; ${DIRECTORY_DEPTH}`,
  kprobe:
    `does not see ${UNSEEN_IO}, nor copies that the file system makes itself (reflink, NFS); counts the reads that ` +
    `nfsd splices; ${DIRECTORY_DEPTH}`,
  tracepoint:
    "sees the read, write, sendfile, splice and copy_file_range families of system calls, and io_uring's reads and writes " +
    "since 6.0 (not its splices); does not see Linux AIO, on arm64 32-bit programs, " +
    `${UNSEEN_IO}; ${DIRECTORY_DEPTH}`,
};

/** The counters, in the order of BCC's columns. */
export const IO_KEYS = ["reads", "writes", "read_bytes", "write_bytes"] as const;

/** A column for each of {@linkcode IO_KEYS}. */
export const IO_COLUMNS: readonly Column[] = [
  {
    key: "reads",
    title: "READS",
    description: "Read calls in the interval.",
    unit: "count",
    peak: "reads",
    width: 6,
    priority: 2,
    align: "right",
  },
  {
    key: "writes",
    title: "WRITES",
    description: "Write calls in the interval.",
    unit: "count",
    width: 6,
    priority: 2,
    align: "right",
  },
  {
    key: "read_bytes",
    title: "R_Kb",
    description: "Bytes read in the interval; text shows KiB.",
    unit: "kb",
    width: 7,
    priority: 3,
    align: "right",
  },
  {
    key: "write_bytes",
    title: "W_Kb",
    description: "Bytes written in the interval; text shows KiB.",
    unit: "kb",
    peak: "written",
    width: 7,
    priority: 3,
    align: "right",
  },
];

/** The choices of `-s`: rows are sorted by the sum of these counters. */
const SORT_KEYS: Readonly<Record<string, readonly string[]>> = {
  reads: ["reads"],
  writes: ["writes"],
  rbytes: ["read_bytes"],
  wbytes: ["write_bytes"],
  all: IO_KEYS,
};

/** `-s`: see {@linkcode sortIo}. */
export const SORT_BY: Flag = {
  name: "sort-by",
  letter: "s",
  kind: "choice",
  argument: "COUNTER",
  choices: Object.keys(SORT_KEYS),
  orders: SORT_KEYS,
  default: "all",
  description: "sort rows by this counter",
};

/** `-r`, applied by all outputs. */
export const ROWS: Flag = {
  name: "rows",
  printOnly: true,
  letter: "r",
  kind: "integer",
  argument: "ROWS",
  min: 1,
  description: "at most this many rows (text: 20)",
};

/** Rows sorted by the counters that `-s` names, largest first. */
export function sortIo(rows: readonly Row[], { flags }: ToolOptions): Row[] {
  const keys = SORT_KEYS[flags["sort-by"] as string] ?? IO_KEYS;
  const weights = rows.map((row) => keys.reduce((sum, key) => sum + (row[key] as number), 0));
  const order = rows.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]!);
  return order.map((i) => rows[i]!);
}

/**
 * The number of arguments of the kernel's io_uring_complete tracepoint, without its context: 3 or 7 if the request is
 * one of them; 0 if it is not, so that io_uring is not counted.
 */
export function ioUringArguments(types: VmlinuxBtf): Constants {
  const parameters = types.parameterCount("btf_trace_io_uring_complete");
  const known = parameters === null ? 0 : parameters - 1;
  return { io_uring_complete_args: known === 3 || known === 7 ? known : 0 };
}
