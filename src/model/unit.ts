/**
 * Units of columns. The table {@linkcode UNITS} holds everything that depends on a unit: how values are shown, typed, sorted,
 * summed, graphed and exported.
 *
 * @module
 */

/** What a column measures. */
export type Unit =
  | "count" // things in the interval
  | "bytes" // bytes in the interval
  | "kb" // held in bytes, shown as KiB (BCC's R_Kb)
  | "mb" // held in bytes, shown as MiB (BCC's CACHED_MB)
  | "us" // microseconds
  | "ms" // milliseconds
  | "s" // seconds
  | "pct" // 0 to 100
  | "id" // a number that is a name: pid, cpu, inode
  | "time" // wall clock: ISO 8601 in JSON, HH:MM:SS in text
  | "text"; // comm, file name, type letter

/** The scale of a graph's axis: bytes in powers of 1024, shares from 0 to 100, everything else in powers of ten. */
export type Axis = "count" | "bytes" | "pct";

/** How a unit is shown, typed, sorted, summed, graphed and exported. */
export interface UnitInfo {
  /** Measured numbers; identities such as a pid, which with text identify a row; wall clock; text. */
  readonly kind: "number" | "identity" | "time" | "text";
  /** Text shows the value divided by this. */
  readonly divisor: number;
  /** Digits after the point in text; "short": one below ten, as in `1.5`; absent: as the number is, short for a rate. */
  readonly digits?: number | "short";
  /** A number wider than its column gets a suffix: `12k`. */
  readonly shortens: boolean;
  /** Suffixes of typed amounts, with the factor that converts to the unit; "" for none. */
  readonly suffixes: Readonly<Record<string, number>>;
  /** Sorted largest first by default. */
  readonly descending: boolean;
  /** The value of several rows together: their sum, or none. */
  readonly sum: "add" | "none";
  /** Groups of rows show the largest value beside the sum. */
  readonly maximum: boolean;
  /** Graphs show the sum per second, or the value as it is at the end of the interval, or nothing. */
  readonly graph: "rate" | "level" | "none";
  readonly axis: Axis;
  /** Prometheus base unit, and how many of this unit make one; null: not a metric. */
  readonly metric: { readonly base: "" | "seconds" | "bytes" | "ratio"; readonly perBase: number } | null;
}

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, m: 60 };

/** The suffixes of an amount of time; a bare number is in `unit`, of which a second has `perSecond`. */
function timeSuffixes(unit: string, perSecond: number): Record<string, number> {
  const factors = Object.entries(SECONDS).map(([name, seconds]) => [name, seconds * perSecond]);
  return { ...Object.fromEntries(factors), "": SECONDS[unit]! * perSecond };
}

const COUNT: UnitInfo = {
  kind: "number",
  divisor: 1,
  shortens: true,
  suffixes: { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 },
  descending: true,
  sum: "add",
  maximum: false,
  graph: "rate",
  axis: "count",
  metric: { base: "", perBase: 1 },
};

const BYTES: UnitInfo = {
  ...COUNT,
  suffixes: {
    "": 1,
    b: 1,
    k: 2 ** 10,
    kb: 2 ** 10,
    m: 2 ** 20,
    mb: 2 ** 20,
    g: 2 ** 30,
    gb: 2 ** 30,
    t: 2 ** 40,
  },
  axis: "bytes",
  metric: { base: "bytes", perBase: 1 },
};

function timeUnit(unit: string, perSecond: number, digits: number): UnitInfo {
  const metric = { base: "seconds", perBase: perSecond } as const;
  return { ...COUNT, digits, suffixes: timeSuffixes(unit, perSecond), maximum: true, metric };
}

const TEXT: UnitInfo = {
  ...COUNT,
  kind: "text",
  suffixes: {},
  descending: false,
  sum: "none",
  graph: "none",
  metric: null,
};

/** Everything that depends on a unit. */
export const UNITS: Readonly<Record<Unit, UnitInfo>> = {
  count: COUNT,
  bytes: BYTES,
  kb: { ...BYTES, divisor: 1024, digits: "short" },
  mb: { ...BYTES, divisor: 2 ** 20, digits: 0 },
  us: timeUnit("us", 1e6, 0),
  ms: timeUnit("ms", 1e3, 3),
  s: timeUnit("s", 1, 6),
  pct: {
    ...COUNT,
    digits: 2,
    suffixes: { "": 1, "%": 1 },
    sum: "none",
    graph: "level",
    axis: "pct",
    metric: { base: "ratio", perBase: 100 },
  },
  id: { ...TEXT, kind: "identity", shortens: false, suffixes: { "": 1 }, descending: true },
  time: { ...TEXT, kind: "time" },
  text: TEXT,
};
