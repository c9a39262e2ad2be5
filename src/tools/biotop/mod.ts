/**
 * biotop: block I/O by process, disk and direction, like BCC's biotop. Source: bpf/biotop/biotop.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../../bpf/mod.ts";
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
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, FILE, FILE_IDENTITY, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { mapEntries } from "../lib/maps.ts";
import { deviceName } from "../lib/mounts.ts";
import { WHO, type Who, whoOf } from "../lib/who.ts";
import type { Sampler, Tool, ToolOptions } from "../tool.ts";
import { BiotopFile, BiotopKey, BiotopValue } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  {
    ...PID,
    description:
      "Process that dirtied the pages which the requests write back; if that is unknown, the one that made them.",
  },
  { ...COMM, description: "Name of its thread, for the first of them in the interval.", priority: 2 },
  {
    key: "type",
    title: "D",
    description: "R read, W write, F flush, D discard or erase, Z zone, P passed through to the driver.",
    unit: "text",
    width: 1,
    priority: 1,
    align: "left",
    metricLabel: "operation",
  },
  {
    key: "major",
    title: "MAJ",
    description: "Major number of the disk.",
    unit: "id",
    width: 3,
    priority: -3,
    onScreen: "wide",
    align: "left",
  },
  {
    key: "minor",
    title: "MIN",
    description: "Minor number of the disk.",
    unit: "id",
    width: 3,
    priority: -3,
    onScreen: "wide",
    align: "left",
  },
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
    key: "ios",
    title: "I/O",
    description: "Requests completed in the interval.",
    unit: "count",
    width: 7,
    priority: 2,
    align: "right",
  },
  {
    key: "bytes",
    title: "Kbytes",
    description: "Their bytes; text shows KiB.",
    unit: "kb",
    width: 8,
    priority: 4,
    align: "right",
  },
  {
    key: "avg_ms",
    title: "AVGms",
    description:
      "Their average milliseconds from the first issue to the driver to the completion of the last byte.",
    unit: "ms",
    width: 9,
    priority: 3,
    align: "right",
    adds: false,
  },
  {
    key: "written_back",
    title: "WB",
    description:
      "Of I/O: requests that other processes made, mostly kworkers, to write back pages which this one had dirtied.",
    unit: "count",
    width: 6,
    priority: -2,
    align: "right",
  },
  {
    ...FILE,
    description: "Name of the file whose pages they read or write back; with --files.",
    width: 16,
    needs: ["files"],
    shown: "data",
  },
  ...FILE_IDENTITY.map((column): Column => ({ ...column, needs: ["files"] })),
  ...WHO,
];

const byFile = ({ flags }: ToolOptions): boolean => flags.files === true;

/** A file, or what is not one. */
export interface FileCells {
  readonly file: string | null;
  readonly dev: string | null;
  readonly inode: number | null;
}

export const NO_FILE: FileCells = { file: null, dev: null, inode: null };

/** The requests of a process, disk and operation in an interval, and with `--files` of a file. */
export interface Total {
  /** 0: unknown. */
  readonly pid: number;
  readonly comm: string;
  readonly who: Who;
  /** In the kernel's encoding; 0: none. */
  readonly dev: number;
  /** REQ_OP_*. */
  readonly operation: number;
  readonly file: FileCells;
  readonly requests: number;
  readonly writtenBack: number;
  readonly bytes: number;
  readonly latNs: number;
}

