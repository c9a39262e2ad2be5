/**
 * Text in the layout of the BCC tools: counters as one line a tick, tables as a block a tick, events as one line each.
 *
 * @module
 */
import {
  type Column,
  formatCell,
  missingFrom,
  OTHER_NAME,
  restCount,
  type Row,
  type StreamedTick,
  type Tick,
  type ToolInfo,
} from "../model/mod.ts";
import { clockTime, counted, displayWidth } from "../text/mod.ts";
import { type Format, type FormatOptions, selectRows, textPieces } from "./format.ts";
import { histogramLines } from "./histogram.ts";
import { joinPieces } from "./text_buffer.ts";

/** Options of the text format. */
export interface TextOptions extends FormatOptions {
  readonly tool: ToolInfo;
  /** Print the tool's histograms after each tick that has any. */
  readonly histograms?: boolean;
  /** For tools whose view is the histogram: print the time before it. */
  readonly timestamp?: boolean;
}

/** Cells of the TIME column before counters. */
const TIME_WIDTH = 8;

/** Pads a cell to its column's width. Longer text is not cut and shifts the rest of the line. */
function padCell(text: string, column: Column, last: boolean): string {
  const gap = " ".repeat(Math.max(0, column.width - displayWidth(text)));
  if (column.align === "right") return gap + text;
  return last ? text : text + gap;
}

function line(columns: readonly Column[], cell: (column: Column) => string): string {
  return columns.map((column, i) => padCell(cell(column), column, i === columns.length - 1)).join(" ")
    .trimEnd();
}

/** The titles of the columns, aligned as their cells. */
export const headerLine = (columns: readonly Column[]): string => line(columns, ({ title }) => title);

/** One row of text. */
export function rowLine(columns: readonly Column[], row: Row, intervalS: number): string {
  const cells = ({ names, width }: Column): number => names === "user" ? width : Infinity;
  return line(columns, (column) => formatCell(column, row, intervalS, cells(column)));
}

/** A line about losses and one about skipped runs, each if there were any in the interval or another span. */
export function lossLines(tick: Pick<Tick, "lost" | "droppedRows" | "rest">, span = "interval"): string[] {
  const lost = missingFrom(tick);
  const lines: string[] = [];
  if (lost.events > 0 || lost.keys > 0) {
    lines.push(`LOST: ${lost.events} events, ${lost.keys} keys could not be counted in this ${span}.`);
  }
  if (lost.runs > 0) {
    lines.push(
      `SKIPPED: the kernel skipped ${lost.runs} runs of the programs in this ${span}: as many calls may be missing.`,
    );
  }
  return lines;
}

/** A line about the rows that a recording left out and summed; none if there are none. */
export function restLines({ rows, rest }: Pick<Tick, "rows" | "rest">): string[] {
  const summed = restCount(rows.at(-1) ?? {});
  if (summed > 0) return [`REST: ${OTHER_NAME} is the sum of ${counted(summed, "row")}.`];
  return rest
    ? [
      `REST: ${counted(rest.rows, "more event")} in this interval; only their number and sums were recorded.`,
    ]
    : [];
}

function histogramBlock(tick: Pick<Tick, "histograms">): string[] {
  return (tick.histograms ?? []).flatMap((histogram) => [...histogramLines(histogram), ""]);
}

/** Joins the blocks that are not empty, with an empty line between them. */
function joinBlocks(blocks: readonly (readonly string[])[]): string[] {
  return blocks.filter(({ length }) => length > 0).flatMap((block, i) => i === 0 ? block : ["", ...block]);
}

function body(tick: StreamedTick, options: TextOptions): string[] {
  const { columns, tool } = options;
  const rows = tool.view === "events"
    ? []
    : Array.from(selectRows(tick, options), (row) => rowLine(columns, row, tick.intervalS));
  const time = clockTime(tick.time);
  switch (tool.view) {
    case "counters":
      return rows.map((row) => `${time.padEnd(TIME_WIDTH)} ${row}`);
    case "table":
      return [time, headerLine(columns), ...rows, ""];
    case "histogram":
      // As BCC: an empty line for each interval, even without a count.
      return [
        "",
        ...(options.timestamp ? [time] : []),
        ...joinBlocks((tick.histograms ?? []).map(histogramLines)),
      ];
    case "events":
      return []; // in pieces: there may be many
  }
}

/** Text of one tool. The first line names what is traced and the tier. */
export function textFormat(options: TextOptions): Format {
  const { columns, tool } = options;
  const header = tool.view === "counters"
    ? [`${"TIME".padEnd(TIME_WIDTH)} ${headerLine(columns)}`]
    : tool.view === "events"
    ? [headerLine(columns)]
    : [];
  const join = (lines: readonly string[]): string => lines.map((text) => text + "\n").join("");
  function* pieces(tick: StreamedTick): Generator<string> {
    const events = tool.view === "events" ? selectRows(tick, options) : [];
    yield* textPieces(events, (row) => rowLine(columns, row, tick.intervalS) + "\n");
    yield join([
      ...body(tick, options),
      ...lossLines(tick),
      ...(options.histograms ? histogramBlock(tick) : []),
    ]);
  }
  return {
    begin: (tier) => join([`${tool.name}: ${tool.summary} (tier ${tier}). Ctrl-C ends.`, ...header]),
    tick: (tick) => joinPieces(pieces(tick)),
    pieces,
    end: () => "",
  };
}
