/**
 * biotop: block I/O by process, disk and direction, like BCC's biotop. Source: bpf/biotop/biotop.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import {
  BLOCK_CAVEAT,
  BLOCK_HOOKS,
  blockArguments,
  blockConstants,
  DISK,
  DiskNames,
  type FlagWords,
  flagWords,
  prepareFlagWords,
} from "../lib/block_io.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { mapEntries } from "../lib/maps.ts";
import { WHO, type Who, whoOf } from "../lib/who.ts";
import type { Sampler, Tool } from "../tool.ts";
import { BiotopKey, BiotopValue } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...PID, description: "Process that made the requests." },
  { ...COMM, description: "Name of the thread that made the first of them in the interval.", priority: 2 },
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
  ...WHO,
];

/** The requests of a process, disk and operation in an interval. */
export interface Total {
  /** 0: unknown. */
  readonly pid: number;
  readonly comm: string;
  readonly who: Who;
  /** In the kernel's encoding; 0: none. */
  readonly dev: number;
  /** REQ_OP_*. */
  readonly operation: number;
  readonly requests: number;
  readonly bytes: number;
  readonly latNs: number;
}

/** A row for each process, disk and letter, most bytes first. Several operations have one letter. */
export function rowsOfTotals(
  totals: readonly Total[],
  disks: Pick<DiskNames, "of">,
  words: FlagWords,
): Row[] {
  const merged = new Map<string, Total>();
  for (const total of totals) {
    const key = `${total.pid} ${total.dev} ${words.letter(total.operation)}`;
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined ? total : {
        ...before,
        requests: before.requests + total.requests,
        bytes: before.bytes + total.bytes,
        latNs: before.latNs + total.latNs,
      },
    );
  }
  return [...merged.values()].sort((a, b) => b.bytes - a.bytes || b.requests - a.requests).map((
    { pid, comm, who, dev, operation, requests, bytes, latNs },
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
  }));
}

/** A sample is already the rows of one interval. */
function sampler({ object }: Attached): Sampler<readonly Row[]> {
  const map = new DoubleHash(object, "totals", BiotopValue);
  const disks = new DiskNames();
  const words = flagWords();
  return {
    sample: () =>
      rowsOfTotals(
        mapEntries(map.take(), [BiotopKey, BiotopValue], (key, value): Total => ({
          pid: key.pid,
          comm: value.comm,
          who: whoOf(value, key.pid),
          dev: key.dev,
          operation: key.operation,
          requests: value.requests,
          bytes: value.bytes,
          latNs: value.lat_ns,
        })),
        disks,
        words,
      ),
    fill: (rows) => rows.length / map.maxEntries,
  };
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
        "Kbytes and I/O of the first rows, and DISK. Writes by a kworker were made by other processes some seconds ago: " +
        "filetop --write-only shows them when they write.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  order: ["bytes"],
  flags: [ROWS, DISK],
  graph: ["bytes", "ios"],
  hooks: BLOCK_HOOKS,
  caveats: { tracepoint: BLOCK_CAVEAT },
  configure: blockConstants,
  adapt: blockArguments,
  prepare: prepareFlagWords,
  sampler,
  derive: (rows) => ({ rows }),
};
