/**
 * NDJSON, version 1 of the schema: one object per tool and tick. README.md of this folder describes it.
 *
 * @module
 */
import {
  type Column,
  type Grouping,
  groupTick,
  missingFrom,
  type Model,
  nameKey,
  type Row,
  type StreamedTick,
  type Tick,
  type ToolModel,
  type Value,
  valueName,
} from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows, textPieces } from "./format.ts";

/** Version of the schema. */
const SCHEMA = 1;

/** Text that needs no escaping in JSON. */
const PLAIN = /^[ !#-\[\]-~]*$/;

/** Fields at the end of a line, beyond those of `--json`; undefined ones are left out. */
type ExtraFields = Readonly<Record<string, number | undefined>>;

/** A value as JSON. NaN and infinities become null. */
function jsonValue(value: Value): string {
  if (typeof value === "string") return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
  return value !== null && Number.isFinite(value) ? String(value) : "null";
}

/**
 * Serializes rows. Concatenated by hand: building an object for each of 100,000 rows a second takes so long that ring
 * buffers overflow.
 */
export function ndjsonRow(columns: readonly Column[]): (row: Row) => string {
  const fields = columns.map((column, i) => ({
    key: column.key,
    name: `${i === 0 ? "" : ","}"${column.key}":`,
    named: column.names ? { column, name: `,"${nameKey(column)}":` } : null,
  }));
  return (row) => {
    let text = "{";
    for (const { key, name, named } of fields) {
      const value = row[key] ?? null;
      text += name + jsonValue(value);
      if (named) text += named.name + jsonValue(valueName(named.column, row));
    }
    return text + "}";
  };
}

/** As {@linkcode ndjsonLine}, in pieces of a few milliseconds each; only the last ends with a newline. */
export function* ndjsonLinePieces(
  tick: StreamedTick,
  options: FormatOptions,
  extra: ExtraFields = {},
): Generator<string> {
  const head = JSON.stringify({
    v: SCHEMA,
    tool: tick.tool,
    time: new Date(tick.time).toISOString(),
    interval_s: Number(tick.intervalS.toFixed(6)),
    tier: tick.tier,
    by: options.by,
  });
  const tail = JSON.stringify({ histograms: tick.histograms, lost: missingFrom(tick), ...extra });
  const rowText = ndjsonRow(options.columns);
  let text = `${head.slice(0, -1)},"rows":[`;
  let first = true;
  for (const piece of textPieces(selectRows(tick, options), rowText, ",")) {
    if (!first) {
      yield text;
      text = ",";
    }
    first = false;
    text += piece;
  }
  yield `${text}],${tail.slice(1)}\n`;
}

/** The line of a tick. Counts are those of the interval, unknown values null; without rows it has an empty list. */
export function ndjsonLine(tick: Tick, options: FormatOptions, extra?: ExtraFields): string {
  return [...ndjsonLinePieces(tick, options, extra)].join("");
}

/** What is printed of the tools of a model. */
export interface ModelLinesOptions {
  /** Maximum number of rows of a tool; absent or undefined: all. */
  readonly limitOf?: (tool: ToolModel) => number | undefined;
  /** How rows are grouped, by name of tool; the others are not. */
  readonly groupings?: ReadonlyMap<string, Grouping>;
}

/** The lines of a model: one for each tool that has a tick, with all columns and all rows. */
export function ndjsonLines(model: Pick<Model, "tools">, options?: ModelLinesOptions): string {
  return [...ndjsonPieces(model, options)].join("");
}

/** As {@linkcode ndjsonLines}, in pieces of a few milliseconds each. */
export function* ndjsonPieces(
  { tools }: Pick<Model, "tools">,
  { limitOf, groupings }: ModelLinesOptions = {},
): Generator<string> {
  for (const model of tools) {
    const { tool, tick } = model;
    if (!tick) continue;
    const rows = limitOf?.(model);
    const grouping = groupings?.get(tool.name);
    if (grouping) {
      const options = { columns: grouping.tool.columns, rows, by: grouping.by.key };
      yield* ndjsonLinePieces(groupTick(tick, grouping), options);
    } else yield* ndjsonLinePieces(tick, { columns: tool.columns, rows });
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
