/**
 * fileslower: single reads and writes slower than a threshold, as BCC's fileslower. Source: bpf/fileslower.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../bpf/mod.ts";
import { eventSampler, type ReadEvent } from "./events.ts";
import { FileslowerEvent } from "./fileslower.gen.ts";
import { deviceName, filterConstants } from "./filter.ts";
import { callHook, syscalls } from "./hooks.ts";
import { readCount, readText } from "./records.ts";
import type { Column, Constant, Derived, Row, Sampler, Tool, ToolOptions } from "./tool.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "time_s",
    title: "TIME(s)",
    description: "Seconds since ktop began to watch, when the call ended.",
    unit: "s",
    width: 12,
    align: "left",
  },
  {
    key: "time",
    title: "TIME",
    description: "When the call ended.",
    unit: "time",
    width: 8,
    align: "left",
    shown: "data",
  },
  { key: "comm", title: "COMM", description: "Name of the thread.", unit: "text", width: 16, align: "left" },
  { key: "tid", title: "TID", description: "Thread id.", unit: "id", width: 7, align: "left" },
  {
    key: "pid",
    title: "PID",
    description: "Process id (tgid).",
    unit: "id",
    width: 7,
    align: "left",
    shown: "data",
  },
  {
    key: "direction",
    title: "D",
    description: "Direction: R a read, W a write.",
    unit: "text",
    width: 1,
    align: "left",
  },
  {
    key: "bytes",
    title: "BYTES",
    description: "Bytes read or written; unknown where the call failed.",
    unit: "bytes",
    width: 7,
    align: "right",
  },
  {
    key: "lat_ms",
    title: "LAT(ms)",
    description: "Milliseconds from the start of the call to its end.",
    unit: "ms",
    width: 9,
    align: "right",
  },
  {
    key: "file",
    title: "FILENAME",
    description: "Name of the file.",
    unit: "text",
    width: 24,
    align: "left",
  },
  {
    key: "dev",
    title: "DEV",
    description: "Device of the file system, major:minor.",
    unit: "id",
    width: 7,
    align: "left",
    shown: "data",
  },
  {
    key: "inode",
    title: "INODE",
    description: "Inode number.",
    unit: "id",
    width: 10,
    align: "left",
    shown: "data",
  },
];

const HOOKS: readonly Hook[] = [
  callHook("vfs_read", syscalls("syscalls_read")),
  callHook("vfs_write", syscalls("syscalls_write")),
  { ...callHook("vfs_readv", syscalls("syscalls_readv")), optional: "readv and its family" },
  { ...callHook("vfs_writev", syscalls("syscalls_writev")), optional: "writev and its family" },
];

/** Makes a row of a record. */
export const readEvent: ReadEvent = ({ view, at, length, clock }) => {
  const { offset, length: lengths } = FileslowerEvent;
  const ret = Number(view.getBigInt64(at + offset.ret, true));
  return {
    time_s: clock.seconds(view, at + offset.time_ns),
    time: clock.iso(view, at + offset.time_ns),
    comm: readText(view, at + offset.comm, lengths.comm),
    tid: view.getUint32(at + offset.tid, true),
    pid: view.getUint32(at + offset.pid, true),
    direction: view.getUint32(at + offset.writes, true) === 0 ? "R" : "W",
    bytes: ret < 0 ? null : ret,
    lat_ms: readCount(view, at + offset.lat_ns) / 1e6,
    file: readText(view, at + offset.file, length - offset.file) || null,
    dev: deviceName(view.getUint32(at + offset.dev, true)),
    inode: readCount(view, at + offset.inode),
  };
};

function sampler(attached: Attached): Sampler<readonly Row[]> {
  return eventSampler(attached, "events", readEvent);
}

function derive(events: readonly Row[], previous: readonly Row[] | null): Derived {
  return { rows: previous === null ? [] : events };
}

function configure({ filters, flags }: ToolOptions): { constants: Record<string, Constant> } {
  return {
    constants: {
      ...filterConstants(filters),
      min_ns: BigInt(flags["min-ms"] as number) * 1_000_000n,
      all_files: flags["all-types"] === true,
    },
  };
}

/** fileslower, the tool. */
export const fileslower: Tool<readonly Row[]> = {
  name: "fileslower",
  summary: "single reads and writes of files slower than a threshold",
  view: "events",
  columns: COLUMNS,
  positional: {
    name: "min-ms",
    kind: "integer",
    argument: "MIN_MS",
    default: 10,
    min: 0,
    description: "report calls of at least this many milliseconds (default 10)",
  },
  flags: [
    { name: "all-types", letter: "a", kind: "switch", description: "all file types, not only regular files" },
  ],
  graph: [],
  hooks: HOOKS,
  caveats: {
    tracepoint:
      "times whole system calls of the read and write families; not I/O by the kernel's own threads",
  },
  configure,
  sampler,
  derive,
};
