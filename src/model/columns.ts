/**
 * Columns as data, and how they sort.
 *
 * @module
 */
import { errorName, modeName } from "../text/mod.ts";
import type { PeakKind } from "./peaks.ts";
import type { Row, Value } from "./tick.ts";
import { type Unit, UNITS } from "./unit.ts";

/** When a column is shown by default. */
export type Shown = "always" | "wide" | "data";

/** Labels of metrics. Each has few values: a process, a path or an address is never one. */
export type MetricLabel = "container" | "device" | "operation" | "syscall";

/** One column of a tool: the source of headers, sort menus, help, --fields, JSON keys and the CSV header. */
export interface Column {
  /** JSON key: snake_case, unit as suffix (`lat_us`, `read_bytes`). */
  readonly key: string;
  /** Header in text: `R_Kb`, `READ/s`. */
  readonly title: string;
  /** One sentence for the help. */
  readonly description: string;
  readonly unit: Unit;
  /** Width in cells. The last shown column of unit "text" takes the remaining space. */
  readonly width: number;
  readonly align: "left" | "right";
  /**
   * What the values are names of. Text shows the name, and JSON adds it under the key with `_name` appended: "error" is an
   * errno; "result" is what a call returned, an error if it is negative; "mode" is permissions in octal. Names that
   * depend on the machine are in the row, under the key with `_name` appended: "flags" replaces the value, and "user"
   * is shown beside it: `0(root)`.
   */
  readonly names?: "error" | "result" | "mode" | "flags" | "user";
  /** The text is a chain of processes as `chainText` writes it. JSON has a list of objects with `pid` and `comm`. */
  readonly holds?: "processes";
  /** Names of switches, or choices as "by=file": the values are unknown unless one of them is set. */
  readonly needs?: readonly string[];
  /** Name of the switch or choice with which the values are unknown. */
  readonly excludedBy?: string;
  /**
   * Least width before columns that are not essential are hidden. Default: of numbers the width, of text 8, or 12 for the
   * column that takes the remaining space.
   */
  readonly minWidth?: number;
  /** Text with values longer than `width`: on a screen with room it gets as many cells. */
  readonly maxWidth?: number;
  /** Where text that is too long for its column on the screen is cut: a directory at its start. Default: at its end. */
  readonly cut?: "start";
  /** The timeline of a recording shows its sum per second (reads) or its largest value (latency). */
  readonly peak?: Exclude<PeakKind, "lost">;
  /** `ktop serve` counts the rows by the values of this column, which become this label. */
  readonly metricLabel?: MetricLabel;
  /** Digits after the point in text. Default: those of the unit. */
  readonly decimals?: number;
  /** Text divides the count by the measured interval. */
  readonly perSecond?: boolean;
  /** A level at the end of the interval (bytes in use), which graphs show unchanged. Default: that of the unit. */
  readonly gauge?: boolean;
  /**
   * Whether the values of several rows may be added. Default: that of the unit. False for averages, bounds and times of
   * day, and where one row's count contains another's: functions that call each other.
   */
  readonly adds?: boolean;
  /** Sorted largest first. Default: that of the unit. */
  readonly defaultDescending?: boolean;
  /**
   * A table too narrow for all columns hides those of the lowest priority first. 1 and above: essential, narrowed before
   * it is hidden; the highest is what the tool is opened for and is always shown. Below 0: hidden before all others.
   * Default: 0, or 1 for the column that takes the remaining space.
   */
  readonly priority?: number;
  /** When it is shown by default: always (if absent), only on wide panes, or only in JSON and CSV. */
  readonly shown?: Shown;
  /** Key of the column before which text and screens show it. JSON and CSV have it at its place in the list. */
  readonly before?: string;
  /** When a screen shows it by default, if not as `shown`: the clock instead of BCC's seconds since the start. */
  readonly onScreen?: Shown;
}

/** Key of a value's name in JSON, and in rows that already have the name. */
export const nameKey = ({ key }: Column): string => `${key}_name`;

/** True if the names of a column are in the rows: they cannot be derived from the value on another machine. */
export const namesInRow = ({ names }: Column): boolean => names === "flags" || names === "user";

/** The name of a value of the row: ENOENT, rw-r--r--, O_RDONLY|O_CLOEXEC, root; null if it has none. */
export function valueName(column: Column, row: Row): string | null {
  const { names, key } = column;
  if (names === undefined) return null;
  if (namesInRow(column)) {
    const name = row[nameKey(column)];
    return typeof name === "string" ? name : null;
  }
  const value = row[key];
  if (names === "mode") return typeof value === "string" ? modeName(value) : null;
  return typeof value !== "number" || (names === "result" && value >= 0) ? null : errorName(value);
}

/** True for a level; false for a count of the interval. */
export function isGauge({ gauge, unit }: Column): boolean {
  return gauge ?? UNITS[unit].graph === "level";
}

/** True for a column of which the values of several rows may be added. */
export function isAddable({ adds, unit }: Column): boolean {
  return adds ?? UNITS[unit].sum === "add";
}

/** True for a column that is sorted largest first until the order is reversed. */
export function sortsDescending({ defaultDescending, unit }: Column): boolean {
  return defaultDescending ?? UNITS[unit].descending;
}

/** The columns in the order of text and screens. */
export function displayOrder(columns: readonly Column[]): readonly Column[] {
  const moved = columns.filter(({ before }) => before !== undefined);
  if (moved.length === 0) return columns;
  return columns.filter((column) => !moved.includes(column)).flatMap((column) => [
    ...moved.filter(({ before }) => before === column.key),
    column,
  ]);
}

/** Orders two values: numbers by size, text by code point, unknown values last in either direction. */
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
