/**
 * Numbers as people type them: `100`, `4k`, `1.5M`, `10ms`.
 *
 * @module
 */
import { type Column, UNITS } from "../../model/mod.ts";

/**
 * Reads a value to compare a column with, in the unit its rows hold.
 *
 * @param asShown a bare number is in the unit that the title shows, such as KiB for R_Kb; otherwise in that of the rows.
 * @returns null if it is not a number with a unit of this column.
 */
export function parseAmount(text: string, { unit }: Column, asShown: boolean): number | null {
  const parts = /^(-?(?:\d+\.?\d*|\.\d+))\s*([a-z\u00b5%]*)$/iu.exec(text);
  if (!parts) return null;
  const { divisor, suffixes } = UNITS[unit];
  const suffix = parts[2]!.toLowerCase();
  const factor = suffixes[suffix];
  if (factor === undefined) return null;
  return Number(parts[1]) * (suffix === "" && asShown ? divisor : factor);
}
