/**
 * Comma-separated values (RFC 4180, lines end with a newline): the tick's own columns, then the tool's by their keys.
 *
 * @module
 */
import type { Row, Tick, Value } from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows } from "./format.ts";

/** Columns that every line begins with. */
const TICK_COLUMNS = ["tick_time", "interval_s", "tier", "lost_events", "lost_keys"] as const;

/** An unknown value is an empty field; text with a comma, a quote or a leading formula character is quoted. */
function field(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return /[",\n\r]|^[=+\-@ ]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A header line, then one line a row; a tick without rows has no line, or where it lost something one without values. */
export function csvFormat(options: FormatOptions): Format {
  const keys = options.columns.map(({ key }) => key);
  return {
    begin: () => [...TICK_COLUMNS, ...keys].join(",") + "\n",
    tick: (tick: Tick) => {
      const head = [
        new Date(tick.time).toISOString(),
        tick.intervalS.toFixed(6),
        tick.tier,
        tick.lost.events,
        tick.lost.keys,
      ];
      const rows: readonly Row[] = selectRows(tick, options);
      const lossy = tick.lost.events > 0 || tick.lost.keys > 0;
      return (rows.length === 0 && lossy ? [{}] : rows)
        .map((row) => [...head, ...keys.map((key) => row[key] ?? null)].map(field).join(",") + "\n")
        .join("");
    },
    end: () => "",
  };
}
