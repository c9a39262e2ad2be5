/**
 * dcstat: directory-entry cache references and misses, like BCC's dcstat, with counters that BCC does not have. Source:
 * bpf/dcstat/dcstat.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../../bpf/mod.ts";
import type { Column, Derived, Value } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import { entryHook, exitHook } from "../lib/hooks.ts";
import { growths, sumPerCpu } from "../lib/maps.ts";
import type { Counters } from "../lib/struct.ts";
import type { Sampler, Tool } from "../tool.ts";
import { DcstatCounts } from "./layout.gen.ts";

/** The counters: key, title, hook, description. */
const COUNTERS = [
  ["refs", "REFS/s", "lookup_fast", "Path components looked up in the cache (lookup_fast)."],
  ["slow", "SLOW/s", "d_lookup", "Lookups on the slow path (d_lookup)."],
  [
    "miss",
    "MISS/s",
    "d_lookup",
    "Slow lookups that found nothing; misses in RCU-walk are in RCUMISS/s instead.",
  ],
  ["rcu_refs", "RCU/s", "__d_lookup_rcu", "Lookups in RCU-walk, without locks (__d_lookup_rcu)."],
  ["rcu_miss", "RCUMISS/s", "__d_lookup_rcu", "Lookups in RCU-walk that found nothing."],
  ["ref_refs", "REF/s", "__d_lookup", "Lookups in ref-walk (__d_lookup, also from d_lookup)."],
  ["ref_miss", "REFMISS/s", "__d_lookup", "Lookups in ref-walk that found nothing."],
] as const;

type CounterKey = typeof COUNTERS[number][0];

function counterColumn([key, title, , description]: typeof COUNTERS[number]): Column {
  const walk = key.startsWith("rcu") || key.startsWith("ref_");
  const shown = walk ? "wide" : "always";
  return { key, title, description, unit: "count", width: 9, align: "right", perSecond: true, shown };
}

const HIT_COLUMN: Column = {
  key: "hit_pct",
  title: "HIT%",
  description: "Percentage of references (REFS) without a slow miss (MISS), as in BCC.",
  unit: "pct",
  width: 7,
  align: "right",
};

const COLUMNS: readonly Column[] = [
  ...COUNTERS.slice(0, 3).map(counterColumn),
  HIT_COLUMN,
  ...COUNTERS.slice(3).map(counterColumn),
];

const HOOKS: readonly Hook[] = [
  { ...entryHook("lookup_fast"), optional: "REFS and HIT%" },
  exitHook("d_lookup", { kprobeEntry: false }),
  { ...exitHook("__d_lookup_rcu", { kprobeEntry: false }), optional: "RCU and RCUMISS" },
  { ...exitHook("__d_lookup", { kprobeEntry: false }), optional: "REF and REFMISS" },
];

interface Sample {
  /** Calls since the object was loaded. */
  readonly counts: Counters<DcstatCounts>;
  /** Counters whose hook did not attach: their counts are unknown. */
  readonly unknown: ReadonlySet<CounterKey>;
}

function sampler({ object, hooks }: Attached): Sampler<Sample> {
  const counts = object.map("counts");
  const missing = COUNTERS.filter(([, , hook]) => (hooks.get(hook) ?? null) === null);
  const unknown = new Set(missing.map(([key]) => key));
  return { sample: () => ({ counts: sumPerCpu(counts, DcstatCounts), unknown }) };
}

/** Percentage of references that hit; null without references. */
function hitPercent(refs: Value, miss: Value): number | null {
  if (typeof refs !== "number" || typeof miss !== "number" || refs === 0) return null;
  return Math.max(0, Math.round((1 - miss / refs) * 10_000) / 100);
}

function derive({ counts, unknown }: Sample, previous: Sample | null): Derived {
  if (previous === null) return { rows: [] };
  const row: Record<CounterKey, number | null> = growths(counts, previous.counts);
  for (const key of unknown) row[key] = null;
  return { rows: [{ ...row, hit_pct: hitPercent(row.refs, row.miss) }] };
}

export const dcstat: Tool<Sample> = {
  name: "dcstat",
  summary: "directory-entry cache lookups and misses per second",
  searchWords: "dentry cache dcache lookup path hit rate",
  examples: [
    {
      question: "Are path lookups served from memory?",
      command: "ktop dcstat --walks 5",
      look: "HIT% below 95 with many MISS/s: programs look for files that do not exist, or use more files " +
        "than the cache holds.",
    },
  ],
  view: "counters",
  columns: COLUMNS,
  columnsFor: ({ flags }) =>
    flags.walks === true ? COLUMNS.map((column) => ({ ...column, shown: "always" })) : COLUMNS,
  flags: [{
    name: "walks",
    kind: "switch",
    description: "also show RCU-walk and ref-walk lookups and misses",
  }],
  graph: COUNTERS.map(([key]) => key),
  hooks: HOOKS,
  caveats: {
    tracepoint: "not available: no tracepoint reports lookups in the directory-entry cache",
  },
  configure: ({ filters }) => filterConstants(filters),
  sampler,
  derive,
};
