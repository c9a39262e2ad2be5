/**
 * What a tool measures in one interval: a tick of rows, histograms and losses.
 *
 * @module
 */

/** A cell's value. `null` is unknown: `-` in text, `null` in JSON. Strings are already escaped (src/text). */
export type Value = string | number | null;

/** One row: values by column key. Counts are exact counts of the interval; only text shows rates. */
export type Row = Readonly<Record<string, Value>>;

/** A log2 histogram: `slots[i]` counts values in [2^i, 2^(i+1)); slot 0 also counts 0. */
export interface Histogram {
  readonly label: string;
  /** Unit of the values: "us", "ms", "ns". */
  readonly unit: string;
  readonly slots: readonly number[];
  /** Sum of the values, in `unit`, if an option requested it; text then ends with average, total and count. */
  readonly sum?: number;
}

/** A histogram as metrics have it: with values of columns, and the exact sum. */
export interface Distribution {
  /** Columns that become labels. */
  readonly labels: Row;
  /** As in {@linkcode Histogram}. */
  readonly slots: readonly number[];
  /** Sum of the values, microseconds. */
  readonly sumUs: number;
}

/** The count, sums and maxima of the rows that share one value of the grouping column. */
export interface Group {
  readonly value: Value;
  /** Name of a numeric value, such as the comm of a pid; null if unknown or if the tool has no such column. */
  readonly name: Value;
  readonly count: number;
  /** In the order of `Grouping.sums` and `Grouping.maxima`; null if every row's value is unknown. */
  readonly sums: readonly (number | null)[];
  readonly maxima: readonly (number | null)[];
}

/** Groups by the value of the grouping column; {@linkcode OTHER} is the key of the rows that have no group. */
export type Groups = ReadonlyMap<Value, Group>;

/** The rows of one interval that passed a filter, counted before rows were dropped. */
export interface CountedRows {
  /** The filter, and the key of the column that the groups are made by; null: none are made. */
  readonly filter: string;
  readonly by: string | null;
  /** Number of rows that passed the filter, with those that the tick does not have. */
  readonly passed: number;
  /** Absent in past ticks and for tables. */
  readonly groups?: Groups;
}

/** Events of one interval that a recording left out. */
export interface RestRows {
  readonly rows: number;
  /** Their sums by column key, of the columns that may be added. */
  readonly sums: Row;
}

/** Losses of one interval. */
export interface Lost {
  /** Ring-buffer records lost because the ring was full; in the outputs, dropped rows too. */
  readonly events: number;
  /** Map entries lost because the map was full, and entries whose start was missed. */
  readonly keys: number;
  /**
   * Runs of its programs that the kernel skipped: as many calls may be missing, or none, because filters are part of the programs.
   * A program that is interrupted by another task does not run on that CPU until its own task continues (`recursion_misses`). 0
   * before Linux 5.12.
   */
  readonly runs: number;
}

/** The losses of an interval in which nothing was lost. */
export const NOTHING_LOST: Lost = { events: 0, keys: 0, runs: 0 };

/** The losses of both. */
export function addLost(one: Lost, other: Lost): Lost {
  return { events: one.events + other.events, keys: one.keys + other.keys, runs: one.runs + other.runs };
}

/** Stacks of the kernel that a tool counts beside its rows, for its flame graph. */
export interface Stacks {
  /** Key of the column whose values they add up to. */
  readonly weight: string;
  /** The largest first: functions joined by semicolons, the outermost first, and what was counted in the innermost one alone. */
  readonly counts: readonly { readonly stack: string; readonly weight: number }[];
  /** What was counted in stacks that are no longer kept; absent: all are. */
  readonly dropped?: number;
}

/** What `derive` computes from two samples. */
export interface Derived {
  readonly rows: readonly Row[];
  readonly histograms?: readonly Histogram[];
  readonly stacks?: Stacks;
  /** The histograms for `ktop serve`; other formats have `histograms`. */
  readonly distributions?: readonly Distribution[];
  /** Lines for another program, printed instead of the rows if `Tool.printsLines` returns true. */
  readonly lines?: readonly string[];
}

/** One interval of one tool: what screens and formats render. */
export interface Tick extends Derived {
  readonly tool: string;
  /** Wall clock at the end of the interval, milliseconds since the epoch. */
  readonly time: number;
  /** Measured length of the interval in seconds (monotonic clock). */
  readonly intervalS: number;
  /** Losses of this interval. */
  readonly lost: Lost;
  /** Events of this interval that were received and then dropped, because they exceeded a limit of memory, with the rest; absent: none. */
  readonly droppedRows?: number;
  /** Events of this interval that a recording left out and summed; absent: none. Of a table the last row is such a sum. */
  readonly rest?: RestRows;
  /** What a pane's filter and groups counted of all its rows; absent: not counted, or not all of them. */
  readonly counted?: CountedRows;
  /** Its programs were attached during this interval, so that it may have more than later ones: opened files, filled caches. */
  readonly isFirst?: true;
  /** The tier of its programs; `fentry+kprobe` if hooks differ. */
  readonly tier: string;
  /** Fill of the fullest map, 0 to 1; absent if no map can fill. */
  readonly mapFill?: number;
}

/** A tick whose rows are made as they are iterated, once. */
export type StreamedTick = Omit<Tick, "rows"> & { readonly rows: Iterable<Row> };

/** When and how an interval was measured. */
export type Measurement =
  & Pick<Tick, "time" | "intervalS" | "tier">
  & Partial<Pick<Tick, "lost" | "mapFill" | "droppedRows">>;

/**
 * The tick of a tool for one interval.
 *
 * @param measurement Without `lost`, nothing was lost.
 * @param derived Without `rows`, the result has none either: a summary.
 */
export function makeTick<D extends Partial<Derived>>(
  { name }: { readonly name: string },
  measurement: Measurement,
  derived: D,
): D & Omit<Tick, keyof Derived> {
  const { time, intervalS, tier, lost = NOTHING_LOST, mapFill, droppedRows = 0 } = measurement;
  const fill = mapFill === undefined ? {} : { mapFill };
  const dropped = droppedRows === 0 ? {} : { droppedRows };
  return { ...derived, tool: name, time, intervalS, tier, lost, ...dropped, ...fill };
}

/** What neither the rows of a tick nor its rest hold: its losses and its dropped rows. */
export function missingFrom(
  { lost, droppedRows = 0, rest }: Pick<Tick, "lost" | "droppedRows" | "rest">,
): Lost {
  return { ...lost, events: lost.events + droppedRows - (rest?.rows ?? 0) };
}
