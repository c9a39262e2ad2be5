/**
 * Splits a filter into its terms, without checking what they mean.
 *
 * @module
 */
import { type Column, UNITS } from "../../model/mod.ts";
import { isShown } from "./chosen_columns.ts";

/** How a column is compared. `~`: it contains the text; `!~`: it does not. */
export type Operator = ">=" | "<=" | "!=" | "!~" | "=" | ">" | "<" | "~";

/** What a term looks for: text, or the source of a pattern. */
export interface Wanted {
  readonly kind: "text" | "pattern";
  readonly text: string;
  /** Text in quotes, and whether they are closed; absent: without quotes. */
  readonly quotes?: "closed" | "open";
}

/** A name and an operator; `column` is null if no column has the name. */
export interface Comparison {
  readonly name: string;
  readonly column: Column | null;
  /** The column was found by its title, not by its key. */
  readonly byTitle: boolean;
  readonly operator: Operator;
}

/** One condition of a filter: a comparison of a column, or something to find in any column. */
export interface Term {
  readonly inverted: boolean;
  readonly comparison: Comparison | null;
  readonly wanted: Wanted;
  /** The term as it was typed, without `!`. */
  readonly source: string;
}

/** A part of a filter: a condition, or `&&` between two. */
export type Token = Term | "&&";

interface Found extends Comparison {
  /** Length of name and operator. */
  readonly length: number;
}

const OPERATOR = /^(\s*)(>=|<=|!=|!~|=|>|<|~)\s*/;
/** A name before an operator, whether or not a column has it. */
const NAME = /^[\p{L}_][\p{L}\d_()/%.-]*/u;
/** A pattern ends at a slash that is followed by a blank, `&&` or the end of the filter. */
const PATTERN = /^\/((?:\\.|[^\\])*?)\/(?=\s|&&|$)/s;
/** An unclosed quote extends to the end of the filter. */
const QUOTED = /^"([^"]*)("|$)/;
const WORD = /^(?:(?!&&)\S)+/;

/** The names by which filters find a column: its key, its title, and its title without the unit, as LAT for LAT(ms). */
export function columnNames(
  { key, title }: Column,
): Readonly<Record<"key" | "title" | "shortTitle", string>> {
  return { key, title, shortTitle: title.replace(/(?<=.)(\([^()]*\)|\/s)$/, "") };
}

/** The comparison at the start of the text. A visible column is preferred to a hidden one with the same name. */
function comparisonAt(text: string, columns: readonly Column[]): Found | null {
  const lower = text.toLowerCase();
  const found = (name: string, column: Column | null, byTitle: boolean): Found | null => {
    if (!lower.startsWith(name.toLowerCase())) return null;
    const [all, blank, operator] = OPERATOR.exec(text.slice(name.length)) ?? [];
    // `nginx = 3` are three words unless a column is named nginx.
    if (all === undefined || (column === null && blank !== "")) return null;
    return { name, column, byTitle, operator: operator as Operator, length: name.length + all.length };
  };
  for (const visible of [true, false]) {
    for (const name of ["key", "title", "shortTitle"] as const) {
      for (const column of columns.filter((one) => isShown(one) === visible)) {
        const hit = found(columnNames(column)[name], column, name !== "key");
        if (hit) return hit;
      }
    }
  }
  const name = NAME.exec(text)?.[0];
  return name === undefined ? null : found(name, null, false);
}

/** The value at the start of the text, and its length. It ends at a blank, except between a number and its unit. */
function wantedAt(text: string, column: Column | null): { wanted: Wanted; length: number } {
  const pattern = PATTERN.exec(text);
  if (pattern) return { wanted: { kind: "pattern", text: pattern[1]! }, length: pattern[0].length };
  const quoted = QUOTED.exec(text);
  if (quoted) {
    const quotes = quoted[2] === "" ? "open" : "closed";
    return { wanted: { kind: "text", text: quoted[1]!, quotes }, length: quoted[0].length };
  }
  const suffixes = column === null ? {} : UNITS[column.unit].suffixes;
  const spaced = /^[\d.]+\s+([a-z\u00b5%]+)(?=\s|&&|$)/iu.exec(text);
  const amount = spaced !== null && spaced[1]!.toLowerCase() in suffixes ? spaced[0] : null;
  const word = amount ?? WORD.exec(text)?.[0] ?? "";
  return { wanted: { kind: "text", text: word }, length: word.length };
}

/**
 * Splits a filter at blanks and `&&`.
 *
 * @param columns the columns that can be compared
 */
export function splitTerms(filter: string, columns: readonly Column[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let rest = filter.trimStart(); rest !== "";) {
    if (rest.startsWith("&&")) {
      tokens.push("&&");
      rest = rest.slice(2).trimStart();
      continue;
    }
    const inverted = rest.startsWith("!");
    if (inverted) rest = rest.slice(1).trimStart();
    const found = comparisonAt(rest, columns);
    const start = found?.length ?? 0;
    const { wanted, length } = wantedAt(rest.slice(start), found?.column ?? null);
    const source = rest.slice(0, start + length).trim();
    if (source !== "" || inverted) tokens.push({ inverted, comparison: found, wanted, source });
    rest = rest.slice(start + length).trimStart();
  }
  return tokens;
}
