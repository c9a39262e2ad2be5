/**
 * What a tool measured: cells, rows, histograms, losses, and the tick that holds them.
 *
 * @module
 */

/** A cell's value. `null` is unknown: `-` in text, `null` in JSON. Strings are already escaped (src/text). */
export type Value = string | number | null;

/** One row: values by column key. Counts are exact counts of the interval; rates are made when text is made. */
export type Row = Readonly<Record<string, Value>>;

/** A log2 histogram: `slots[i]` counts values in [2^i, 2^(i+1)), slot 0 also holds 0. */
export interface Histogram {
  readonly label: string;
  /** Unit of the values: "us", "ms", "ns". */
  readonly unit: string;
  readonly slots: readonly number[];
  /** Sum of the values, in `unit`; text then ends with average, total and count. */
  readonly sum?: number;
}

/** Losses of one interval. */
export interface Lost {
  /** Ring-buffer records that found no room. */
  readonly events: number;
  /** Keys that found no room in a map, and entries whose start was missed. */
  readonly keys: number;
}

/** What `derive` makes of two samples. */
export interface Derived {
  readonly rows: readonly Row[];
  readonly histograms?: readonly Histogram[];
  /** What text is when {@linkcode Tool.plain} says so: lines for another program. */
  readonly lines?: readonly string[];
}

/** One tool, one tick: what every screen and output renders. */
export interface Tick extends Derived {
  readonly tool: string;
  /** Wall clock at the end of the interval, milliseconds since the epoch. */
  readonly time: number;
  /** Measured length of the interval in seconds (monotonic clock). */
  readonly intervalS: number;
  /** What could not be counted in this interval. */
  readonly lost: Lost;
  /** The tier that produced it; `fentry+kprobe` where hooks differ. */
  readonly tier: string;
  /** How full the fullest map was, 0 to 1; absent where no map can fill. */
  readonly mapFill?: number;
}

/** When and how an interval was measured. */
export type Measurement = Pick<Tick, "time" | "intervalS" | "tier"> & Partial<Pick<Tick, "lost" | "mapFill">>;

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
  const { time, intervalS, tier, lost = { events: 0, keys: 0 }, mapFill } = measurement;
  const fill = mapFill === undefined ? {} : { mapFill };
  return { ...derived, tool: name, time, intervalS, tier, lost, ...fill };
}
