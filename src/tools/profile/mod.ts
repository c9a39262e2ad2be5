/**
 * profile: sampled stacks, where CPU time goes, like BCC's profile. Source: bpf/profile/profile.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Column, Derived, Flag } from "../../model/mod.ts";
import { COMM, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { filterConstants, threadConstants, TID_FLAG } from "../lib/filter.ts";
import { stackMapsOf, type StackSample, StackSampler } from "../lib/stack_counts.ts";
import { kernelSymbolTable, prepareKernelSymbols } from "../lib/stack_frames.ts";
import {
  foldedFlag,
  foldedTotals,
  KERNEL_FRAMES,
  refuseBoth,
  STACK,
  STACK_FLAGS,
  stackConstants,
  stackText,
  stackTotals,
  USER_STACKS,
} from "../lib/stack_rows.ts";
import { userFrames } from "../lib/user_frames.ts";
import { WHO } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";

const COLUMNS: readonly Column[] = [
  { ...PID, description: "Process that ran." },
  { ...COMM, description: "Name of the thread that ran.", priority: 2 },
  {
    key: "samples",
    title: "SAMPLES",
    description: "Samples in the interval.",
    unit: "count",
    width: 8,
    priority: 4,
    align: "right",
  },
  {
    key: "samples_pct",
    title: "%",
    description: "Their percentage of all that were counted.",
    unit: "pct",
    width: 6,
    priority: 3,
    align: "right",
  },
  STACK,
  KERNEL_FRAMES,
  ...WHO,
];

/** Samples per second and CPU: as BCC, no divisor of the frequencies of timers. */
const FREQUENCY = { min: 1, max: 10_000, default: 49 } as const;

const frequencyOf = ({ flags }: ToolOptions): number => flags.frequency as number ?? FREQUENCY.default;

function hooks(options: ToolOptions): readonly Hook[] {
  const clock = { all: ["cpu_clock__tracepoint"], frequency: frequencyOf(options) };
  return [{ name: "cpu-clock", perfEvents: true, tiers: { tracepoint: [clock] } }];
}

const MAX_RATE = "/proc/sys/kernel/perf_event_max_sample_rate";

/** The kernel's own limit, which it lowers when samples take too long; Infinity if it is unknown. */
function maxRate(): number {
  try {
    return Number(Deno.readTextFileSync(MAX_RATE));
  } catch {
    return Infinity;
  }
}

const ANNOTATIONS: Flag = {
  name: "annotations",
  letter: "a",
  kind: "switch",
  description: "append _[k] to the functions of the kernel",
};

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  refuseBoth(options, ANNOTATIONS, USER_STACKS);
  const frequency = frequencyOf(options), max = maxRate();
  if (frequency > max) {
    throw new UsageError(`The kernel allows at most ${max} samples per second, not ${frequency}.`, {
      remedy: `Run: sysctl kernel.perf_event_max_sample_rate=${frequency}.`,
    });
  }
  return {
    ...filterConstants(filters),
    ...stackConstants(options),
    ...threadConstants(options),
    idle: flags["include-idle"] === true,
  };
}

function sampler({ object }: Attached): Sampler<StackSample> {
  return new StackSampler(stackMapsOf(object), {
    symbols: kernelSymbolTable(),
    user: userFrames(),
    own: { isOfProgram: false },
  });
}

function derive(sample: StackSample, previous: StackSample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const totals = stackTotals(sample, options).sort((a, b) => b.count - a.count);
  const all = totals.reduce((sum, { count }) => sum + count, 0);
  const rows = totals.map((total) => ({
    pid: total.pid,
    comm: total.comm,
    ...total.who,
    samples: total.count,
    samples_pct: Math.round(total.count / all * 10_000) / 100,
    stack: stackText(total),
    kernel_frames: total.kernelFrames,
  }));
  if (options.flags.folded !== true) return { rows };
  return { rows, lines: foldedTotals(totals, ({ count }) => count) };
}

export const profile: Tool<StackSample> = {
  name: "profile",
  summary: "where CPU time goes: sampled stacks of programs and the kernel",
  searchWords: "profiler perf flame graph hot function busy cpu sampling stack",
  examples: [
    {
      question: "Which code keeps the CPUs busy?",
      command: "ktop profile 10 1",
      look:
        "The first rows: their % is of the CPU time that was used. The last function of STACK is the one that ran.",
    },
    {
      question: "How do I make a flame graph of a process?",
      command: "ktop profile --flame busy.svg -F 99 -p 1234 30",
      look:
        "The widest frames at the top of the picture. -f prints folded stacks for other programs instead.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  order: ["samples"],
  flags: [
    ROWS,
    { ...TID_FLAG, letter: "L" },
    {
      name: "frequency",
      letter: "F",
      kind: "integer",
      argument: "HZ",
      ...FREQUENCY,
      description: `samples per second and CPU (default ${FREQUENCY.default})`,
    },
    ...STACK_FLAGS,
    ANNOTATIONS,
    { name: "include-idle", letter: "I", kind: "switch", description: "count idle CPUs too" },
    foldedFlag("samples"),
  ],
  printsLines: ({ flags }) => flags.folded === true,
  graph: ["samples"],
  flame: { weight: "samples" },
  hooks,
  caveats: {
    tracepoint:
      "samples by a perf event on each CPU that is online at the start; walks user stacks by frame pointers, at most " +
      "127 functions (kernel.perf_event_max_stack, if that is less); the kernel skips samples inside BPF programs of kprobes; " +
      "the time of ktop's own programs is part of the function that they observe",
  },
  configure,
  reads: ["addresses", "user functions"],
  prepareAttached: prepareKernelSymbols,
  sampler,
  derive,
};
