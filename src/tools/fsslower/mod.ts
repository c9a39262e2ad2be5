/**
 * fsslower: file-system operations slower than a threshold, like BCC's ext4slower, xfsslower and btrfsslower. Source:
 * bpf/fsslower/fsslower.bpf.c.
 *
 * @module
 */
import type { Column, Row } from "../../model/mod.ts";
import { TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { BYTES, COMM, FILE, FILE_IDENTITY, LAT_MS, PID, TID } from "../lib/file_columns.ts";
import { filterConstants } from "../lib/filter.ts";
import {
  FULL_PATH,
  FULL_PATH_COLUMN,
  fullPathConstants,
  fullPathHooks,
  withFullPath,
} from "../lib/full_path.ts";
import {
  absentFileSystem,
  forFileSystem,
  FS_CAVEATS,
  fsConstants,
  fsHooks,
  TYPE_FLAG,
} from "../lib/fs_calls.ts";
import { deviceName } from "../lib/mounts.ts";
import { openFilePath, Walked } from "../lib/paths.ts";
import { minMs, thresholdConstants } from "../lib/threshold.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { FsslowerEvent } from "./layout.gen.ts";

/** BCC's letters of the operations, in the order of enum fs_operation (bpf/lib/fs_call.bpf.h). */
const LETTERS = ["R", "W", "O", "S"] as const;

const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When the operation ended." },
  COMM,
  PID,
  { ...TID, shown: "data" },
  {
    key: "operation",
    title: "T",
    description: "Type of the operation: R read, W write, O open, S fsync.",
    unit: "text",
    width: 1,
    priority: 0,
    align: "left",
    metricLabel: "operation",
  },
  { ...BYTES, description: "Bytes read or written; unknown for other operations and failed ones." },
  {
    key: "offset_bytes",
    title: "OFF_KB",
    description: "Offset in the file at which a read or write started; text shows KiB.",
    unit: "kb",
    width: 8,
    priority: -3,
    align: "right",
    adds: false,
  },
  { ...LAT_MS, description: "Milliseconds from the start of the operation to its end." },
  { ...FILE, title: "FILENAME" },
  FULL_PATH_COLUMN,
  ...FILE_IDENTITY,
  ...WHO,
];

/** Makes the row of an event. */
export const readEvent: ReadEvent<FsslowerEvent> = (event, clock) => {
  const operation = LETTERS[event.operation]!;
  const moves = operation === "R" || operation === "W";
  return {
    time: clock.iso(event.time_ns),
    comm: event.comm,
    ...whoOf(event, event.pid),
    pid: event.pid,
    tid: event.tid,
    operation,
    bytes: moves && event.ret >= 0 ? event.ret : null,
    offset_bytes: moves && event.offset >= 0 ? event.offset : null,
    lat_ms: event.lat_ns / 1e6,
    file: event.file || null,
    path: event.walked === Walked.none ? null : openFilePath(event, event.trailingTexts(0)),
    dev: deviceName(event.dev),
    inode: event.inode,
  };
};

function configure(options: ToolOptions): Constants {
  return {
    ...filterConstants(options.filters),
    ...fsConstants(options),
    ...fullPathConstants(options),
    ...thresholdConstants(options.flags),
  };
}

export const fsslower: Tool<readonly Row[]> = {
  name: "fsslower",
  summary: "reads, writes, opens and fsyncs of a file system slower than a threshold",
  searchWords: "slowest slow latency disk fsync ext4 xfs btrfs nfs",
  examples: [
    {
      question: "Is the file system slow?",
      command: "ktop fsslower 20",
      look: "T is S for an fsync and O for an open. Many S on one FILENAME: its program waits for the " +
        "disk on each sync.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: (options) => withFullPath(COLUMNS, options),
  positional: minMs("operations"),
  flags: [
    TYPE_FLAG,
    FULL_PATH,
    {
      name: "comma",
      letter: "j",
      kind: "switch",
      sameAs: "csv",
      description: "same as --csv",
    },
  ],
  graph: [],
  hooks: (options) => fullPathHooks(fsHooks(options), options),
  absent: absentFileSystem,
  caveats: FS_CAVEATS,
  configure,
  sampler: (attached) => eventSampler(attached, FsslowerEvent, readEvent),
  derive: eventRows,
};

const named = (type: string): Tool<readonly Row[]> =>
  forFileSystem(fsslower, type, `${type}slower`, `${type} operations slower than a threshold`);

/** `fsslower -t FS` under BCC's name for each file system. */
export const fsslowerAliases: readonly Tool<readonly Row[]>[] = [named("ext4"), named("xfs"), named("btrfs")];
