/**
 * The rest of an interval: the rows beyond a limit, summed.
 *
 * @module
 */
import { type Column, isAddable } from "./columns.ts";
import { keptRows } from "./kept_rows.ts";
import type { Model } from "./model.ts";
import { keptOrders } from "./selection.ts";
import type { RestRows, Row, Tick, Value } from "./tick.ts";
import { isList, type ToolInfo } from "./tool_info.ts";
import { UNITS } from "./unit.ts";

/** The key of the group of all rows that have no separate group: no text of a row has this character. */
export const OTHER = "\0other";
/** What that group is called, and a row that sums the rest of a table. */
export const OTHER_NAME = "(other)";

/** Key of the number of rows that a row sums: no column has this character in its key. */
export const REST_KEY = "\0rest";

/** How many rows a row sums if it is the rest of a table; 0: it is one row. */
export function restCount(row: Row): number {
  const count = row[REST_KEY];
  return typeof count === "number" ? count : 0;
}

/** Removes the rounding error of a sum of fractions: 0.3, not 0.30000000000000004. */
export const withoutRoundingError = (sum: number): number =>
  Number.isInteger(sum) ? sum : Math.round(sum * 1e6) / 1e6;

/** The sums of the columns that may be added; null: no row has a value. */
function sumsOf(rows: readonly Row[], { columns }: ToolInfo): Record<string, Value> {
  return Object.fromEntries(
    columns.filter(isAddable).map(({ key }) => {
      let sum: number | null = null;
      for (const row of rows) if (typeof row[key] === "number") sum = (sum ?? 0) + row[key];
      return [key, sum === null ? null : withoutRoundingError(sum)];
    }),
  );
}

const countOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + (restCount(row) || 1), 0);

/** True for text with room for the name of the rest, which names no value of the kernel. */
const namesRest = ({ unit, width, names, holds }: Column): boolean =>
  UNITS[unit].kind === "text" && width >= OTHER_NAME.length && names === undefined && holds === undefined;

/** The row of a table that sums others: ids, averages and other numbers that may not be added are unknown. */
function restRow(rows: readonly Row[], tool: ToolInfo): Row {
  const sums = sumsOf(rows, tool);
  const values = tool.columns.map((column) => {
    const { key } = column;
    const isNamed = namesRest(column) && rows.some((row) => typeof row[key] === "string");
    return [key, isNamed ? OTHER_NAME : sums[key] ?? null];
  });
  return { ...Object.fromEntries(values), [REST_KEY]: countOf(rows) };
}

/** Of events that were left out before, and more of them, the number and the sums. */
function restEvents({ rest }: Tick, rows: readonly Row[], tool: ToolInfo): RestRows {
  return {
    rows: (rest?.rows ?? 0) + rows.length,
    sums: sumsOf(rest ? [...rows, rest.sums] : rows, tool),
  };
}

/** A tick with only some of its rows, and the others as its rest: of a table a row at the end, of events their number and sums. */
export function withRest(tick: Tick, tool: ToolInfo, kept: ReadonlySet<Row>): Tick {
  const rows = tick.rows.filter((row) => kept.has(row));
  const others = tick.rows.filter((row) => !kept.has(row));
  if (others.length === 0) return tick;
  return tool.view === "events"
    ? {
      ...tick,
      rows,
      rest: restEvents(tick, others, tool),
      droppedRows: (tick.droppedRows ?? 0) + others.length,
    }
    : { ...tick, rows: [...rows, restRow(others, tool)] };
}

/** True if a tick has a rest. */
export const hasRest = ({ rows, rest }: Tick): boolean =>
  rest !== undefined || restCount(rows.at(-1) ?? {}) > 0;

/**
 * A tick with at most `most` rows and a rest: the first rows of a table; of events as many of the slowest as of the newest. Counters
 * and histograms have no rest.
 */
export function limitRows(tick: Tick, tool: ToolInfo, most: number): Tick {
  const { rows } = tick;
  if (!isList(tool) || rows.length <= most) return tick;
  const kept = tool.view === "events"
    ? keptRows(rows, { most, maxBytes: Infinity, test: null, orders: keptOrders(tool, null) })
    : rows.slice(0, most);
  return withRest(tick, tool, new Set(kept));
}

/** A model whose ticks have at most `most` rows and a rest. */
export function limitModelRows(model: Model, most: number): Model {
  const tools = model.tools.map((one) =>
    one.tick ? { ...one, tick: limitRows(one.tick, one.tool, most) } : one
  );
  return { ...model, tools };
}

/** The rows of a table with the rest at the end. */
export function restLast(rows: readonly Row[]): readonly Row[] {
  const rest = rows.filter((row) => restCount(row) > 0);
  return rest.length === 0 ? rows : [...rows.filter((row) => restCount(row) === 0), ...rest];
}
