/**
 * biolatency: how long block requests take, as histograms, like BCC's biolatency. Source: bpf/biolatency/biolatency.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Derived, Histogram } from "../../model/mod.ts";
import {
  BLOCK_CAVEAT,
  BLOCK_HOOKS,
  blockArguments,
  blockConstants,
  DISK,
  DiskNames,
  flagWords,
  prepareFlagWords,
} from "../lib/block_io.ts";
import { MILLISECONDS, slotColumns, slotRows, TIMESTAMP, timeUnit } from "../lib/histograms.ts";
import { growth, mapEntries } from "../lib/maps.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { BiolatencyHist, BiolatencyKey } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "disk",
    title: "DISK",
    description: "Name of the disk; unknown without -D.",
    needs: ["disks"],
    unit: "text",
    width: 10,
    align: "left",
    metricLabel: "device",
  },
  {
    key: "flags",
    title: "FLAGS",
    description: "Operation and flags; unknown without -F.",
    needs: ["flags"],
    unit: "text",
    width: 24,
    align: "left",
  },
  ...slotColumns("requests"),
];

/** Requests of one key since the object was loaded. */
interface Entry {
  /** Null without `-D`; `flags` without `-F`. */
  readonly disk: string | null;
  readonly flags: string | null;
  readonly slots: readonly bigint[];
  readonly sumNs: bigint;
}

/** Entries by device number and flags. */
export type Sample = ReadonlyMap<string, Entry>;

function sampler({ object }: Attached, { flags }: ToolOptions): Sampler<Sample> {
  const hists = object.map("hists");
  const disks = new DiskNames();
  const words = flagWords();
  return {
    sample() {
      const entries = mapEntries(
        hists.entries(),
        [BiolatencyKey, BiolatencyHist],
        (key, value): [string, Entry] => {
          const { slots, sum_ns: sumNs } = value.counters();
          return [`${key.dev} ${key.flags}`, {
            disk: flags.disks === true ? disks.of(key.dev) : null,
            flags: flags.flags === true ? words.all(key.flags) : null,
            slots,
            sumNs,
          }];
        },
      );
      return new Map(entries);
    },
    fill: (sample) => sample.size / hists.maxEntries,
  };
}

/** Requests of one histogram in the interval. */
interface Sum {
  readonly disk: string | null;
  readonly flags: string | null;
  readonly slots: number[];
  sumNs: number;
}

function emptySum(disk: string | null, flags: string | null): Sum {
  return {
    disk,
    flags,
    slots: new Array<number>(BiolatencyHist.layout.members.slots.length).fill(0),
    sumNs: 0,
  };
}

/** What the entries grew by. Entries with the same label are added up, because some flags have no word. */
function sumsOf(sample: Sample, previous: Sample): Sum[] {
  const sums = new Map<string, Sum>();
  for (const [key, { disk, flags, slots, sumNs }] of sample) {
    const before = previous.get(key);
    const name = JSON.stringify([disk, flags]);
    const sum = sums.get(name) ?? emptySum(disk, flags);
    slots.forEach((count, i) => sum.slots[i]! += growth(count, before?.slots[i] ?? 0n));
    sum.sumNs += growth(sumNs, before?.sumNs ?? 0n);
    sums.set(name, sum);
  }
  return [...sums.values()].filter(({ slots }) => slots.some((count) => count > 0));
}

function label({ disk, flags }: Sum): string {
  const parts = [disk === null ? "" : `disk ${disk}`, flags === null ? "" : `flags ${flags}`];
  return parts.filter((part) => part !== "").join(" ") || "block I/O latency";
}

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const { unit, us } = timeUnit(options);
  const sums = sumsOf(sample, previous).toSorted((a, b) => label(a) < label(b) ? -1 : 1);
  // The histogram of all requests is shown even when it is empty.
  if (sums.length === 0 && !options.flags.disks && !options.flags.flags) sums.push(emptySum(null, null));
  return {
    rows: sums.flatMap(({ disk, flags, slots }) => slotRows({ disk, flags }, slots, us)),
    histograms: sums.map((sum): Histogram => ({
      label: label(sum),
      unit,
      slots: sum.slots,
      ...(options.flags.extension === true ? { sum: sum.sumNs / 1000 / us } : {}),
    })),
    distributions: sums.map(({ disk, slots, sumNs }) => ({ labels: { disk }, slots, sumUs: sumNs / 1000 })),
  };
}

function configure(options: ToolOptions): Constants {
  return {
    ...blockConstants(options),
    unit_ns: timeUnit(options).ns,
    with_queue: options.flags.queued === true,
    per_disk: options.flags.disks === true,
    per_flags: options.flags.flags === true,
  };
}

export const biolatency: Tool<Sample> = {
  name: "biolatency",
  summary: "how long block I/O takes, as a histogram",
  searchWords: "disk iostat slow latency histogram storage",
  examples: [
    {
      question: "Is the disk slow, or do requests wait in the queue?",
      command: "ktop biolatency -D -Q 10 1",
      look:
        "One histogram for each disk. Run it again without -Q, which leaves out the time in the kernel's " +
        "queues: the difference is the time spent waiting.",
    },
  ],
  view: "histogram",
  columns: COLUMNS,
  flags: [
    { name: "queued", letter: "Q", kind: "switch", description: "include the time in the kernel's queues" },
    { name: "disks", letter: "D", kind: "switch", description: "a histogram for each disk" },
    { name: "flags", letter: "F", kind: "switch", description: "a histogram for each set of I/O flags" },
    MILLISECONDS,
    TIMESTAMP,
    {
      name: "extension",
      printOnly: true,
      formats: ["text", "json"],
      letter: "e",
      kind: "switch",
      description: "print average and total below each histogram",
    },
    { name: "as-json", letter: "j", kind: "switch", sameAs: "json", description: "same as --json" },
    DISK,
  ],
  graph: ["count"],
  hooks: BLOCK_HOOKS,
  caveats: { tracepoint: BLOCK_CAVEAT },
  configure,
  adapt: blockArguments,
  prepare: prepareFlagWords,
  sampler,
  derive,
};
