/**
 * CSV (RFC 4180, lines end with a newline): columns of the tick, then the tool's by their keys, then the skipped runs of the tick.
 *
 * @module
 */
import { missingFrom, REST_KEY, restCount, type Row, type StreamedTick, type Value } from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows, writtenPieces } from "./format.ts";
import { joinPieces, type Piece, pieceBytes, plainExcept, TextBuffer } from "./text_buffer.ts";

/** First columns of every line. */
const TICK_COLUMNS = ["tick_time", "interval_s", "tier", "lost_events", "lost_keys"] as const;

/** Last column of every line: it came later, and the place of no other column may change. */
const SKIPPED_COLUMN = "lost_runs";

/** Last column of recorded rows: how many rows this line sums; empty: it is one row. */
const REST_COLUMN = "rest_rows";

/** Starts of text that spreadsheets run as a formula (OWASP, "CSV Injection"), also in their full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Characters of text that is printed as it is, unless it starts like a formula or with a space. */
const PLAIN = plainExcept('",');
const NOT_FIRST = " =+-@";
const COMMA = 0x2c, NEWLINE = 0x0a;

/** Unknown values are empty. Text that starts like a formula gets a `'` before it and quotes, unless `exact`. */
function field(value: Value, exact: boolean): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const formula = FORMULA.test(value);
  const text = formula && !exact ? `'${value}` : value;
  return formula || /[",\n\r]|^ /.test(value) ? `"${text.replaceAll('"', '""')}"` : value;
}

/** Values as a line without its newline. */
export const csvFields = (values: readonly Value[], exact: boolean): string =>
  values.map((value) => field(value, exact)).join(",");

/** Options of CSV. */
export interface CsvOptions extends FormatOptions {
  /** Print text as it is, also where a spreadsheet would run it as a formula. */
  readonly exactText?: boolean;
  /** The ticks are recorded, and may have a rest: it has a line with its number of rows in the last column. */
  readonly recorded?: boolean;
}

/** A header, then one line a row. A tick without rows has a line, without values, only if something was lost. */
export function csvFormat(options: CsvOptions): Format {
  const exact = options.exactText ?? false;
  const writeValue = (value: Value, out: TextBuffer): void => {
    if (value === null) return;
    if (typeof value === "number") return out.number(value);
    if (NOT_FIRST.includes(value.charAt(0)) || !out.plain(value, PLAIN)) out.text(field(value, exact));
  };
  const keys = options.columns.map(({ key }) => key);
  function* pieces(tick: StreamedTick): Generator<Piece> {
    const lost = missingFrom(tick);
    const head = pieceBytes(
      [
        new Date(tick.time).toISOString(),
        tick.intervalS.toFixed(6),
        field(tick.tier, exact),
        lost.events,
        lost.keys,
      ]
        .join(","),
    );
    const write = (row: Row, out: TextBuffer): void => {
      out.encoded(head);
      for (const key of keys) {
        out.byte(COMMA);
        writeValue(row[key] ?? null, out);
      }
      out.byte(COMMA);
      out.number(lost.runs);
      if (options.recorded) {
        out.byte(COMMA);
        if (restCount(row) > 0) out.number(restCount(row));
      }
      out.byte(NEWLINE);
    };
    const out = new TextBuffer();
    yield* writtenPieces(selectRows(tick, options), write, out);
    if (tick.rest) write({ ...tick.rest.sums, [REST_KEY]: tick.rest.rows }, out);
    if (out.length === 0 && (lost.events > 0 || lost.keys > 0 || lost.runs > 0)) write({}, out);
    if (out.length > 0) yield out.take();
  }
  return {
    begin: () =>
      [...TICK_COLUMNS, ...keys, SKIPPED_COLUMN, ...(options.recorded ? [REST_COLUMN] : [])].join(",") + "\n",
    tick: (tick) => joinPieces(pieces(tick)),
    pieces,
    end: () => "",
  };
}
