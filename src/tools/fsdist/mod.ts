/**
 * fsdist: how long file-system operations take, as histograms, like BCC's ext4dist, xfsdist and btrfsdist. Source:
 * bpf/fsdist/fsdist.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Derived } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import {
  absentFileSystem,
  forFileSystem,
  FS_CAVEATS,
  fsConstants,
  fsHooks,
  OPERATIONS,
  TYPE_FLAG,
} from "../lib/fs_calls.ts";
import { MILLISECONDS, slotColumns, slotRows, TIMESTAMP, timeUnit } from "../lib/histograms.ts";
import { growth, slotGrowth, sumPerCpu } from "../lib/maps.ts";
import type { Counters } from "../lib/struct.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { FsdistHist } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "operation",
    title: "OPERATION",
    description: "The operation: read, write, open or fsync.",
    unit: "text",
    width: 9,
    align: "left",
    metricLabel: "operation",
  },
  ...slotColumns("operations"),
];

/** Operations since the object was loaded, by kind. */
export type Sample = readonly Counters<FsdistHist>[];

function sampler({ object }: Attached): Sampler<Sample> {
  const times = object.map("times");
  return { sample: () => OPERATIONS.map((_, i) => sumPerCpu(times, FsdistHist, i)) };
}

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const { unit, us } = timeUnit(options);
  const kinds = OPERATIONS.map((operation, kind) => ({
    operation,
    slots: slotGrowth(sample[kind]!.slots, previous[kind]!.slots),
    sumUs: growth(sample[kind]!.sum_ns, previous[kind]!.sum_ns) / 1000,
  }));
  return {
    rows: kinds.flatMap(({ operation, slots }) => slotRows({ operation }, slots, us)),
    histograms: kinds.map(({ operation, slots }) => ({ label: operation, unit, slots })),
    distributions: kinds.map(({ operation, slots, sumUs }) => ({ labels: { operation }, slots, sumUs })),
  };
}

function configure(options: ToolOptions): Constants {
  return {
    ...filterConstants(options.filters),
    ...fsConstants(options),
    unit_ns: timeUnit(options).ns,
  };
}

export const fsdist: Tool<Sample> = {
  name: "fsdist",
  summary: "how long reads, writes, opens and fsyncs of a file system take, as histograms",
  searchWords: "latency histogram ext4 xfs btrfs nfs",
  examples: [
    {
      question: "How long do file-system operations take, and are there outliers?",
      command: "ktop fsdist 10 1",
      look: "Two peaks in read: the left one was served from memory, the right one from the disk.",
    },
  ],
  view: "histogram",
  columns: COLUMNS,
  flags: [TYPE_FLAG, MILLISECONDS, TIMESTAMP],
  graph: ["count"],
  hooks: fsHooks,
  absent: absentFileSystem,
  caveats: FS_CAVEATS,
  configure,
  sampler,
  derive,
};

const named = (type: string): Tool<Sample> =>
  forFileSystem(fsdist, type, `${type}dist`, `how long ${type} operations take, as histograms`);

/** `fsdist -t FS` under BCC's name for each file system. */
export const fsdistAliases: readonly Tool<Sample>[] = [named("ext4"), named("xfs"), named("btrfs")];
