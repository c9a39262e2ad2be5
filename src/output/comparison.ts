/**
 * Two ranges of a recording side by side, as text, JSON and CSV.
 *
 * @module
 */
import {
  type Column,
  type ComparedRange,
  type ComparedRow,
  type Comparison,
  type Lost,
  type Row,
} from "../model/mod.ts";
import { counted, localDate, zonedTime } from "../text/mod.ts";
import { csvFields } from "./csv.ts";
import { headerLine, lossLines, rowLine } from "./text.ts";

/** Lines of a table in text. */
const TEXT_ROWS = 20;
const NUMBER_WIDTH = 11;
const SCHEMA = 1;
/** The smallest rate that rounds to a decimal. */
const SHOWN_RATE = 0.05;

const shown = (ms: number): string => `${localDate(ms)} ${zonedTime(ms)}`;

/** The columns of a table: rates in A and B, their difference, both sums, then the value. */
function tableColumns(measure: Column, by: Column): Column[] {
  const number = (key: string, title: string, more: Partial<Column> = {}): Column => ({
    ...measure,
    key,
    title,
    perSecond: false,
    width: NUMBER_WIDTH,
    align: "right",
    ...more,
  });
  const rate = { decimals: 1 };
  return [
    number("aPerS", "A/s", rate),
    number("bPerS", "B/s", rate),
    number("diffPerS", "DIFF/s", rate),
    number("a", "A"),
    number("b", "B"),
    { ...by, key: "value" },
  ];
}

/** A table of the values of one sum. */
function table(rows: readonly ComparedRow[], by: Column): string[] {
  const { measure } = rows[0]!;
  const columns = tableColumns(measure, by);
  const listed = rows.filter((row, i) => i < TEXT_ROWS || row.isOther);
  const more = rows.length - listed.length;
  return [
    "",
    `${measure.title}:`,
    headerLine(columns),
    ...listed.map((row) => rowLine(columns, cells(row), 1)),
    ...(more > 0 ? [`${counted(more, "more row")}: --json and --csv print all.`] : []),
  ];
}

/** The numbers of a row; a small negative difference is not shown as -0.0. */
const cells = ({ value, a, b, aPerS, bPerS, diffPerS }: ComparedRow): Row => ({
  value,
  a,
  b,
  aPerS,
  bPerS,
  diffPerS: diffPerS !== null && Math.abs(diffPerS) < SHOWN_RATE ? 0 : diffPerS,
});

/** The sums of a tool without values to divide them by, each on a line. */
function counters(rows: readonly ComparedRow[], name: Column): string[] {
  const lines = rows.map((row) =>
    rowLine(tableColumns(row.measure, name), { ...cells(row), value: row.measure.key }, 1)
  );
  return ["", headerLine(tableColumns(name, name)), ...lines];
}

const NAME: Column = {
  key: "counter",
  title: "COUNTER",
  description: "What was counted.",
  unit: "text",
  width: 8,
  align: "left",
};

function rangeLines(name: string, range: ComparedRange): string[] {
  const { ticks, first, last, intervalS, lost, restRows } = range;
  const rest = `${name}: ${
    counted(restRows, "row")
  } of this range are recorded as a sum, (other): "-" is unknown`;
  return [
    `${name}: ${shown(first)} to ${shown(last)}, ${counted(ticks, "tick")}, ${intervalS.toFixed(1)} s`,
    ...(restRows > 0 ? [rest] : []),
    ...lossLines({ lost }, "range").map((line) => `${name}: ${line}`),
  ];
}

function text(comparison: Comparison): string {
  const { by, tool: { name } } = comparison;
  const rows = comparison.rows();
  const measures = [...new Set(rows.map(({ measure }) => measure))];
  const tables = by === null
    ? rows.length > 0 ? counters(rows, NAME) : []
    : measures.flatMap((measure) => table(rows.filter((row) => row.measure === measure), by));
  const lines = [
    by === null ? name : `${name} by ${by.title}`,
    ...rangeLines("A", comparison.range("a")),
    ...rangeLines("B", comparison.range("b")),
    ...(tables.length > 0 ? tables : ["", "Nothing was counted in either range."]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const lostKeys = ({ events, keys, runs }: Lost) => ({ events, keys, runs });

const rangeJson = ({ ticks, first, last, intervalS, lost, restRows }: ComparedRange) => ({
  first: new Date(first).toISOString(),
  last: new Date(last).toISOString(),
  ticks,
  interval_s: Number(intervalS.toFixed(6)),
  lost: lostKeys(lost),
  ...(restRows > 0 ? { rest: { rows: restRows } } : {}),
});

/** The values of a row by JSON key; the value of the grouping column comes first. */
const members = (row: ComparedRow, by: Column | null): Record<string, string | number | null> => ({
  ...(by ? { value: row.value } : {}),
  column: row.measure.key,
  a: row.a,
  b: row.b,
  a_per_s: row.aPerS,
  b_per_s: row.bPerS,
  diff_per_s: row.diffPerS,
});

function json(comparison: Comparison): string {
  const { by, tool } = comparison;
  return JSON.stringify({
    v: SCHEMA,
    tool: tool.name,
    by: by?.key,
    a: rangeJson(comparison.range("a")),
    b: rangeJson(comparison.range("b")),
    rows: comparison.rows().map((row) => ({ ...members(row, by), ...(row.isOther ? { other: true } : {}) })),
  }) + "\n";
}

function csv(comparison: Comparison, exact: boolean): string {
  const { by } = comparison;
  const head = [...(by ? ["value"] : []), "column", "a", "b", "a_per_s", "b_per_s", "diff_per_s"].join(",");
  const lines = comparison.rows().map((row) => csvFields(Object.values(members(row, by)), exact));
  return [head, ...lines].map((line) => `${line}\n`).join("");
}

/** A comparison in a format. `exactText`: see CsvOptions. */
export function comparisonText(
  comparison: Comparison,
  format: { readonly json?: boolean; readonly csv?: boolean; readonly exactText?: boolean },
): string {
  if (format.json) return json(comparison);
  return format.csv ? csv(comparison, format.exactText ?? false) : text(comparison);
}
