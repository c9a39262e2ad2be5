/**
 * The help for filters, with examples from the columns of a tool.
 *
 * @module
 */
import { ARRIVAL } from "./row_order.ts";
import { type Column, isList, type ToolInfo, UNITS } from "../../model/mod.ts";

/** A form of a filter and its meaning. */
export type FilterForm = readonly [form: string, meaning: string];

/** What examples say of a text column: a value, a part of one, a pattern. */
interface TextExample {
  readonly value: string;
  readonly part: string;
  readonly pattern: string;
}

const PATH: TextExample = { value: "/var/log/syslog", part: "log", pattern: "/log$/" };

/** Examples for common columns by key. */
const EXAMPLES: Readonly<Record<string, TextExample>> = {
  comm: { value: "nginx", part: "ngin", pattern: "/^ngin/" },
  parent_comm: { value: "cron", part: "cron", pattern: "/^cron/" },
  args: { value: "/bin/sh", part: "--config", pattern: "/--conf/" },
  disk: { value: "sda", part: "sd", pattern: "/^sd/" },
  path: PATH,
  file: PATH,
};

const OTHER: TextExample = { value: "a", part: "a", pattern: "/^a/" };

const kindOf = ({ unit }: Column): string => UNITS[unit].kind;

const isDuration = ({ unit }: Column): boolean => unit === "ms" || unit === "us" || unit === "s";

/** An amount that the column can have, as it is typed. */
function amountOf(column: Column): string {
  const { unit } = column;
  if (isDuration(column)) return "10ms";
  return unit === "kb" || unit === "bytes" ? "4k" : unit === "pct" ? "50" : "100";
}

/** The forms for rows, with columns of the tool. */
function rowForms({ columns }: ToolInfo): FilterForm[] {
  const shown = columns.filter(({ shown = "always" }) => shown !== "data");
  const texts = shown.filter((column) => kindOf(column) === "text" && column.width > 2);
  const name = texts.find(({ key }) => key === "comm") ?? texts[0];
  const long = texts.findLast((column) => column !== name) ?? name;
  const numbers = shown.filter((column) => kindOf(column) === "number" && !ARRIVAL.has(column.key));
  const number = numbers.find((column) => isDuration(column) && column.shown !== "wide") ??
    numbers.find(isDuration) ?? numbers.find(({ unit }) => unit !== "count") ?? numbers[0];
  const { value: word } = name ? EXAMPLES[name.key] ?? OTHER : OTHER;
  const { part, pattern } = long ? EXAMPLES[long.key] ?? OTHER : OTHER;
  const amount = number && `${number.key}>${amountOf(number)}`;
  const error = shown.find(({ names }) => names === "error");
  return [
    [word, "Rows with this text in any column, ignoring case."],
    ["/^\\/var.*log$/", "Rows in which a column matches this pattern (regular expression)."],
    ...(amount === undefined ? [] : [
      [
        amount,
        "Rows whose column is greater; also < >= <= = !=. Name the column by its title, with or without the unit (values " +
        "in the unit shown), or by its key in JSON. Values may end in k M G, in B for bytes, in ns us ms s for durations.",
      ] as const,
    ]),
    ...(error ? [[`${error.key}=ENOENT`, "Rows with this error; its number works too."] as const] : []),
    ...(name ? [[`${name.key}=${word}`, "Rows whose column is exactly this."] as const] : []),
    ...(long
      ? [
        [`${long.key}~${part}`, "Rows whose column contains this; !~ does not."],
        [`${long.key}=${pattern}`, "Rows whose column matches this pattern; also != ~ !~."],
      ] as const
      : []),
    [`!${word}`, "Negates a condition."],
    [`${word} ${amount ?? `!${part}`}`, "Both conditions hold. A blank or && joins them."],
    ...(name
      ? [[`${name.key}="a b"`, "Quotes are for text and values that contain blanks or operators."] as const]
      : []),
  ];
}

/** The forms for counters and histograms, which are found by name. */
function nameForms(tool: ToolInfo): FilterForm[] {
  const name = tool.view === "counters" ? tool.columns[0]?.key ?? "read" : "sda";
  return [
    [name, "Names that contain this text."],
    [`/^${name.slice(0, 2)}/`, "Names that match this pattern (regular expression)."],
    [`!${name}`, "Negates a condition. A blank or && joins two, which must both hold."],
  ];
}

/** The forms of filters that a tool's pane accepts, with its own columns. */
export const filterHelp = (tool: ToolInfo): readonly FilterForm[] =>
  isList(tool) ? rowForms(tool) : nameForms(tool);
