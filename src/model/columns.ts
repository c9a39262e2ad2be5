/**
 * Columns as data, and the questions that printing and drawing ask about them.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest } from "../text/mod.ts";
import type { Row, Value } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";
import { type Unit, UNITS } from "./unit.ts";

/** Where a column is shown without being asked for. */
export type Shown = "always" | "wide" | "data";

/** One column of a tool: the source of headers, sort menus, help, --fields, JSON keys and the CSV header. */
export interface Column {
  /** JSON key: snake_case, unit as suffix (`lat_us`, `read_bytes`). */
  readonly key: string;
  /** Header in text: `R_Kb`, `READ/s`. */
  readonly title: string;
  /** One sentence for the help. */
  readonly description: string;
  readonly unit: Unit;
  /** Cells it takes in text. The last shown column of unit "text" takes what is left. */
  readonly width: number;
  readonly align: "left" | "right";
  /** Digits after the point in text, where those of the unit are too few or too many. */
  readonly decimals?: number;
  /** Text divides the count by the measured interval. */
  readonly perSecond?: boolean;
  /** A level at the end of the interval (bytes in use), which graphs show as it is. Default: as {@linkcode UNITS} says. */
  readonly gauge?: boolean;
  /** Sorted largest first. Default: as {@linkcode UNITS} says. */
  readonly defaultDescending?: boolean;
  /** Where it is shown without being asked for: always (default), only on wide panes, or only in JSON and CSV. */
  readonly shown?: Shown;
}

/** True for a tool shown as rows under titles. */
export function isList(tool: ToolInfo): boolean {
  return tool.view === "table" || tool.view === "events";
}

/** True for a level, which graphs show as it is; false for what counts in the interval. */
export function isGauge({ gauge, unit }: Column): boolean {
  return gauge ?? UNITS[unit].graph === "level";
}

/** True for a column that is sorted largest first until the order is reversed. */
export function sortsDescending({ defaultDescending, unit }: Column): boolean {
  return defaultDescending ?? UNITS[unit].descending;
}

/** Columns of the text form: without those that only data formats carry; wide ones only where there is room. */
export function textColumns(tool: ToolInfo, wide: boolean): readonly Column[] {
  return tool.columns.filter(({ shown = "always" }) => shown === "always" || (wide && shown === "wide"));
}

/** Finds a column by key or by title, without regard to case. Throws UsageError naming the nearest. */
export function findColumn(tool: ToolInfo, name: string): Column {
  const wanted = name.trim().toLowerCase();
  const found = tool.columns.find(({ key, title }) => key === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const keys = tool.columns.map(({ key }) => key);
  const hint = nearest(wanted, keys);
  throw new UsageError(
    `${tool.name} has no column "${name}".`,
    { remedy: hint ? `Did you mean ${hint}? Columns: ${keys.join(", ")}.` : `Columns: ${keys.join(", ")}.` },
  );
}

/** Orders two values: numbers by size, text by code point, unknown values last whichever way. */
export function compareValues(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

/** A copy of the rows sorted in the column's default order, or with `reverse` in the opposite one. Stable. */
export function sortRows(rows: readonly Row[], column: Column, reverse = false): Row[] {
  const descending = sortsDescending(column) !== reverse;
  return rows.toSorted((a, b) => compareValues(a[column.key] ?? null, b[column.key] ?? null, descending));
}
