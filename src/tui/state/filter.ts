/**
 * The filter language: text, `/pattern/` or `column>value`; a leading `!` negates the filter.
 *
 * @module
 */
import { type Column, formatCell, type Row, UNITS, valueName } from "../../model/mod.ts";
import { Pattern, PatternError, patternsLoaded } from "../../text/mod.ts";
import { parseAmount } from "./amount.ts";

/** Comparisons, the longer first: `>=` is not `>` and `=`. */
const OPERATORS = [">=", "<=", "!=", "=", ">", "<"] as const;
type Operator = typeof OPERATORS[number];

/** What a row must match. */
type Condition =
  | { readonly kind: "all" }
  | { readonly kind: "text"; readonly wanted: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern }
  | {
    readonly kind: "compare";
    readonly column: Column;
    readonly operator: Operator;
    readonly amount: number | null;
    readonly wanted: string;
    /** The value is compared as it is shown: as a rate if the column shows one. */
    readonly perSecond: boolean;
  };

/** A parsed filter. */
export interface Filter {
  readonly inverted: boolean;
  readonly condition: Condition;
  /** Why it is not applied, or not wholly; null: it is. */
  readonly problem: string | null;
  /** It waits for the pattern library: parse it again once that is loaded. */
  readonly pending: boolean;
}

/** Help for filters of rows: forms and their meanings. */
export const FILTER_HELP: readonly (readonly [form: string, meaning: string])[] = [
  ["nginx", "Rows with this text in any column, ignoring case."],
  ["/^\\/var.*log$/", "Rows in which a column matches this pattern (regular expression)."],
  [
    "writes>100",
    "Rows whose column is greater; also < >= <= = !=. The column by its title (in the unit shown) or its key (as in " +
    "JSON). Values may end in k M G, in B for bytes, in ns us ms s for times.",
  ],
  ["comm=nginx", "Rows whose column is exactly this."],
  ["!nginx", "A leading ! negates the filter."],
];

/** Help for filters of counters and histograms, which are found by name. */
export const NAME_FILTER_HELP: typeof FILTER_HELP = [
  ["read", "Names that contain this text."],
  ["/^rm|^mk/", "Names that match this pattern (regular expression)."],
  ["!read", "A leading ! negates the filter."],
];

/** True for a filter that is, or is about to become, a pattern that the library must be loaded for. */
export const needsPatterns = (text: string): boolean => /^!?\//.test(text) && !patternsLoaded();

function findComparison(text: string, columns: readonly Column[]): {
  column: Column;
  operator: Operator;
  value: string;
  byTitle: boolean;
} | null {
  const parts = /^([^<>=!]+?)\s*(>=|<=|!=|=|>|<)(.*)$/u.exec(text);
  if (!parts) return null;
  const name = parts[1]!.trim().toLowerCase();
  const byKey = columns.find(({ key }) => key === name);
  const byTitle = columns.find(({ title }) => title.toLowerCase() === name);
  const column = byKey ?? byTitle;
  if (!column) return null;
  return { column, operator: parts[2] as Operator, value: parts[3]!.trim(), byTitle: byKey === undefined };
}

function parseCondition(text: string, columns: readonly Column[]): Omit<Filter, "inverted" | "pending"> {
  const all: Condition = { kind: "all" };
  if (text === "") return { condition: all, problem: null };
  if (text.length > 1 && text.startsWith("/") && text.endsWith("/")) {
    if (!patternsLoaded()) return { condition: all, problem: "loading patterns" };
    try {
      const pattern = new Pattern(text.slice(1, -1), { ignoreCase: true });
      return { condition: { kind: "pattern", pattern }, problem: null };
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return { condition: all, problem: `not a pattern: ${error.message}` };
    }
  }
  const comparison = findComparison(text, columns);
  if (!comparison) return { condition: { kind: "text", wanted: text.toLowerCase() }, problem: null };
  const { column, operator, value, byTitle } = comparison;
  if (value === "") return { condition: all, problem: null };
  const amount = parseAmount(value, column, byTitle);
  const isNumber = UNITS[column.unit].kind === "number";
  if (amount === null && isNumber) {
    return { condition: all, problem: `${column.title} is compared with a number` };
  }
  const perSecond = byTitle && column.perSecond === true;
  return {
    condition: { kind: "compare", column, operator, amount, wanted: value.toLowerCase(), perSecond },
    problem: null,
  };
}

/**
 * Parses a filter. Never throws: what cannot be parsed is a `problem`, and then every row passes.
 *
 * @param columns the columns a comparison may name, shown or not
 */
export function parseFilter(text: string, columns: readonly Column[]): Filter {
  const inverted = text.startsWith("!");
  const parsed = parseCondition(inverted ? text.slice(1) : text, columns);
  return { inverted, pending: needsPatterns(text), ...parsed };
}

function holds(order: number, operator: Operator): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
  }
}

/** An unknown value is different from everything, and neither less nor greater. */
function compares(row: Row, condition: Condition & { kind: "compare" }, intervalS: number): boolean {
  const { column, operator, amount, wanted, perSecond } = condition;
  const value = row[column.key] ?? null;
  if (value === null) return operator === "!=";
  if (typeof value === "number" && UNITS[column.unit].kind !== "time") {
    if (amount === null) {
      const same = valueName(column, row)?.toLowerCase() === wanted;
      return operator === "=" ? same : operator === "!=" && !same;
    }
    return holds((perSecond ? value / intervalS : value) - amount, operator);
  }
  const text = formatCell(column, row, intervalS).toLowerCase();
  return holds(text < wanted ? -1 : text > wanted ? 1 : 0, operator);
}

/** Tests rows: text and patterns are looked for in these columns, as they are shown. */
export function rowTest(
  { condition, inverted }: Filter,
  columns: readonly Column[],
  intervalS: number,
): (row: Row) => boolean {
  const anyCell = (test: (text: string) => boolean) => (row: Row): boolean =>
    columns.some((column) => test(formatCell(column, row, intervalS))) !== inverted;
  switch (condition.kind) {
    case "all":
      return () => true;
    case "text":
      return anyCell((text) => text.toLowerCase().includes(condition.wanted));
    case "pattern":
      condition.pattern.beginEvaluation();
      return anyCell((text) => condition.pattern.test(text));
    case "compare":
      return (row) => compares(row, condition, intervalS) !== inverted;
  }
}

/** Tests names of counters and histograms, which have no columns to compare. */
export function nameTest({ condition, inverted }: Filter): (name: string) => boolean {
  switch (condition.kind) {
    case "text":
      return (name) => name.toLowerCase().includes(condition.wanted) !== inverted;
    case "pattern":
      condition.pattern.beginEvaluation();
      return (name) => condition.pattern.test(name) !== inverted;
    default:
      return () => true;
  }
}

/** What is wrong with a filter after it was applied; null: nothing. */
export function filterProblem({ condition, problem }: Filter): string | null {
  const exhausted = condition.kind === "pattern" && condition.pattern.exhausted;
  return exhausted ? "the pattern is too slow: not every row was tested" : problem;
}
