/**
 * readpath: the path of read(2) through the kernel: functions, time, stacks, and page-cache hits and misses. Source:
 * bpf/readpath/readpath.bpf.c.
 *
 * @module
 */
import type { Attached, Hook, ProgramSet, VmlinuxBtf } from "../../bpf/mod.ts";
import type { Column, Derived, GraphSeries, Row, TierName } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import { callPrograms } from "../lib/hooks.ts";
import { growth, indexKey, mapEntries, sumPerCpu } from "../lib/maps.ts";
import { kernelSymbolTable, prepareKernelSymbols } from "../lib/stack_frames.ts";
import type { Counters } from "../lib/struct.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
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

/** In the order of enum readpath_function: the name, and the name in the tracepoint tier if that differs. */
const FUNCTIONS: readonly (readonly [name: string, tracepoint?: string])[] = [
  ["vfs_read", "read"],
  ["generic_file_buffered_read"],
  ["filemap_read"],
  ["filemap_get_pages", "mm_filemap_get_pages"],
  ["page_cache_sync_ra"],
  ["page_cache_async_ra"],
  ["page_cache_ra_unbounded"],
  ["read_pages"],
  ["filemap_add_folio", "mm_filemap_add_to_page_cache"],
  ["add_to_page_cache_lru"],
  ["filemap_read_folio"],
  ["folio_wait_bit_common"],
  ["copy_page_to_iter"],
  ["read: hit"],
  ["read: readahead"],
  ["read: miss"],
  ["read: other"],
];

const COLUMNS: readonly Column[] = [
  {
    key: "func",
    title: "FUNC",
    description:
      "Function of the kernel, or a result of reads: all in the page cache (hit), hit with readahead (readahead), " +
      "or not in the cache (miss); read nothing, or not through the page cache (other).",
    unit: "text",
    width: 28,
    priority: 2,
    align: "left",
  },
  {
    key: "calls",
    title: "CALLS",
    description: "Calls in the interval, inside reads.",
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
    description: "Its percentage of the time of all reads.",
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

/** Functions inside vfs_read. Each kernel has some of them. */
const INNER = FUNCTIONS.slice(1, 13).map(([name]) => name);
const TRACEPOINTS = [
  "mm_filemap_get_pages",
  "mm_filemap_add_to_page_cache",
  "page_cache_sync_ra",
  "page_cache_async_ra",
  "page_cache_ra_unbounded",
] as const;

const inner = (tier: TierName): string[] => INNER.flatMap((name) => callPrograms(name, tier));

/**
 * Alternatives for reads and what is inside them, best first: with these, a program reports that a read uses the page
 * cache.
 */
function sets(
  reads: readonly string[],
  pageCache: readonly (readonly string[])[],
  any: readonly string[],
): ProgramSet[] {
  return [
    ...pageCache.map((programs) => ({
      all: [...reads, ...programs],
      any,
      constants: { page_cache_watched: true },
    })),
    { all: reads, any },
  ];
}

function functionSets(tier: TierName): ProgramSet[] {
  const pageCache = ["filemap_read", "generic_file_buffered_read"].map((name) => callPrograms(name, tier));
  return sets(callPrograms("vfs_read", tier), pageCache, inner(tier));
}

const HOOKS: readonly Hook[] = [{
  name: "vfs_read",
  tiers: {
    fentry: functionSets("fentry"),
    kprobe: functionSets("kprobe"),
    tracepoint: sets(
      callPrograms("sys", "tracepoint"),
      [["mm_filemap_get_pages__tracepoint"]],
      TRACEPOINTS.map((name) => `${name}__tracepoint`),
    ),
  },
}];

/** Counters since the object was loaded. */
export interface Sample {
  readonly tier: string;
  /** In the order of FUNCTIONS. */
  readonly counts: readonly Counters<ReadpathCounts>[];
  readonly stacks: Stacks;
}

function sampler({ object, tier }: Attached): Sampler<Sample> {
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
      counts: FUNCTIONS.map((_, i) => sumPerCpu(counts, ReadpathCounts, i)),
      stacks: new Map(mapEntries(stacks.entries(), [ReadpathStackKey, ReadpathStack], (key, value) => {
        const { calls, self_ns: selfNs } = value.counters();
        const stack: Stack = { function: key.function, path: pathOf(key.stack), calls, selfNs };
        return [`${key.function} ${key.stack}`, stack];
      })),
    }),
    fill: ({ stacks: { size } }) => size / stacks.maxEntries,
  };
}

