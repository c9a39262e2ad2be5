/**
 * Compares what was counted in two ranges of time.
 *
 * @module
 */
import { type Column, compareValues, isAddable, isGauge } from "./columns.ts";
import { groupableColumns, type Grouping } from "./grouping.ts";
import { OTHER, OTHER_NAME, REST_KEY, restCount, withoutRoundingError } from "./rest_rows.ts";
import { addLost, type Lost, missingFrom, NOTHING_LOST, type Row, type Tick, type Value } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";
import { UNITS } from "./unit.ts";

/** One of the two ranges. */
export type Side = "a" | "b";

/** What was read of a range. */
export interface ComparedRange {
  readonly ticks: number;
  /** Times of the first and the last tick, milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Sum of the measured intervals, seconds. */
  readonly intervalS: number;
  readonly lost: Lost;
  /** Rows that the recording sums as the rest of an interval: a value without a sum in this range may be among them. */
  readonly restRows: number;
}

/** A value of the grouping column, and one sum in both ranges. */
export interface ComparedRow {
  readonly measure: Column;
  /** The value of the grouping column; null: unknown, or there is no such column. */
  readonly value: Value;
  /** The values without separate sums, together. */
  readonly isOther: boolean;
  /** Sums; null: no row had a value. */
  readonly a: number | null;
  readonly b: number | null;
  /** Null: unknown, because its rows may be among the rest. */
  readonly aPerS: number | null;
  readonly bPerS: number | null;
  /** `bPerS` without `aPerS`; null: one of them is unknown. */
  readonly diffPerS: number | null;
}

/**
 * Most values of the grouping column that have separate sums, and the characters of their texts. The first ones: a value that was among the
 * others in one range and had a separate sum in the other would seem to differ.
 */
const MAX_VALUES = 5000;
const MAX_CHARACTERS = 1024 * 1024;

interface Sums {
  readonly a: (number | null)[];
  readonly b: (number | null)[];
}

const emptyRange = (): ComparedRange => ({
  ticks: 0,
  first: 0,
  last: 0,
  intervalS: 0,
  lost: NOTHING_LOST,
  restRows: 0,
});

/** A sum for each second of a range; null: unknown. */
function rateOf(sum: number | null, { intervalS, restRows }: ComparedRange): number | null {
  if (sum === null && restRows > 0) return null;
  return withoutRoundingError((sum ?? 0) / intervalS);
}

/** What rows are sorted by: the difference, unknown ones last. */
const sizeOf = ({ diffPerS }: ComparedRow): number => diffPerS === null ? -1 : Math.abs(diffPerS);

/** A column that is compared, and the key in the rows that it sums; null: the number of rows. */
interface Measure {
  readonly column: Column;
  readonly from: string | null;
}

/** True for a count or bytes of an interval, which may be added over time, though perhaps not over rows. */
const isCounted = (column: Column): boolean =>
  UNITS[column.unit].sum === "add" && !UNITS[column.unit].maximum && !isGauge(column);

const asMeasures = (columns: readonly Column[]): Measure[] =>
  columns.map((column) => ({ column, from: column.key }));

function measuresOf(tool: ToolInfo, grouping: Grouping | null): Measure[] {
  if (grouping === null) return asMeasures(tool.columns.filter(isAddable));
  const { sums, count, by } = grouping;
  if (tool.view === "events") return [{ column: count, from: null }, ...sums];
  if (sums.length > 0) return [...sums];
  // Rows contain others (functions that call each other, directories): only those of one value may be added over time.
  return by === comparedBy(tool) ? asMeasures(tool.columns.filter(isCounted)) : [];
}

/** Adds up the ticks of two ranges by the values of a column, in bounded memory: both ranges have the same values, and the others together. */
export class Comparison {
  readonly tool: ToolInfo;
  readonly #by: Column | null;
  readonly #measures: readonly Measure[];
  readonly #sums = new Map<Value, Sums>();
  readonly #ranges = { a: emptyRange(), b: emptyRange() };
  #characters = 0;

