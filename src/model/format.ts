/**
 * Formats a cell as text.
 *
 * @module
 */
import { clockTime, humanCount, shortNumber } from "../text/mod.ts";
import { type Column, valueName } from "./columns.ts";
import type { Row, Value } from "./tick.ts";
import { UNITS } from "./unit.ts";

function formatNumber({ unit, decimals, perSecond }: Column, shown: number): string {
  if (decimals !== undefined) return shown.toFixed(decimals);
  const { digits = perSecond ? "short" : null } = UNITS[unit];
  if (digits === null) return String(shown);
  return digits === "short" ? shortNumber(shown) : shown.toFixed(digits);
}

/**
 * The text of a value.
 *
 * @param intervalS Measured length of the interval in seconds, by which rates are divided.
 * @param cells Width beyond which numbers are shortened with a suffix (`12k`, `1.5M`).
 */
export function formatValue(column: Column, value: Value, intervalS: number, cells = Infinity): string {
  if (value === null) return "-";
  const { kind, divisor, shortens } = UNITS[column.unit];
  if (kind === "time") return clockTime(value);
  if (typeof value === "string") return value;
  const shown = (column.perSecond ? value / intervalS : value) / divisor;
  const text = formatNumber(column, shown);
  if (text.length <= cells || !shortens) return text;
  const whole = text.indexOf(".");
  // Fewer digits after the point say more than a suffix.
  const fits = whole > 0 && whole <= cells - 2;
  return fits ? shown.toFixed(cells - whole - 1) : humanCount(shown);
}

/** The text of a row's cell, with the name of its value if it has one: ENOENT, `0(root)`. Otherwise as {@linkcode formatValue}. */
export function formatCell(column: Column, row: Row, intervalS: number, cells = Infinity): string {
  const value = row[column.key] ?? null;
  const name = column.names === undefined ? null : valueName(column, row);
  if (name === null || value === null) return formatValue(column, value, intervalS, cells);
  return column.names === "user" ? `${value}(${name})` : name;
}
