/**
 * biosnoop: each block request with its thread and latency, like BCC's biosnoop. Source: bpf/biosnoop/biosnoop.bpf.c.
 *
 * @module
 */
import type { Column, Row } from "../../model/mod.ts";
import {
  BLOCK_FILE_CAVEAT,
  BLOCK_FILE_HOOKS,
  blockArguments,
  blockFileConstants,
  DISK,
  DiskNames,
  type FlagWords,
  flagWords,
  prepareFlagWords,
} from "../lib/block_io.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TID, TIME_BESIDE_S, TIME_S_IN_TEXT } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { FILE, FILE_IDENTITY } from "../lib/file_columns.ts";
import { deviceName } from "../lib/mounts.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Tool } from "../tool.ts";
import { BiosnoopEvent } from "./layout.gen.ts";

const OF_WRITER: Readonly<Record<string, string>> = {
  uid: "Real user id of the process that dirtied the pages; if unknown, of the one that issued the request.",
  cgroup_id: "Cgroup of that process when it was counted: the inode number of its directory.",
};

const COLUMNS: readonly Column[] = [
  {
    ...TIME_S_IN_TEXT,
    description: "When the request was completed, in seconds since the tool was first started.",
  },
  { ...TIME_BESIDE_S, description: "When the request was completed." },
  { ...COMM, description: "Name of the thread that issued the request.", priority: 2 },
  { ...PID, description: "Its process id." },
  { ...TID, description: "Its thread id.", shown: "data" },
  {
    key: "disk",
    title: "DISK",
    description: "Name of the disk.",
    unit: "text",
    width: 10,
    priority: 1,
    align: "left",
    metricLabel: "device",
  },
  {
    key: "type",
    title: "T",
    description: "R read, W write, F flush, D discard or erase, Z zone, P passed through to the driver.",
    unit: "text",
    width: 1,
    align: "left",
    metricLabel: "operation",
  },
  {
    key: "sector",
    title: "SECTOR",
    description: "First sector on the disk, in units of 512 bytes.",
    unit: "id",
    width: 10,
    priority: -3,
    align: "left",
  },
  {
    key: "bytes",
    title: "BYTES",
    description: "Size, including requests merged into it.",
    unit: "bytes",
    width: 7,
    align: "right",
  },
  {
    key: "queue_ms",
    title: "QUE(ms)",
    description: "Milliseconds from its creation to its first issue to the driver.",
    unit: "ms",
    width: 9,
    priority: -1,
    align: "right",
    shown: "wide",
  },
  {
    key: "lat_ms",
    title: "LAT(ms)",
    description: "Milliseconds from its first issue to the driver to the completion of its last byte.",
    unit: "ms",
    peak: "latency",
    width: 9,
    priority: 3,
    align: "right",
  },
  {
    key: "flags",
    title: "FLAGS",
    description: "Operation and flags, as biolatency -F names them.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "data",
  },
  {
    ...PID,
    key: "writer_pid",
    title: "WPID",
    description: "Process that dirtied the pages which it writes back.",
    shown: "wide",
  },
  {
    ...TID,
    key: "writer_tid",
    title: "WTID",
    description: "Thread that dirtied the first of them.",
    shown: "data",
  },
  {
    ...COMM,
    key: "writer_comm",
    title: "WRITER",
    description: "Name of that thread.",
    priority: -1,
    shown: "wide",
  },
  {
    ...FILE,
    description: "Name of the file whose pages it reads or writes back.",
    width: 16,
    minWidth: 12,
    priority: -1,
  },
  ...FILE_IDENTITY,
  ...WHO.map((column): Column => ({ ...column, description: OF_WRITER[column.key] ?? column.description })),
];

/** The sector of a request without one: 2^64-1, as a rounded number. */
const NO_SECTOR = 2 ** 64;

/** Makes rows of events; `disks` and `words` name their disks and flags. */
export function eventReader(disks: Pick<DiskNames, "of">, words: FlagWords): ReadEvent<BiosnoopEvent> {
  return (event, clock) => {
    const { tid, flags, sector, writer_tid, fs_dev } = event;
    const isWriterKnown = writer_tid !== 0;
    const isFileKnown = fs_dev !== 0;
    return {
      time_s: clock.seconds(event.time_ns),
      time: clock.iso(event.time_ns),
      comm: tid === 0 ? null : event.comm,
      ...whoOf(event, isWriterKnown ? event.writer_pid : event.pid),
      pid: tid === 0 ? null : event.pid,
      tid: tid === 0 ? null : tid,
      disk: disks.of(event.dev),
      type: words.letter(flags),
      sector: sector === NO_SECTOR ? null : sector,
      bytes: event.bytes,
      queue_ms: event.queue_ns / 1e6,
      lat_ms: event.lat_ns / 1e6,
      flags: words.all(flags),
      writer_pid: isWriterKnown ? event.writer_pid : null,
      writer_tid: isWriterKnown ? writer_tid : null,
      writer_comm: isWriterKnown ? event.writer_comm : null,
      file: isFileKnown ? event.file || null : null,
      dev: isFileKnown ? deviceName(fs_dev) : null,
      inode: isFileKnown ? event.inode : null,
    };
  };
}

export const biosnoop: Tool<readonly Row[]> = {
  name: "biosnoop",
  summary: "each block I/O: process, disk, latency, file",
  searchWords: "disk iostat slowest slow latency request storage",
  examples: [
    {
      question: "Which process makes the slow disk accesses?",
      command: "ktop biosnoop -Q",
      look:
        "LAT(ms) of each access, QUE(ms) before it, and the FILE. Writes by a kworker write back what other processes wrote some " +
        "seconds ago: --writer shows them.",
    },
    {
      question: "Which file does the disk write all the time, and who writes it?",
      command: "ktop biosnoop --writer",
      look:
        "T is W, and the same FILE again and again: WRITER and WPID have written it. FILE is - for direct I/O, and for the metadata of " +
        "file systems.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) =>
    withSwitched(COLUMNS, flags, {
      queue_ms: "queue",
      writer_pid: "writer",
      writer_comm: "writer",
    }),
  flags: [
    { name: "queue", letter: "Q", kind: "switch", description: "show the time in the kernel's queues" },
    { name: "writer", kind: "switch", description: "show the process that dirtied the pages of a write" },
    DISK,
  ],
  graph: ["bytes"],
  hooks: BLOCK_FILE_HOOKS,
  caveats: { tracepoint: BLOCK_FILE_CAVEAT },
  configure: blockFileConstants,
  adapt: blockArguments,
  prepare: prepareFlagWords,
  sampler: (attached) => eventSampler(attached, BiosnoopEvent, eventReader(new DiskNames(), flagWords())),
  derive: eventRows,
};
