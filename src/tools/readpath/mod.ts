/**
 * readpath: the path of reads, writes or opens through the kernel: functions, time, stacks, and what became of each call. Source:
 * bpf/readpath/readpath.bpf.c.
 *
 * @module
 */
import type { Attached, VmlinuxBtf } from "../../bpf/mod.ts";
import type { Column, Derived, Row } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import { growth, indexKey, mapEntries, sumPerCpu } from "../lib/maps.ts";
import { assertStackSize, kernelSymbolTable, prepareKernelSymbols } from "../lib/stack_frames.ts";
import type { Counters } from "../lib/struct.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import {
  CALL_NAMES,
  callName,
  followedCall,
  functionIndexes,
  functionName,
  FUNCTIONS,
  hooks,
} from "./calls.ts";
import { ReadpathCounts, ReadpathStack, ReadpathStackKey } from "./layout.gen.ts";
import {
  flameStacks,
  folded,
  type GrownStack,
  grownStacks,
  pathOfAddresses,
  shortPath,
  type Stack,
  type Stacks,
} from "./stacks.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "func",
    title: "FUNC",
    description:
      "Function of the kernel, or a result of reads: all in the page cache (hit), hit with readahead (readahead), " +
      "or not in the cache (miss); read nothing, or not through the page cache (other). Results of writes: on the disk " +
      "when the call returned (sync), with O_DIRECT (direct), into the page cache after a sleep because too much was " +
      "dirty (throttled), into blocks that ext4 allocates later (delalloc), otherwise into the page cache (buffered); " +
      "wrote nothing, or neither of these (other). Results of opens: failed, created the file, asked the file system for a " +
      "name (lookup), or found all names in the directory cache (hit); on the tracepoint tier opened is either of the last two.",
    unit: "text",
    width: 28,
    minWidth: 28,
    priority: 2,
    align: "left",
  },
  {
    key: "calls",
    title: "CALLS",
    description: "Calls in the interval, inside the calls that are followed.",
    unit: "count",
    width: 8,
    priority: 1,
    align: "right",
    adds: false,
  },
  {
    key: "avg_us",
    title: "AVG(us)",
    description: "Average microseconds of a call, including the functions it called.",
    unit: "us",
    decimals: 2,
    width: 10,
    priority: 1,
    align: "right",
    adds: false,
  },
  {
    key: "time_pct",
    title: "%TIME",
    description: "Its percentage of the time of all calls that are followed.",
    unit: "pct",
    width: 6,
    priority: 3,
    align: "right",
  },
  {
    key: "stack",
    title: "STACK",
    description: "The call path of most of its calls, outermost function first.",
    unit: "text",
    width: 48,
    priority: 0,
    align: "left",
  },
  {
    key: "time_us",
    title: "TIME(us)",
    description: "Total microseconds of all calls.",
    unit: "us",
    width: 10,
    align: "right",
    adds: false,
    shown: "data",
  },
];

/** Counters since the object was loaded. */
export interface Sample {
  readonly tier: string;
  /** In the order of FUNCTIONS. */
  readonly counts: readonly Counters<ReadpathCounts>[];
  readonly stacks: Stacks;
}

const UNCOUNTED: Counters<ReadpathCounts> = { calls: 0n, time_ns: 0n };

function sampler({ object, tier }: Attached, options: ToolOptions): Sampler<Sample> {
  const counted = new Set(functionIndexes(followedCall(options)));
  const counts = object.map("counts");
  const stacks = object.map("stacks");
  const traces = object.map("stack_traces");
  const paths = new Map<number, readonly string[]>();
  const read = (id: number): readonly string[] => {
    if (id < 0) return [];
    const bytes = traces.lookup(indexKey(id));
    if (bytes === null) return [];
    return pathOfAddresses([...new BigUint64Array(bytes.buffer)], kernelSymbolTable());
  };
  const pathOf = (id: number): readonly string[] => {
    const path = paths.get(id) ?? read(id);
    paths.set(id, path);
    return path;
  };
  return {
    sample: () => ({
      tier,
      counts: FUNCTIONS.map((_, i) => counted.has(i) ? sumPerCpu(counts, ReadpathCounts, i) : UNCOUNTED),
      stacks: new Map(mapEntries(stacks.entries(), [ReadpathStackKey, ReadpathStack], (key, value) => {
        const { calls, self_ns: selfNs } = value.counters();
        const stack: Stack = { function: key.function, path: pathOf(key.stack), calls, selfNs };
        return [`${key.function} ${key.stack}`, stack];
      })),
    }),
    fill: ({ stacks: { size } }) => size / stacks.maxEntries,
  };
}

