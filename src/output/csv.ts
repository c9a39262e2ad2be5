/**
 * CSV (RFC 4180, lines end with a newline): columns of the tick, then the tool's by their keys.
 *
 * @module
 */
import { missingFrom, type Row, type Tick, type Value } from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows, textPieces } from "./format.ts";

/** First columns of every line. */
const TICK_COLUMNS = ["tick_time", "interval_s", "tier", "lost_events", "lost_keys"] as const;

/** Unknown values are empty. Text that starts like a formula is quoted, as spreadsheets would run it. */
function field(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return /[",\n\r]|^[=+\-@ ]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A header, then one line a row. A tick without rows has a line, without values, only if something was lost. */
export function csvFormat(options: FormatOptions): Format {
  const keys = options.columns.map(({ key }) => key);
  function* pieces(tick: Tick): Generator<string> {
    const lost = missingFrom(tick);
    const head = [
      new Date(tick.time).toISOString(),
      tick.intervalS.toFixed(6),
      tick.tier,
      lost.events,
      lost.keys,
    ];
    const rows: readonly Row[] = selectRows(tick, options);
    const lossy = lost.events > 0 || lost.keys > 0;
    yield* textPieces(
      rows.length === 0 && lossy ? [{}] : rows,
      (row) => [...head, ...keys.map((key) => row[key] ?? null)].map(field).join(",") + "\n",
    );
  }
  return {
    begin: () => [...TICK_COLUMNS, ...keys].join(",") + "\n",
    tick: (tick) => [...pieces(tick)].join(""),
    pieces,
    end: () => "",
  };
}
