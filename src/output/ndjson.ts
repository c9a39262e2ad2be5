/**
 * NDJSON, version 1 of the schema: one object per tool and tick. README.md of this folder describes it.
 *
 * @module
 */
import {
  type Column,
  type FlagValue,
  type Grouping,
  groupTick,
  missingFrom,
  type Model,
  nameKey,
  namesInRow,
  parseChain,
  restCount,
  type RestRows,
  type Row,
  type Stacks,
  type StreamedTick,
  type Tick,
  type ToolModel,
  type Value,
  valueName,
} from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows, type WriteRow, writtenPieces } from "./format.ts";
import { joinPieces, type Piece, plainExcept, TextBuffer } from "./text_buffer.ts";

/** Version of the schema. */
const SCHEMA = 1;

const PLAIN = plainExcept('"\\');
const QUOTE = 0x22, COMMA = 0x2c, BRACE_OPEN = 0x7b, BRACE_CLOSE = 0x7d;
const NULL = new TextEncoder().encode("null");

/** Fields at the end of a line, beyond those of `--json`; undefined ones are left out. */
type ExtraFields = Readonly<
  Record<string, number | Readonly<Record<string, FlagValue>> | Stacks | undefined>
>;

/** Adds a value as JSON. NaN and infinities become null. */
function writeValue(value: Value, out: TextBuffer): void {
  if (typeof value === "number" && Number.isFinite(value)) return out.number(value);
  if (typeof value !== "string") return out.encoded(NULL);
  out.byte(QUOTE);
  if (out.plain(value, PLAIN)) out.byte(QUOTE);
  else out.text(JSON.stringify(value).slice(1));
}

/** Adds a chain of processes as a list of objects. */
function writeChain(chain: Value, out: TextBuffer): void {
  if (typeof chain === "string") out.text(JSON.stringify(parseChain(chain)));
  else out.encoded(NULL);
}

/** Longest member with a text that is kept for the next row, bytes. */
const MAX_KEPT = 128;

/** Writes a member of an object. Rows repeat their texts, so one that comes twice in a row is kept as bytes. */
class MemberWriter {
  readonly #name: Uint8Array;
  readonly #writeValue: (value: Value, out: TextBuffer) => void;
  #last: string | null = null;
  readonly #lastBytes = new Uint8Array(MAX_KEPT);
  /** 0: the last text is not kept. */
  #lastLength = 0;

  constructor(key: string, first: boolean, write = writeValue) {
    this.#writeValue = write;
    this.#name = new TextEncoder().encode(`${first ? "" : ","}"${key}":`);
  }

  write(value: Value, out: TextBuffer): void {
    const isNumber = typeof value === "number";
    const repeats = !isNumber && value === this.#last;
    if (repeats && this.#lastLength > 0) return out.encoded(this.#lastBytes, this.#lastLength);
    const start = out.length;
    out.encoded(this.#name);
    this.#writeValue(value, out);
    if (isNumber) return;
    this.#last = value;
    this.#lastLength = repeats && out.length - start <= MAX_KEPT ? out.copyTo(this.#lastBytes, start) : 0;
  }
}

/** As {@linkcode valueName} of one column, which would make the key of each name in a row. */
function nameReader(column: Column): (row: Row) => Value {
  const key = nameKey(column);
  return namesInRow(column)
    ? (row) => typeof row[key] === "string" ? row[key] : null
    : (row) => valueName(column, row);
}

/** Writes rows as JSON. */
export function ndjsonRowWriter(columns: readonly Column[]): WriteRow {
  const fields = columns.map((column, i) => ({
    key: column.key,
    member: new MemberWriter(column.key, i === 0, column.holds === "processes" ? writeChain : writeValue),
    nameOf: column.names ? nameReader(column) : null,
    nameMember: new MemberWriter(nameKey(column), false),
  }));
  return (row, out) => {
    out.byte(BRACE_OPEN);
    for (const { key, member, nameOf, nameMember } of fields) {
      member.write(row[key] ?? null, out);
      if (nameOf !== null) nameMember.write(nameOf(row), out);
    }
    out.byte(BRACE_CLOSE);
  };
}

/** As {@linkcode ndjsonLine}, in pieces of a few milliseconds each; only the last ends with a newline. */
export function* ndjsonLinePieces(
  tick: StreamedTick,
  options: FormatOptions,
  extra: ExtraFields = {},
): Generator<Piece> {
  const head = JSON.stringify({
    v: SCHEMA,
    host: options.host,
    tool: tick.tool,
    time: new Date(tick.time).toISOString(),
    interval_s: Number(tick.intervalS.toFixed(6)),
    tier: tick.tier,
    by: options.by,
  });
  const writeRow = ndjsonRowWriter(options.columns);
  const out = new TextBuffer();
  out.text(`${head.slice(0, -1)},"rows":[`);
  let first = true;
  let rest: RestRows | { readonly rows: number } | undefined = tick.rest;
  const write: WriteRow = (row) => {
    if (!first) out.byte(COMMA);
    first = false;
    if (restCount(row) > 0) rest = { rows: restCount(row) };
    writeRow(row, out);
  };
  yield* writtenPieces(selectRows(tick, options), write, out);
  const tail = JSON.stringify({ histograms: tick.histograms, lost: missingFrom(tick), rest, ...extra });
  out.text(`],${tail.slice(1)}\n`);
  yield out.take();
}

/** The line of a tick. Counts are those of the interval, unknown values null; without rows it has an empty list. */
export function ndjsonLine(tick: Tick, options: FormatOptions, extra?: ExtraFields): string {
  return joinPieces(ndjsonLinePieces(tick, options, extra));
}

/** What is printed of the tools of a model. */
export interface ModelLinesOptions {
  /** Maximum number of rows of a tool; absent or undefined: all. */
  readonly limitOf?: (tool: ToolModel) => number | undefined;
  /** How rows are grouped, by name of tool; the others are not. */
  readonly groupings?: ReadonlyMap<string, Grouping>;
  /** The host that every line names; absent: none is named. */
  readonly host?: string;
}

/** The lines of a model: one for each tool that has a tick, with all columns and all rows. */
export function ndjsonLines(model: Pick<Model, "tools">, options?: ModelLinesOptions): string {
  return joinPieces(ndjsonPieces(model, options));
}

/** As {@linkcode ndjsonLines}, in pieces of a few milliseconds each. */
export function* ndjsonPieces(
  { tools }: Pick<Model, "tools">,
  { limitOf, groupings, host }: ModelLinesOptions = {},
): Generator<Piece> {
  for (const model of tools) {
    const { tool, tick } = model;
    if (!tick) continue;
    const rows = limitOf?.(model);
    const grouping = groupings?.get(tool.name);
    if (grouping) {
      const options = { columns: grouping.tool.columns, rows, by: grouping.by.key, host };
      yield* ndjsonLinePieces(groupTick(tick, grouping), options);
    } else yield* ndjsonLinePieces(tick, { columns: tool.columns, rows, host });
  }
}

/** The NDJSON format of one tool. */
export function ndjsonFormat(options: FormatOptions): Format {
  return {
    begin: () => "",
    tick: (tick) => ndjsonLine(tick, options),
    pieces: (tick) => ndjsonLinePieces(tick, options),
    end: () => "",
  };
}
