/**
 * The lines of `ktop TOOL --json`, and the sums and counts that tests make of them.
 *
 * @module
 */

/** One line of `--json`: a tick. */
export interface JsonTick {
  readonly v: number;
  readonly tool: string;
  readonly time: string;
  readonly interval_s: number;
  readonly tier: string;
  /** The column that the rows are grouped by. */
  readonly by?: string;
  readonly rows: readonly Row[];
  readonly histograms?: readonly {
    readonly label: string;
    readonly unit: string;
    readonly slots: readonly number[];
    readonly sum?: number;
  }[];
  readonly lost: { readonly events: number; readonly keys: number; readonly runs: number };
}

/** What maps and rings had no room for. */
export type Losses = Pick<JsonTick["lost"], "events" | "keys">;

/** One row: values by JSON key. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A number for each name. */
export type Counts = Readonly<Record<string, number>>;

/** All rows, in the order of the ticks. */
export function rowsOf(ticks: readonly JsonTick[]): readonly Row[] {
  return ticks.flatMap(({ rows }) => rows);
}

/** Sums a column over the rows that pass; NaN when a row has no such column. */
export function sumColumn(
  rows: readonly Row[],
  key: string,
  passes: (row: Row) => boolean = () => true,
): number {
  return rows.filter(passes).reduce((total, row) => total + Number(row[key]), 0);
}

/** Counts rows by name; rows whose name is null are left out. */
export function countRows(rows: readonly Row[], nameOf: (row: Row) => string | null): Counts {
  return countNames(rows.map(nameOf));
}

/** Counts names; null is left out. */
export function countNames(names: readonly (string | null)[]): Counts {
  const counts: Record<string, number> = {};
  for (const name of names) if (name !== null) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The sum of all counts. */
export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many values the histograms hold: of all labels or of one, in all slots or from one on. */
export function countInSlots(
  ticks: readonly JsonTick[],
  { label, from = 0 }: { label?: string; from?: number } = {},
): number {
  return ticks.flatMap(({ histograms }) => histograms ?? [])
    .filter((histogram) => label === undefined || histogram.label === label)
    .flatMap(({ slots }) => slots.slice(from)).reduce((sum, count) => sum + count, 0);
}

/** Events and keys lost in all ticks. */
export function losses(ticks: readonly JsonTick[]): Losses {
  return {
    events: ticks.reduce((sum, { lost }) => sum + lost.events, 0),
    keys: ticks.reduce((sum, { lost }) => sum + lost.keys, 0),
  };
}

/**
 * Runs of ktop's programs that the kernel skipped. Calls may be missing then, which is no fault of ktop's: what expects exact counts
 * is measured again.
 */
export function skippedRuns(ticks: readonly JsonTick[]): number {
  return ticks.reduce((sum, { lost }) => sum + lost.runs, 0);
}