  /** @param grouping null: all rows are added up */
  constructor(tool: ToolInfo, grouping: Grouping | null) {
    this.tool = tool;
    this.#by = grouping?.by ?? null;
    this.#measures = measuresOf(tool, grouping);
  }

  /** The column by whose values the rows are divided. */
  get by(): Column | null {
    return this.#by;
  }

  /** Whether nothing may be added up. */
  get isEmpty(): boolean {
    return this.#measures.length === 0;
  }

  range(side: Side): ComparedRange {
    return this.#ranges[side];
  }

  add(side: Side, tick: Tick): void {
    const { ticks, first, intervalS, lost, restRows } = this.#ranges[side];
    const summed = tick.rows.reduce((sum, row) => sum + restCount(row), tick.rest?.rows ?? 0);
    this.#ranges[side] = {
      ticks: ticks + 1,
      first: ticks === 0 ? tick.time : first,
      last: tick.time,
      intervalS: intervalS + tick.intervalS,
      lost: addLost(lost, missingFrom(tick)),
      restRows: restRows + summed,
    };
    for (const row of tick.rows) this.#addRow(side, row);
    if (tick.rest) this.#addRow(side, { ...tick.rest.sums, [REST_KEY]: tick.rest.rows });
  }

  /** Each value and sum that is not zero in both ranges; by sum, the largest difference first, then unknown ones, the others together last. */
  rows(): ComparedRow[] {
    const { a, b } = this.#ranges;
    return this.#measures.flatMap(({ column }, i) => {
      const rows: ComparedRow[] = [];
      for (const [key, sums] of this.#sums) {
        const [inA, inB] = [sums.a[i] ?? null, sums.b[i] ?? null];
        if (!inA && !inB) continue;
        const [aPerS, bPerS] = [rateOf(inA, a), rateOf(inB, b)];
        rows.push({
          measure: column,
          value: key === OTHER ? OTHER_NAME : key,
          isOther: key === OTHER,
          a: inA === null ? null : withoutRoundingError(inA),
          b: inB === null ? null : withoutRoundingError(inB),
          aPerS,
          bPerS,
          diffPerS: aPerS === null || bPerS === null ? null : withoutRoundingError(bPerS - aPerS),
        });
      }
      return rows.sort((one, two) =>
        Number(one.isOther) - Number(two.isOther) ||
        sizeOf(two) - sizeOf(one) || compareValues(one.value, two.value, false)
      );
    });
  }

  #addRow(side: Side, row: Row): void {
    const value = this.#by === null ? null : restCount(row) > 0 ? OTHER : row[this.#by.key] ?? null;
    const sums = this.#sumsOf(value)[side];
    this.#measures.forEach(({ from }, i) => {
      const more = from === null ? restCount(row) || 1 : row[from];
      if (typeof more === "number") sums[i] = (sums[i] ?? 0) + more;
    });
  }

  #sumsOf(value: Value): Sums {
    const known = this.#sums.get(value);
    if (known) return known;
    const characters = typeof value === "string" ? value.length : 0;
    const isFull = this.#sums.size >= MAX_VALUES || this.#characters + characters > MAX_CHARACTERS;
    if (isFull && value !== OTHER) return this.#sumsOf(OTHER);
    this.#characters += characters;
    const sums = { a: this.#measures.map(() => null), b: this.#measures.map(() => null) };
    this.#sums.set(value, sums);
    return sums;
  }
}

/**
 * The column by which a tool's rows are compared unless one is named: the program, else the text that the tool is opened for; null:
 * there is none.
 */
export function comparedBy(tool: ToolInfo): Column | null {
  const known = groupableColumns(tool).filter(({ needs, unit }) =>
    needs === undefined && UNITS[unit].kind === "text"
  );
  const [first] = known.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  return known.find(({ key }) => key === "comm") ?? first ?? null;
}
