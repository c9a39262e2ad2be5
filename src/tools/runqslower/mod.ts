/**
 * runqslower: threads that waited long for a CPU, like BCC's runqslower, with a histogram of all waits. Source:
 * bpf/runqslower/runqslower.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Derived, Row } from "../../model/mod.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TID, TIME } from "../lib/event_columns.ts";
import { eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants, threadConstants, TID_FLAG } from "../lib/filter.ts";
import { slotGrowth, sumPerCpu } from "../lib/maps.ts";
import { RUN_QUEUE_HOOKS } from "../lib/run_queue.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { RunqslowerEvent, RunqslowerHist } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When the thread got the CPU." },
  { ...COMM, description: "Name of the thread that waited.", priority: 2 },
  { ...TID, description: "Its thread id." },
  { ...PID, description: "Its process id.", shown: "data" },
  {
    key: "lat_us",
    title: "LAT(us)",
    description: "Microseconds from being runnable to running.",
    unit: "us",
    peak: "latency",
    width: 10,
    priority: 3,
    align: "right",
  },
  {
    key: "prev_comm",
    title: "PREV COMM",
    description: "Name of the thread that ran on the CPU before.",
    unit: "text",
    width: 16,
    priority: -1,
    align: "left",
    shown: "wide",
  },
  {
    key: "prev_tid",
    title: "PREV TID",
    description: "Thread id of the thread that ran on the CPU before; 0 is the idle thread.",
    unit: "id",
    width: 8,
    priority: -2,
    align: "left",
    shown: "wide",
  },
  {
    key: "cpu",
    title: "CPU",
    description: "The CPU that it ran on.",
    unit: "id",
    width: 4,
    priority: -2,
    align: "right",
    shown: "wide",
  },
  ...WHO,
];

interface Sample {
  readonly events: readonly Row[];
  /** Waits by slot since the object was loaded. */
  readonly slots: readonly bigint[];
}

const readEvent: ReadEvent<RunqslowerEvent> = (event, clock) => ({
  time: clock.iso(event.time_ns),
  comm: event.comm,
  ...whoOf(event, event.pid),
  tid: event.tid,
  pid: event.pid,
  lat_us: event.lat_ns / 1000,
  prev_comm: event.prev_comm,
  prev_tid: event.prev_tid,
  cpu: event.cpu,
});

function sampler(attached: Attached): Sampler<Sample> {
  const events = eventSampler(attached, RunqslowerEvent, readEvent);
  const delays = attached.object.map("delays");
  return {
    ...events,
    sample: () => ({ events: events.sample(), slots: sumPerCpu(delays, RunqslowerHist).slots }),
    previous: (sample) => ({ ...sample, events: [] }),
  };
}

function derive(sample: Sample, previous: Sample | null): Derived {
  if (previous === null) return { rows: [] };
  const slots = slotGrowth(sample.slots, previous.slots);
  return { rows: sample.events, histograms: [{ label: "run queue delay", unit: "us", slots }] };
}

function configure({ filters, flags }: ToolOptions): Constants {
  return {
    ...filterConstants(filters),
    min_us: BigInt(flags["min-us"] as number),
    ...threadConstants({ filters, flags }),
  };
}

export const runqslower: Tool<Sample> = {
  name: "runqslower",
  summary: "threads that waited long for a CPU",
  searchWords: "scheduler latency cpu wait starved",
  examples: [
    {
      question: "Does a program stall because it waits for a CPU?",
      command: "ktop runqslower 20000 -P",
      look: "LAT(us) in the rows of its COMM; PREV COMM ran on the CPU during the wait.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) => withSwitched(COLUMNS, flags, { prev_comm: "previous", prev_tid: "previous" }),
  positional: {
    name: "min-us",
    kind: "integer",
    argument: "MIN_US",
    default: 10_000,
    min: 0,
    description: "report waits of at least this many microseconds (default 10000)",
  },
  flags: [
    TID_FLAG,
    {
      name: "previous",
      letter: "P",
      kind: "switch",
      description: "show the thread that ran on the CPU before",
    },
    {
      name: "histogram",
      printOnly: true,
      formats: ["text", "json"],
      kind: "switch",
      description: "print the histogram of all waits each interval",
    },
  ],
  graph: [],
  hooks: RUN_QUEUE_HOOKS,
  caveats: {},
  configure,
  sampler,
  derive,
};
