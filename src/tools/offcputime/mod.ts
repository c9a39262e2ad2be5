/**
 * offcputime: the stacks at which threads wait, and how long, like BCC's offcputime. Source: bpf/offcputime/offcputime.bpf.c.
 *
 * @module
 */
import type { Attached, BpfMap, Hook, VmlinuxBtf } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Column, Derived, Flag } from "../../model/mod.ts";
import { COMM, PID, TID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { filterConstants, threadConstants, TID_FLAG } from "../lib/filter.ts";
import { tracepoints } from "../lib/hooks.ts";
import { mapEntries } from "../lib/maps.ts";
import { type StackIdentity, stackMapsOf, type StackSample, StackSampler } from "../lib/stack_counts.ts";
import { kernelSymbolTable, prepareKernelSymbols } from "../lib/stack_frames.ts";
import {
  DELIMITED,
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
import { U32 } from "../lib/struct.ts";
import { userFrames } from "../lib/user_frames.ts";
import { WHO } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { OffcputimeStart } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...PID, description: "Process of the thread that waited." },
  { ...TID, description: "Thread that waited." },
  { ...COMM, description: "Name of that thread.", priority: 2 },
  {
    key: "waits",
    title: "WAITS",
    description: "Waits that ended in the interval.",
    unit: "count",
    width: 8,
    priority: 1,
    align: "right",
  },
  {
    key: "time_us",
    title: "TIME(us)",
    description: "Microseconds that they took together, until the thread had a CPU again.",
    unit: "us",
    width: 12,
    priority: 3,
    align: "right",
  },
  STACK,
  KERNEL_FRAMES,
  ...WHO,
];

const HOOKS: readonly Hook[] = [{
  name: "sched_switch",
  tiers: { tracepoint: [tracepoints("btf", ["sched_switch"]), tracepoints("raw", ["sched_switch"])] },
}];

/** The longest wait that a flag can name: more than a century. */
const MAX_US = 2 ** 52;
const NS_PER_US = 1000n;

const durationFlag = (name: string, letter: string, description: string): Flag => ({
  name,
  letter,
  kind: "integer",
  argument: "US",
  min: 0,
  max: MAX_US,
  description,
});

const USER_THREADS: Flag = {
  name: "user-threads-only",
  letter: "u",
  kind: "switch",
  description: "no threads of the kernel",
};
const KERNEL_THREADS: Flag = {
  name: "kernel-threads-only",
  letter: "k",
  kind: "switch",
  description: "only threads of the kernel",
};

/** Largest mask of task states: include/linux/sched.h, TASK_STATE_MAX. */
const MAX_STATE = 0xffff;

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  refuseBoth(options, USER_THREADS, KERNEL_THREADS);
  // Threads of the kernel have no functions of programs.
  refuseBoth(options, KERNEL_THREADS, USER_STACKS);
  refuseBoth(options, DELIMITED, KERNEL_THREADS);
  const { "min-us": min, "max-us": max, state } = flags as Readonly<Record<string, number | undefined>>;
  if (min !== undefined && max !== undefined && min > max) {
    throw new UsageError(`No wait takes at least ${min} and at most ${max} microseconds.`);
  }
  return {
    ...filterConstants(filters),
    ...stackConstants(options),
    ...threadConstants(options),
    user_threads_only: flags["user-threads-only"] === true,
    kernel_threads_only: flags["kernel-threads-only"] === true,
    ...(state === undefined ? {} : { filter_state_on: true, filter_state: state }),
    ...(min === undefined ? {} : { min_ns: BigInt(min) * NS_PER_US }),
    ...(max === undefined ? {} : { max_ns: BigInt(max) * NS_PER_US }),
  };
}

/** Parameters of the tracepoint's function up to `next`, the first of which is not an argument. */
const PARAMETERS = 4;

const adapt = (types: VmlinuxBtf): Constants => ({
  state_is_argument: (types.parameterCount("btf_trace_sched_switch") ?? 0) > PARAMETERS,
});

/** The stacks of all waits in progress. */
function waitingStacks(starts: BpfMap): StackIdentity[] {
  return mapEntries(starts.entries(), [U32, OffcputimeStart], (_, start) => ({
    hash: start.exact("hash"),
    pid: start.pid,
  }));
}

function sampler({ object }: Attached): Sampler<StackSample> {
  const starts = object.map("starts");
  return new StackSampler(stackMapsOf(object, () => waitingStacks(starts)), {
    symbols: kernelSymbolTable(),
    user: userFrames(),
    own: { isOfProgram: true },
  });
}

function derive(sample: StackSample, previous: StackSample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const totals = stackTotals(sample, options).sort((a, b) => b.timeNs - a.timeNs);
  const rows = totals.map((total) => ({
    pid: total.pid,
    tid: total.tid,
    comm: total.comm,
    ...total.who,
    waits: total.count,
    time_us: total.timeNs / 1000,
    stack: stackText(total),
    kernel_frames: total.kernelFrames,
  }));
  if (options.flags.folded !== true) return { rows };
  return { rows, lines: foldedTotals(totals, ({ timeNs }) => Math.round(timeNs / 1000)) };
}

export const offcputime: Tool<StackSample> = {
  name: "offcputime",
  summary: "where threads wait: stacks and time off the CPU",
  searchWords: "off-cpu blocked sleep lock wait idle stuck hang latency stack flame graph",
  examples: [
    {
      question: "What does a slow program wait for?",
      command: "ktop offcputime -p 1234 10 1",
      look:
        "TIME(us) and the last functions of STACK: futex_wait is a lock or an idle thread, io_schedule the disk, " +
        "tcp_recvmsg or do_epoll_wait the network or an idle server.",
    },
    {
      question: "Which threads wait for the disk?",
      command: "ktop offcputime --state 2 -m 1000 5",
      look: "Waits of at least a millisecond that no signal ends (state D); the thread and its STACK.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  order: ["time_us"],
  flags: [
    ROWS,
    TID_FLAG,
    USER_THREADS,
    KERNEL_THREADS,
    ...STACK_FLAGS,
    durationFlag("min-us", "m", "only waits of at least this many microseconds"),
    durationFlag("max-us", "M", "only waits of at most this many microseconds"),
    {
      name: "state",
      kind: "integer",
      argument: "MASK",
      min: 0,
      max: MAX_STATE,
      description:
        "only threads that wait in one of these states: 1 interruptible, 2 uninterruptible, 0 runnable",
    },
    foldedFlag("microseconds"),
  ],
  printsLines: ({ flags }) => flags.folded === true,
  graph: ["time_us", "waits"],
  flame: { weight: "time_us" },
  hooks: HOOKS,
  caveats: {
    tracepoint:
      "counts a wait when it ends, with its time on the run queue, and not those that started before ktop; walks user " +
      "stacks by frame pointers, at most 127 functions (kernel.perf_event_max_stack, if that is less); walks the stacks at every switch of threads",
  },
  configure,
  adapt,
  reads: ["addresses", "user functions"],
  prepareAttached: prepareKernelSymbols,
  sampler,
  derive,
};
