/**
 * CSV (RFC 4180, lines end with a newline): columns of the tick, then the tool's by their keys.
 *
 * @module
 */
import { missingFrom, type Row, type StreamedTick, type Value } from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows, textPieces } from "./format.ts";

/** First columns of every line. */
const TICK_COLUMNS = ["tick_time", "interval_s", "tier", "lost_events", "lost_keys"] as const;

/** Starts of text that spreadsheets run as a formula (OWASP, "CSV Injection"), also in their full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Unknown values are empty. Text that starts like a formula gets a `'` before it and quotes, unless `exact`. */
function field(value: Value, exact: boolean): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const formula = FORMULA.test(value);
  const text = formula && !exact ? `'${value}` : value;
  return formula || /[",\n\r]|^ /.test(value) ? `"${text.replaceAll('"', '""')}"` : value;
}

/** Options of CSV. */
export interface CsvOptions extends FormatOptions {
  /** Print text as it is, also where a spreadsheet would run it as a formula. */
  readonly exactText?: boolean;
}

/** A header, then one line a row. A tick without rows has a line, without values, only if something was lost. */
export function csvFormat(options: CsvOptions): Format {
  const cell = (value: Value): string => field(value, options.exactText ?? false);
  const keys = options.columns.map(({ key }) => key);
  function* pieces(tick: StreamedTick): Generator<string> {
    const lost = missingFrom(tick);
    const head = [
      new Date(tick.time).toISOString(),
      tick.intervalS.toFixed(6),
      tick.tier,
      lost.events,
      lost.keys,
    ];
    const line = (row: Row): string =>
      [...head, ...keys.map((key) => row[key] ?? null)].map(cell).join(",") + "\n";
    let empty = true;
    for (const piece of textPieces(selectRows(tick, options), line)) {
      empty = false;
      yield piece;
    }
    if (empty && (lost.events > 0 || lost.keys > 0)) yield line({});
  }
  return {
    begin: () => [...TICK_COLUMNS, ...keys].join(",") + "\n",
    tick: (tick) => [...pieces(tick)].join(""),
    pieces,
    end: () => "",
  };
}
