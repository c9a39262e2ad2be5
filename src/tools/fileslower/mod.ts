/**
 * fileslower: single reads and writes slower than a threshold, like BCC's fileslower. Source: bpf/fileslower/fileslower.bpf.c.
 *
 * @module
 */
import type { Hook } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { TIME_BESIDE_S, TIME_S_IN_TEXT } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { DIRECTORY, DIRECTORY_DEPTH, directoryConstants, directoryTypes } from "../lib/directory_filter.ts";
import { BYTES, COMM, FILE, FILE_IDENTITY, LAT_MS, PID, TID } from "../lib/file_columns.ts";
import { AIO_HOOK, UNSEEN_IO } from "../lib/file_io.ts";
import { filterConstants } from "../lib/filter.ts";
import {
  FULL_PATH,
  FULL_PATH_COLUMN,
  fullPathConstants,
  fullPathHooks,
  withFullPath,
} from "../lib/full_path.ts";
import { callHook, syscalls } from "../lib/hooks.ts";
import { deviceName } from "../lib/mounts.ts";
import { openFilePath, Walked } from "../lib/paths.ts";
import { minMs, thresholdConstants } from "../lib/threshold.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { FileslowerEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  TIME_S_IN_TEXT,
  TIME_BESIDE_S,
  COMM,
  TID,
  { ...PID, shown: "data" },
  {
    key: "direction",
    title: "D",
    description: "Direction: R a read, W a write.",
    unit: "text",
    width: 1,
    priority: 0,
    align: "left",
    metricLabel: "operation",
  },
  BYTES,
  LAT_MS,
  { ...FILE, title: "FILENAME" },
  FULL_PATH_COLUMN,
  ...FILE_IDENTITY,
  ...WHO,
];

const HOOKS: readonly Hook[] = [
  callHook("vfs_read", syscalls("syscalls_read")),
  callHook("vfs_write", syscalls("syscalls_write")),
  { ...callHook("vfs_readv", syscalls("syscalls_readv")), optional: "readv and its family" },
  { ...callHook("vfs_writev", syscalls("syscalls_writev")), optional: "writev and its family" },
  AIO_HOOK,
];

/** Calls that move data of several reads and writes, or return before it is moved, and what no tier sees. */
const UNSEEN = `sendfile, splice, copy_file_range, io_uring, ${UNSEEN_IO}`;

const UPPER_CAVEAT =
  `times Linux AIO from io_submit to the completion; does not see ${UNSEEN}; ${DIRECTORY_DEPTH}`;

/** Makes the row of an event. */
export const readEvent: ReadEvent<FileslowerEvent> = (event, clock) => ({
  time_s: clock.seconds(event.time_ns),
  time: clock.iso(event.time_ns),
  comm: event.comm,
  ...whoOf(event, event.pid),
  tid: event.tid,
  pid: event.pid,
  direction: event.writes === 0 ? "R" : "W",
  bytes: event.ret < 0 ? null : event.ret,
  lat_ms: event.lat_ns / 1e6,
  file: event.file || null,
  path: event.walked === Walked.none ? null : openFilePath(event, event.trailingTexts(0)),
  dev: deviceName(event.dev),
  inode: event.inode,
});

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  return {
    ...filterConstants(filters),
    ...directoryConstants(options),
    ...fullPathConstants(options),
    ...thresholdConstants(flags),
    all_files: flags["all-types"] === true,
  };
}

export const fileslower: Tool<readonly Row[]> = {
  name: "fileslower",
  summary: "single reads and writes of files slower than a threshold",
  searchWords: "slowest slow latency read write",
  examples: [
    {
      question: "Which reads and writes made a request slow?",
      command: "ktop fileslower 50",
      look: "LAT(ms) and FILENAME; D is R for a read and W for a write.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: (options) => withFullPath(COLUMNS, options),
  positional: minMs("calls"),
  flags: [
    { name: "all-types", letter: "a", kind: "switch", description: "all file types, not only regular files" },
    DIRECTORY,
    FULL_PATH,
  ],
  graph: [],
  hooks: (options) => fullPathHooks(HOOKS, options),
  caveats: {
    fentry: UPPER_CAVEAT,
    kprobe: UPPER_CAVEAT,
    tracepoint:
      `times whole system calls of the read and write families; does not see Linux AIO, on arm64 32-bit programs, ${UNSEEN}; ${DIRECTORY_DEPTH}`,
  },
  configure,
  adapt: directoryTypes,
  sampler: (attached) => eventSampler(attached, FileslowerEvent, readEvent),
  derive: eventRows,
};
