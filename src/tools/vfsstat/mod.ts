/**
 * vfsstat: VFS calls per second, like BCC's vfsstat. Source: bpf/vfsstat/vfsstat.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../../bpf/mod.ts";
import type { Column, Derived } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import { callPrograms, entryHook, functionHook, singleCallPrograms, syscalls } from "../lib/hooks.ts";
import { growths, sumPerCpu } from "../lib/maps.ts";
import type { Counters } from "../lib/struct.ts";
import type { Sampler, Tool } from "../tool.ts";
import { VfsstatCounts } from "./layout.gen.ts";

/** The counters in BCC's order: key, description. */
const COUNTERS = [
  ["read", "calls of vfs_read: read and pread"],
  ["write", "calls of vfs_write: write and pwrite"],
  ["fsync", "calls of vfs_fsync_range: fsync, fdatasync, msync, synchronous writes"],
  ["open", "calls of vfs_open: files opened"],
  ["create", "files created: vfs_create, and opens with O_CREAT that created"],
  ["unlink", "calls of vfs_unlink"],
  ["mkdir", "calls of vfs_mkdir"],
  ["rmdir", "calls of vfs_rmdir"],
] as const;

const KEYS = COUNTERS.map(([key]) => key);

const COLUMNS: readonly Column[] = COUNTERS.map(([key, what]) => ({
  key,
  title: `${key.toUpperCase()}/s`,
  description: `${what[0]!.toUpperCase()}${what.slice(1)}.`,
  unit: "count",
  width: 8,
  align: "right",
  perSecond: true,
  ...(key === "read" ? { peak: "reads" } : {}),
}));

const HOOKS: readonly Hook[] = [
  entryHook("vfs_read", syscalls("syscalls_read")),
  entryHook("vfs_write", syscalls("syscalls_write")),
  functionHook("vfs_fsync_range", (tier) => ({
    all: [`vfs_fsync_range_enter__${tier}`],
    // The compiler may have inlined the function into them.
    any: ["fsync", "fdatasync"].flatMap((call) => singleCallPrograms(call, tier)),
  }), syscalls("syscalls_fsync")),
  entryHook("vfs_open", syscalls("syscalls_open")),
  entryHook("vfs_create", syscalls("syscalls_create")),
  entryHook("vfs_mkdir", syscalls("syscalls_mkdir")),
  // One hook for both, because unlinkat does either.
  functionHook("vfs_unlink and vfs_rmdir", (tier) => ({
    all: [`vfs_unlink_enter__${tier}`, `vfs_rmdir_enter__${tier}`],
    any: callPrograms("do_rmdir", tier),
  }), syscalls("syscalls_remove")),
];

const BYPASSES =
  "vectored I/O, sendfile, splice, copy_file_range, Linux AIO, io_uring, memory-mapped files and the kernel's own I/O " +
  "do not call vfs_read and vfs_write, and are not counted there";

const UPPER_CAVEAT =
  `${BYPASSES}; opens with O_TMPFILE are counted before 6.1; opens by message queues (mq_open) are not counted where the ` +
  "compiler inlined vfs_open (5.10, 6.1)";

/** Calls since the object was loaded. */
type Sample = Counters<VfsstatCounts>;

function sampler({ object }: Attached): Sampler<Sample> {
  const counts = object.map("counts");
  return { sample: () => sumPerCpu(counts, VfsstatCounts) };
}

function derive(sample: Sample, previous: Sample | null): Derived {
  return { rows: previous === null ? [] : [growths(sample, previous)] };
}

export const vfsstat: Tool<Sample> = {
  name: "vfsstat",
  summary: "VFS calls per second, by kind",
  searchWords: "system calls rate fsync mkdir unlink",
  examples: [
    {
      question: "Is the server busy with files, and with which calls?",
      command: "ktop vfsstat 1 10",
      look: "Hundreds of FSYNC/s make databases slow; high CREATE/s together with high UNLINK/s " +
        "mean temporary files.",
    },
  ],
  view: "counters",
  columns: COLUMNS,
  flags: [],
  graph: KEYS,
  hooks: HOOKS,
  caveats: {
    fentry: UPPER_CAVEAT,
    kprobe: UPPER_CAVEAT,
    tracepoint:
      "counts the system calls that reach the VFS function; does not see names opened, created or " +
      "removed by io_uring, message queues (mq_open), or calls by the kernel itself (exec, overlayfs, nfsd, msync, " +
      `synchronous writes), nor, on arm64, 32-bit programs; ${BYPASSES}`,
  },
  configure: ({ filters }) => filterConstants(filters),
  sampler,
  derive,
};