/** What its flame graph adds up: tracepoints do not measure the time of functions. */
const weightOf = (tier: string): Parameters<typeof flameStacks>[1] =>
  tier === "tracepoint"
    ? { key: "calls", of: ({ calls }) => calls }
    : { key: "time_us", of: ({ selfNs }) => selfNs / 1000 };

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const { tier } = sample;
  const call = followedCall(options);
  const indexes = functionIndexes(call);
  const stacks = grownStacks(sample.stacks, previous.stacks);
  const timeOf = (index: number): number =>
    growth(sample.counts[index]!.time_ns, previous.counts[index]!.time_ns);
  const all = indexes.slice(0, call.outermost.length).reduce((sum, index) => sum + timeOf(index), 0);
  const rows = indexes.flatMap((index): Row[] => {
    const calls = growth(sample.counts[index]!.calls, previous.counts[index]!.calls);
    if (calls === 0) return [];
    const timeNs = timeOf(index);
    const timed = timeNs > 0;
    const path = stacks.find(({ stack }) => stack.function === index)?.stack.path ?? [];
    return [{
      func: functionName(index, tier),
      calls,
      avg_us: timed ? timeNs / calls / 1000 : null,
      time_pct: timed && all > 0 ? Math.round(timeNs / all * 10_000) / 100 : null,
      stack: shortPath(path),
      time_us: timed ? timeNs / 1000 : null,
    }];
  });
  const name = (index: number): string => functionName(index, tier);
  if (options.flags.folded !== true) return { rows, stacks: flameStacks(stacks, weightOf(tier), name) };
  const weight = ({ calls, selfNs }: GrownStack): number => tier === "tracepoint" ? calls : selfNs;
  return { rows, lines: folded(stacks, weight, name) };
}

/** Of bpf/readpath: the longest stack of the map `stack_traces`. */
const STACK_FUNCTIONS = 40;

function adapt(types: VmlinuxBtf): Constants {
  assertStackSize(STACK_FUNCTIONS);
  const readahead = types.parameterCount("btf_trace_page_cache_sync_ra") !== null;
  const parameters = types.parameterCount("btf_trace_balance_dirty_pages") ?? 0;
  // The second-last one of all, of which the first is the tracepoint's context.
  return { added_is_missed: !readahead, pause_argument: Math.max(0, parameters - 3) };
}

const UNSEEN =
  "does not follow readv, splices (sendfile, copy_file_range), Linux AIO, io_uring, mmap, open_by_handle_at and the kernel's own calls; " +
  "delayed allocation is seen only on ext4 in the kernel image; O_DIRECT counts as direct even if the file system used the page cache";

export const readpath: Tool<Sample> = {
  name: "readpath",
  summary: "the path of reads, writes or opens through the kernel: functions, time, stacks, outcomes",
  searchWords:
    "slow read write page cache hits readahead dirty sync direct delayed throttled dcache lookup created failed why functions trace",
  examples: [
    {
      question: "Are reads served from memory or from the disk?",
      command: "ktop readpath 5",
      look:
        "The rows read: hit, read: readahead and read: miss; AVG(us) of the misses is the cost of the disk. " +
        "read: other did not use the page cache: O_DIRECT, /proc, tmpfs, ends of files, failures. readpath names no files: " +
        "ktop filetop shows which are read and written, ktop opensnoop which are opened.",
    },
    {
      question: "Why does the log of a database take milliseconds to write?",
      command: "ktop readpath --call write --comm postgres 5",
      look:
        "write: sync waits for the disk at every call: its AVG(us) is the disk's, and nearly all of it is in vfs_fsync_range. " +
        "write: throttled waits because others have filled the page cache with dirty pages. The rest only copies to memory.",
    },
    {
      question: "Why does a program take so long to start: are its files looked up on the disk?",
      command: "ktop readpath --call open --comm python3 5",
      look:
        "open: failed counts tries of files that are missing, as in search paths; open: lookup asked the file system, at the cost " +
        "in its AVG(us); open: hit is what a second start costs. The rows ext4_lookup and submit_bio show how many directories " +
        "were read from the disk.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  flags: [
    {
      name: "call",
      kind: "choice",
      argument: "CALL",
      choices: CALL_NAMES,
      default: "read",
      splitsPast: true,
      description: "the call to follow, with its variants (pread64; pwritev2; openat)",
    },
    {
      name: "folded",
      printOnly: true,
      kind: "switch",
      description:
        "print stacks for flamegraph.pl or inferno: frames and nanoseconds (tracepoint tier: number of calls)",
    },
  ],
  printsLines: ({ flags }) => flags.folded === true,
  graph: followedCall({ filters: { self: false }, flags: {} }).graph,
  graphFor: (options) => followedCall(options).graph,
  flame: { weight: "time_us", separate: true },
  hooks,
  caveats: {
    fentry: UNSEEN,
    kprobe: UNSEEN,
    tracepoint:
      "times only whole calls; functions inside are counted where they have a tracepoint, lookups of opens never; " +
      `before 6.8 the file decides which reads use the page cache; on arm64 does not see 32-bit programs; ${UNSEEN}`,
  },
  configure: (options) => ({
    ...filterConstants(options.filters),
    followed_call: CALL_NAMES.indexOf(callName(options)),
  }),
  adapt,
  reads: ["addresses"],
  prepareAttached: prepareKernelSymbols,
  sampler,
  derive,
};