/** A row for each process, disk, letter and file, most bytes first. Several operations have one letter. */
export function rowsOfTotals(
  totals: readonly Total[],
  disks: Pick<DiskNames, "of">,
  words: FlagWords,
): Row[] {
  const merged = new Map<string, Total>();
  for (const total of totals) {
    const key = `${total.pid} ${total.dev} ${
      words.letter(total.operation)
    } ${total.file.dev} ${total.file.inode}`;
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined ? total : {
        ...before,
        requests: before.requests + total.requests,
        writtenBack: before.writtenBack + total.writtenBack,
        bytes: before.bytes + total.bytes,
        latNs: before.latNs + total.latNs,
      },
    );
  }
  return [...merged.values()].sort((a, b) => b.bytes - a.bytes || b.requests - a.requests).map((
    { pid, comm, who, dev, operation, file, requests, writtenBack, bytes, latNs },
  ) => ({
    pid: pid === 0 ? null : pid,
    comm: pid === 0 ? null : comm,
    ...who,
    type: words.letter(operation),
    major: dev === 0 ? null : dev >>> 20,
    minor: dev === 0 ? null : dev & 0xfffff,
    disk: disks.of(dev),
    ios: requests,
    bytes,
    avg_ms: latNs / requests / 1e6,
    written_back: writtenBack,
    ...file,
  }));
}

const totalOf = (key: BiotopKey, value: BiotopValue, file: FileCells): Total => ({
  pid: key.pid,
  comm: value.comm,
  who: whoOf(value, key.pid),
  dev: key.dev,
  operation: key.operation,
  file,
  requests: value.requests,
  writtenBack: value.written_back,
  bytes: value.bytes,
  latNs: value.lat_ns,
});

const fileOf = ({ fs_dev, inode }: BiotopKey, name: string): FileCells =>
  fs_dev === 0 ? NO_FILE : { file: name || null, dev: deviceName(fs_dev), inode };

/** A sample is already the rows of one interval. */
function sampler({ object }: Attached, options: ToolOptions): Sampler<readonly Row[]> {
  const disks = new DiskNames();
  const words = flagWords();
  const isByFile = byFile(options);
  const map = new DoubleHash(object, isByFile ? "files" : "totals", BiotopValue);
  const totals = (): Total[] =>
    isByFile
      ? mapEntries(
        map.take(),
        [BiotopKey, BiotopFile],
        (key, { total, file }) => totalOf(key, total, fileOf(key, file)),
      )
      : mapEntries(map.take(), [BiotopKey, BiotopValue], (key, value) => totalOf(key, value, NO_FILE));
  return {
    sample: () => rowsOfTotals(totals(), disks, words),
    fill: (rows) => rows.length / map.maxEntries,
  };
}

/** Entries of each hash of the kernel's side. */
const MAX_ROWS = 10240;

/** The hooks, with the hashes in the sizes that the options need. */
function hooks(options: ToolOptions): readonly Hook[] {
  const [totals, files] = byFile(options) ? [1, MAX_ROWS] : [MAX_ROWS, 1];
  const maxEntries = { totals_0: totals, totals_1: totals, files_0: files, files_1: files };
  return BLOCK_FILE_HOOKS.map((hook) => ({
    ...hook,
    tiers: { tracepoint: hook.tiers.tracepoint!.map((set) => ({ ...set, maxEntries })) },
  }));
}

export const biotop: Tool<readonly Row[]> = {
  name: "biotop",
  summary: "block I/O by process and disk",
  searchWords: "iotop busiest top disk bandwidth storage",
  examples: [
    {
      question: "Which processes keep the disks busy?",
      command: "ktop biotop 5",
      look:
        "Kbytes and I/O of the first rows, and DISK. What a kworker writes back counts for the process that wrote it (WB). Rows of " +
        "a kworker itself: metadata, and pages that were written before ktop started.",
    },
    {
      question: "Which files keep the disks busy?",
      command: "ktop biotop --files 5",
      look: "FILE of the first rows. It is - for direct I/O, for metadata and for swap.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  columnsFor: ({ flags }) => withSwitched(COLUMNS, flags, { file: "files" }),
  textRows: 20,
  order: ["bytes"],
  flags: [
    ROWS,
    DISK,
    { name: "files", kind: "switch", description: "one row per process, disk and file" },
  ],
  graph: ["bytes", "ios"],
  hooks,
  caveats: { tracepoint: BLOCK_FILE_CAVEAT },
  configure: (options) => ({ ...blockFileConstants(options), by_file: byFile(options) }),
  adapt: blockArguments,
  prepare: prepareFlagWords,
  sampler,
  derive: (rows) => ({ rows }),
};