function nameOf(index: number, tier: string): string {
  const [name, tracepoint] = FUNCTIONS[index]!;
  return tier === "tracepoint" && tracepoint !== undefined ? tracepoint : name;
}

/** What its flame graph adds up: tracepoints do not measure the time of functions. */
const weightOf = (tier: string): Parameters<typeof flameStacks>[1] =>
  tier === "tracepoint"
    ? { key: "calls", of: ({ calls }) => calls }
    : { key: "time_us", of: ({ selfNs }) => selfNs / 1000 };

function derive(sample: Sample, previous: Sample | null, { flags }: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const { tier } = sample;
  const stacks = grownStacks(sample.stacks, previous.stacks);
  const timeOf = (index: number): number =>
    growth(sample.counts[index]!.time_ns, previous.counts[index]!.time_ns);
  const all = timeOf(0);
  const rows = FUNCTIONS.flatMap((_, index): Row[] => {
    const calls = growth(sample.counts[index]!.calls, previous.counts[index]!.calls);
    if (calls === 0) return [];
    const timeNs = timeOf(index);
    const timed = timeNs > 0;
    const path = stacks.find(({ stack }) => stack.function === index)?.stack.path ?? [];
    return [{
      func: nameOf(index, tier),
      calls,
      avg_us: timed ? timeNs / calls / 1000 : null,
      time_pct: timed && all > 0 ? Math.round(timeNs / all * 10_000) / 100 : null,
      stack: shortPath(path),
      time_us: timed ? timeNs / 1000 : null,
    }];
  });
  const name = (index: number): string => nameOf(index, tier);
  if (flags.folded !== true) return { rows, stacks: flameStacks(stacks, weightOf(tier), name) };
  const weight = ({ calls, selfNs }: GrownStack): number => tier === "tracepoint" ? calls : selfNs;
  return { rows, lines: folded(stacks, weight, name) };
}

function adapt(types: VmlinuxBtf): Constants {
  const readahead = types.parameterCount("btf_trace_page_cache_sync_ra") !== null;
  return { added_is_missed: !readahead };
}

const CACHED = ["read: hit", "read: readahead"];

/** Calls of the rows with these names. */
function callsOf(rows: readonly Row[], names: readonly string[]): number {
  return rows.reduce((sum, { func, calls }) => names.includes(String(func)) ? sum + Number(calls) : sum, 0);
}

/** Functions contain one another; each read has one outcome. */
const GRAPH: readonly GraphSeries[] = [
  {
    key: "reads",
    title: "reads",
    unit: "count",
    value: (rows) => callsOf(rows, [...CACHED, "read: miss", "read: other"]),
  },
  {
    key: "hit_pct",
    title: "hit rate",
    unit: "pct",
    value: (rows) => {
      const cached = callsOf(rows, CACHED);
      const all = cached + callsOf(rows, ["read: miss"]);
      return all > 0 ? 100 * cached / all : null;
    },
  },
];

export const readpath: Tool<Sample> = {
  name: "readpath",
  summary: "the path of reads through the kernel: functions, time, stacks, cache hits",
  searchWords: "slow read page cache readahead why functions trace",
  examples: [
    {
      question: "Are reads served from memory or from the disk?",
      command: "ktop readpath 5",
      look:
        "The rows read: hit, read: readahead and read: miss; AVG(us) of the misses is the cost of the disk. " +
        "read: other did not use the page cache: O_DIRECT, /proc, tmpfs, ends of files, failures.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  flags: [{
    name: "folded",
    printOnly: true,
    kind: "switch",
    description:
      "print stacks for flamegraph.pl or inferno: frames and nanoseconds (tracepoint tier: number of calls)",
  }],
  printsLines: ({ flags }) => flags.folded === true,
  graph: GRAPH,
  flame: { weight: "time_us", separate: true },
  hooks: HOOKS,
  caveats: {
    tracepoint: "times only whole reads; functions inside are counted where they have a tracepoint; " +
      "before 6.8 the file decides which reads use the page cache; on arm64 does not see 32-bit programs",
  },
  configure: ({ filters }) => filterConstants(filters),
  adapt,
  reads: ["addresses"],
  prepare: prepareKernelSymbols,
  sampler,
  derive,
};
