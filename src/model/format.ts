/**
 * Formats a cell as text.
 *
 * @module
 */
import { clockTime, displayWidth, humanCount, shortNumber, truncate } from "../text/mod.ts";
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
  return column.names === "user" ? userText(value, name, cells) : name;
}

/** `0(root)`; in a narrow column `996(systemd+)`, as ps cuts names, else the id alone. */
function userText(id: Value, name: string, cells: number): string {
  const room = cells - `${id}()`.length;
  return room < 2 && displayWidth(name) > room ? `${id}` : `${id}(${truncate(name, room, "+")})`;
}

/** How the numbers of a column are written: divided, with these decimals and this suffix. */
interface NumberForm {
  readonly divisor: number;
  readonly digits: number;
  readonly suffix: string;
}

/** Digits after the point that the unit wants for a column with these numbers. */
function wantedDigits({ unit, decimals, perSecond }: Column, numbers: readonly number[]): number {
  if (decimals !== undefined) return decimals;
  const { digits = perSecond ? "short" : null } = UNITS[unit];
  if (typeof digits === "number") return digits;
  const largest = Math.max(...numbers);
  return numbers.every(Number.isInteger) || largest >= SHORT_BELOW ? 0 : 1;
}

/** Smaller numbers have a decimal in the short form. */
const SHORT_BELOW = 9.95;

/** The form in which the largest of the numbers fits into `cells`: fewer decimals first, then for bytes a suffix. */
function numberForm(column: Column, numbers: readonly number[], cells: number): NumberForm {
  const largest = Math.max(0, ...numbers.map(Math.abs));
  const wanted = wantedDigits(column, numbers);
  const { shortens, axis } = UNITS[column.unit];
  const plain = { divisor: 1, digits: wanted, suffix: "" };
  if (!shortens) return plain;
  const decimals = Array.from({ length: wanted + 1 }, (_, i) => ({ ...plain, digits: wanted - i }));
  const suffixes = axis !== "bytes"
    ? []
    : SUFFIXES.flatMap((suffix, i) => [1, 0].map((digits) => ({ divisor: 1000 ** (i + 1), digits, suffix })));
  const fits = ({ divisor, digits, suffix }: NumberForm): boolean =>
    (largest / divisor).toFixed(digits).length + suffix.length <= cells;
  return [...decimals, ...suffixes].find(fits) ?? decimals.at(-1)!;
}

/** Powers of 1000. */
const SUFFIXES = ["k", "M", "G", "T", "P", "E"] as const;

/** A number in the form of its column. A small number is "<0.1" or "<1k" rather than 0; a large count has its own suffix. */
function numberText(
  column: Column,
  value: number,
  { form, cells }: { form: NumberForm; cells: number },
): string {
  const { divisor, digits, suffix } = form;
  const { shortens, digits: usual } = UNITS[column.unit];
  const isFixed = column.decimals !== undefined || typeof usual === "number";
  if (value === 0 && !isFixed) return "0";
  const rounded = (value / divisor).toFixed(digits);
  const text = rounded + suffix;
  if (text.length > cells && shortens) return humanCount(value);
  if (value <= 0 || Number(rounded) !== 0) return text;
  const below = `<${(10 ** -digits).toFixed(digits)}${suffix}`;
  return below.length <= cells ? below : text;
}

/**
 * Returns how a table writes the cells of a column: all its numbers with the same decimals, and bytes with the same suffix, so
 * that they can be compared at a glance; other cells as {@linkcode formatCell}.
 *
 * @param rows the rows on the screen
 * @param shape the length of the interval in seconds, by which rates are divided, and the cells of the column
 */
export function columnFormat(
  column: Column,
  rows: readonly Row[],
  { intervalS, cells }: { readonly intervalS: number; readonly cells: number },
): (row: Row) => string {
  const { kind, divisor } = UNITS[column.unit];
  if (kind !== "number" || column.names !== undefined) {
    return (row) => formatCell(column, row, intervalS, cells);
  }
  const numberOf = (row: Row): number | null => {
    const value = row[column.key];
    return typeof value === "number" ? (column.perSecond ? value / intervalS : value) / divisor : null;
  };
  const form = numberForm(column, rows.flatMap((row) => numberOf(row) ?? []), cells);
  return (row) => {
    const value = numberOf(row);
    return value === null
      ? formatCell(column, row, intervalS, cells)
      : numberText(column, value, { form, cells });
  };
}
