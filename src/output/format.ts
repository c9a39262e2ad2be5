/**
 * The interface of output formats, and the options they share.
 *
 * @module
 */
import {
  type Column,
  type Grouping,
  groupTick,
  type Row,
  sortRows,
  type StreamedTick,
  type Tick,
} from "../model/mod.ts";
import { type Piece, TextBuffer } from "./text_buffer.ts";

/** Formats the ticks of one tool. Each string ends with a newline or is empty. */
export interface Format {
  /** Text before the first tick. */
  begin(tier: string): string;
  tick(tick: Tick): string;
  /** As `tick`, in pieces of a few milliseconds each, so that the caller can drain ring buffers in between. Optional. */
  pieces?(tick: StreamedTick): Iterable<Piece>;
  /** Text after the last tick. */
  end(): string;
}

/** Options of all formats. */
export interface FormatOptions {
  /** Columns, in order. */
  readonly columns: readonly Column[];
  /** Column to sort by; absent: the tool's order. */
  readonly sort?: Column;
  /** Maximum number of rows of a tick, after sorting; absent: all. */
  readonly rows?: number;
  /** Key of the column that the rows are grouped by; absent: they are not. */
  readonly by?: string;
  /** Name of the host in each line of JSON; absent: it is not named. */
  readonly host?: string;
}

/** A format that prints the groups of each tick's rows. */
export function groupedFormat(format: Format, grouping: Grouping): Format {
  const { tick, pieces } = format;
  return {
    ...format,
    tick: (rows) => tick(groupTick(rows, grouping)),
    ...(pieces ? { pieces: (rows: Tick) => pieces(groupTick(rows, grouping)) } : {}),
  };
}

/** Rows of a piece: a few milliseconds. */
const PIECE_ROWS = 4096;
/**
 * Characters or bytes of a piece, which its last row may exceed: as much as a pipe holds, and below 128 kB, above which V8 frees
 * a string only when it collects its whole heap.
 */
const PIECE_LENGTH = 64 * 1024;

/** The texts of rows, joined to pieces. */
export function* textPieces(
  rows: Iterable<Row>,
  textOf: (row: Row) => string,
  separator = "",
): Generator<string> {
  let texts: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = textOf(row);
    texts.push(text);
    length += text.length;
    if (texts.length < PIECE_ROWS && length < PIECE_LENGTH) continue;
    yield texts.join(separator);
    texts = [];
    length = 0;
  }
  if (texts.length > 0) yield texts.join(separator);
}

/** Writes one row to a buffer. */
export type WriteRow = (row: Row, out: TextBuffer) => void;

/** As {@linkcode textPieces}, of rows that are written to a buffer. The first piece starts with what the buffer holds already. */
export function* writtenPieces(
  rows: Iterable<Row>,
  write: WriteRow,
  out: TextBuffer,
): Generator<Uint8Array> {
  let count = 0;
  for (const row of rows) {
    if (count >= PIECE_ROWS || out.length >= PIECE_LENGTH) {
      yield out.take();
      count = 0;
    }
    write(row, out);
    count++;
  }
}

function* firstRows(rows: Iterable<Row>, count: number): Generator<Row> {
  let left = count;
  for (const row of rows) {
    if (left-- <= 0) return;
    yield row;
  }
}

/** The rows of a tick, sorted and limited. Only sorting needs all of them in memory. */
export function selectRows({ rows }: StreamedTick, { sort, rows: limit }: FormatOptions): Iterable<Row> {
  const sorted = sort ? sortRows([...rows], sort) : rows;
  return limit === undefined ? sorted : firstRows(sorted, limit);
}
