/**
 * The text of a cell.
 *
 * @module
 */
import { clockTime, humanCount, shortNumber } from "../text/mod.ts";
import type { Column } from "./columns.ts";
import type { Value } from "./tick.ts";

function formatNumber(column: Column, value: number, intervalS: number): string {
  const shown = column.perSecond ? value / intervalS : value;
  if (column.decimals !== undefined) return shown.toFixed(column.decimals);
  switch (column.unit) {
    case "kb":
      return shortNumber(shown / 1024);
    case "s":
      return shown.toFixed(6);
    case "pct":
      return shown.toFixed(2);
    case "ms":
      return shown.toFixed(3);
    case "us":
      return String(Math.round(shown));
    default:
      return column.perSecond ? shortNumber(shown) : String(shown);
  }
}

/**
 * The text of a cell.
 *
 * @param intervalS Measured length of the interval in seconds: columns marked `perSecond` are divided by it.
 * @param cells Where given, numbers that need more are shortened with a suffix (`12k`, `1.5M`).
 */
export function formatCell(column: Column, value: Value, intervalS: number, cells = Infinity): string {
  if (value === null) return "-";
  if (column.unit === "time") return clockTime(value);
  if (typeof value === "string") return value;
  const text = formatNumber(column, value, intervalS);
  if (text.length <= cells || column.unit === "id") return text;
  const shown = column.perSecond ? value / intervalS : value;
  return column.unit === "kb" ? humanCount(shown / 1024) : humanCount(shown);
}
