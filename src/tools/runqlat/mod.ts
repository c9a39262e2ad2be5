/**
 * runqlat: how long threads wait for a CPU, as histograms, like BCC's runqlat. Source: bpf/runqlat/runqlat.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Derived } from "../../model/mod.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { filterConstants } from "../lib/filter.ts";
import { MILLISECONDS, slotColumns, slotRows, TIMESTAMP, timeUnit } from "../lib/histograms.ts";
import { growth, mapEntries, slotGrowth, sumPerCpu } from "../lib/maps.ts";
import { RUN_QUEUE_HOOKS } from "../lib/run_queue.ts";
import { U32 } from "../lib/struct.ts";
import { NOBODY, WHO, type Who, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { RunqlatHist, RunqlatProcess } from "./layout.gen.ts";

const perProcess = ({ flags }: ToolOptions): boolean => flags["per-process"] === true;

const COLUMNS: readonly Column[] = [
  {
    key: "pid",
    title: "PID",
    description: "Process id of the waiting threads; unknown without -P.",
    needs: ["per-process"],
    unit: "id",
    width: 7,
    align: "left",
  },
  {
    key: "comm",
    title: "COMM",
    description: "Name of the process's main thread; unknown without -P.",
    needs: ["per-process"],
    unit: "text",
    width: 16,
    align: "left",
  },
  ...slotColumns("waits"),
  ...WHO.map((column): Column => ({ ...column, needs: ["per-process"] })),
];

/** Waits of one process in the interval. */
interface Process {
  readonly pid: number;
  readonly comm: string;
  readonly who: Who;
  readonly slots: readonly number[];
  readonly sumNs: number;
}

/** One sample. `-P` fills `processes`; without it `slots` is filled. */
export interface Sample {
  /** Waits of all threads by slot, since the object was loaded. */
  readonly slots: readonly bigint[];
  readonly sumNs: bigint;
  readonly processes: readonly Process[];
}

function sampler({ object }: Attached, options: ToolOptions): Sampler<Sample> {
  if (!perProcess(options)) {
    const delays = object.map("delays");
    return {
      sample() {
        const { slots, sum_ns: sumNs } = sumPerCpu(delays, RunqlatHist);
        return { slots, sumNs, processes: [] };
      },
    };
  }
  const map = new DoubleHash(object, "processes", RunqlatProcess);
  return {
    sample() {
      const processes = mapEntries(
        map.take(),
        [U32, RunqlatProcess],
        (pid, process): Process => ({
          pid: pid.value,
          comm: process.comm,
          who: whoOf(process, pid.value),
          slots: process.slots,
          sumNs: process.sum_ns,
        }),
      );
      return { slots: [], sumNs: 0n, processes };
    },
    fill: ({ processes }) => processes.length / map.maxEntries,
  };
}

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  const { unit, us } = timeUnit(options);
  if (perProcess(options)) {
    const waits = ({ slots }: Process): number => slots.reduce((sum, count) => sum + count, 0);
    const processes = sample.processes.toSorted((a, b) => waits(b) - waits(a) || a.pid - b.pid);
    return {
      rows: processes.flatMap(({ pid, comm, who, slots }) => slotRows({ pid, comm, ...who }, slots, us)),
      histograms: processes.map(({ pid, comm, slots }) => ({ label: `pid ${pid} ${comm}`, unit, slots })),
      distributions: processes.map(({ who, slots, sumNs }) => ({
        labels: { ...who },
        slots,
        sumUs: sumNs / 1000,
      })),
    };
  }
  if (previous === null) return { rows: [] };
  const slots = slotGrowth(sample.slots, previous.slots);
  return {
    rows: slotRows({ pid: null, comm: null, ...NOBODY }, slots, us),
    histograms: [{ label: "run queue delay", unit, slots }],
    distributions: [{ labels: {}, slots, sumUs: growth(sample.sumNs, previous.sumNs) / 1000 }],
  };
}

function configure(options: ToolOptions): Constants {
  return {
    ...filterConstants(options.filters),
    unit_ns: timeUnit(options).ns,
    per_process: perProcess(options),
  };
}

export const runqlat: Tool<Sample> = {
  name: "runqlat",
  summary: "how long threads wait for a CPU, as a histogram",
  searchWords: "scheduler latency cpu wait histogram",
  examples: [
    {
      question: "Are there enough CPUs for the runnable threads?",
      command: "ktop runqlat 10 3",
      look: "Counts above 10 ms mean that threads queue for CPUs. -P shows one histogram a process.",
    },
  ],
  view: "histogram",
  columns: COLUMNS,
  flags: [
    { name: "per-process", letter: "P", kind: "switch", description: "a histogram for each process" },
    MILLISECONDS,
    TIMESTAMP,
  ],
  graph: ["count"],
  hooks: RUN_QUEUE_HOOKS,
  caveats: {},
  configure,
  sampler,
  derive,
};
