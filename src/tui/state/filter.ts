/**
 * The filter language: conditions that must all hold. Each is text, a `/pattern/` or a comparison of a column; `!` negates it.
 *
 * @module
 */
import {
  type Column,
  formatCell,
  formatValue,
  isList,
  namesInRow,
  type Row,
  type RowTest,
  type ToolInfo,
  UNITS,
  type Value,
  valueName,
} from "../../model/mod.ts";
import { ERRNO_NAMES, nearest, Pattern, PatternError, patternsLoaded } from "../../text/mod.ts";
import { parseAmount } from "./amount.ts";
import { columnNames, type Comparison, type Operator, splitTerms, type Term } from "./filter_terms.ts";

/** How a value is tested: as a number in the unit of the rows, or as text. */
type Test =
  | {
    readonly kind: "amount";
    readonly operator: Operator;
    readonly amount: number;
    readonly perSecond: boolean;
  }
  | { readonly kind: "order"; readonly operator: Operator; readonly wanted: string }
  | { readonly kind: "contains"; readonly wanted: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern };

/** What a row must match, in one column or, if `column` is null, in any. */
interface Condition {
  readonly column: Column | null;
  readonly inverted: boolean;
  readonly test: Test;
}

/** A parsed filter. */
export interface Filter {
  /** All must hold; none: every row passes. */
  readonly conditions: readonly Condition[];
  /** Why the filter is not applied; null if it is applied. */
  readonly problem: string | null;
  /** The pattern library is still loading: parse the filter again afterwards. */
  readonly pending: boolean;
}

/** True if the filter has or starts a pattern, and the pattern library is not loaded yet. */
export const needsPatterns = (text: string): boolean => /(^|[\s!=~&])\//.test(text) && !patternsLoaded();

/** Why a condition cannot be applied. */
class FilterError extends Error {}

/** The pattern library is not loaded yet. */
class PatternsPending extends Error {}

function compiled(source: string): Test {
  if (!patternsLoaded()) throw new PatternsPending();
  try {
    return { kind: "pattern", pattern: new Pattern(source, { ignoreCase: true }) };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new FilterError(`not a pattern: ${error.message}`);
  }
}

function unknownColumn(name: string, { source }: Term, columns: readonly Column[]): FilterError {
  const namesOf = (column: Column): string[] => Object.values(columnNames(column));
  const near = nearest(name.toLowerCase(), columns.flatMap(namesOf).map((one) => one.toLowerCase()));
  const column = columns.find((one) => namesOf(one).some((text) => text.toLowerCase() === near));
  const hint = column
    ? `the nearest is ${column.key === near ? column.key : column.title}`
    : `for text use quotes: "${source}"`;
  return new FilterError(`no column ${name}; ${hint}`);
}

/** True for a value that an id column can have: a number, text with digits such as 8:1, an error name or a user name. */
function isIdentity(wanted: string, { names }: Column): boolean {
  return names === "user" || /\d/.test(wanted) ||
    (names !== undefined && ERRNO_NAMES.includes(wanted.toUpperCase()));
}

function textTest(operator: Operator, wanted: string): Test {
  const contains = operator === "~" || operator === "!~";
  return contains ? { kind: "contains", wanted } : { kind: "order", operator, wanted };
}

/** The test of a comparison whose value is text. */
function comparisonTest({ operator, byTitle }: Comparison, column: Column, text: string): Test {
  const { kind } = UNITS[column.unit];
  const wanted = text.toLowerCase();
  if (operator === "~" || operator === "!~" || kind === "text") return textTest(operator, wanted);
  if (kind === "time") {
    if (!/^\d{1,2}(:\d{0,2}){0,2}$/.test(text)) {
      throw new FilterError(`${column.title} is compared with HH:MM:SS`);
    }
    return textTest(operator, /^\d(:|$)/.test(text) ? `0${text}` : text);
  }
  const amount = parseAmount(text, column, byTitle);
  const perSecond = byTitle && column.perSecond === true;
  if (amount !== null) return { kind: "amount", operator, amount, perSecond };
  if (kind === "number" || !isIdentity(text, column)) {
    const what = column.names === undefined ? "a number" : "a number or the name of an error";
    throw new FilterError(`${column.title} is compared with ${what}`);
  }
  if (column.names !== undefined && operator !== "=" && operator !== "!=") {
    throw new FilterError("a name is compared with = or !=");
  }
  return textTest(operator, wanted);
}

const EQUALITIES: readonly Operator[] = ["=", "!=", "~", "!~"];

/** The condition of a term. Throws FilterError, PatternsPending. */
function conditionOf(term: Term, columns: readonly Column[]): Condition {
  const { inverted, comparison, wanted, source } = term;
  if (source === "") throw new FilterError("condition missing after !");
  if (wanted.quotes === "open") throw new FilterError("closing quote missing");
  if (comparison === null) {
    if (wanted.kind === "pattern") return { column: null, inverted, test: compiled(wanted.text) };
    if (wanted.text === "||") throw new FilterError("|| is not supported; /a|b/ matches either");
    if (wanted.text === "") throw new FilterError("text missing between the quotes");
    return { column: null, inverted, test: { kind: "contains", wanted: wanted.text.toLowerCase() } };
  }
  const { column, name, operator } = comparison;
  if (column === null) throw unknownColumn(name, term, columns);
  const negated = operator === "!~" || (wanted.kind === "pattern" && operator === "!=");
  if (wanted.kind === "pattern") {
    if (!EQUALITIES.includes(operator)) throw new FilterError("patterns need = != ~ or !~");
    return { column, inverted: inverted !== negated, test: compiled(wanted.text) };
  }
  if (wanted.text === "" && wanted.quotes === undefined) {
    throw new FilterError(`value missing after ${source}`);
  }
  return { column, inverted: inverted !== negated, test: comparisonTest(comparison, column, wanted.text) };
}

/** The condition of a term in a filter of names. Throws FilterError for a comparison. */
function nameCondition(term: Term): Condition {
  if (term.comparison !== null || /^([<>~]=?|![=~])$/.test(term.source)) {
    throw new FilterError("this pane has names, not columns; use text or /pattern/");
  }
  return conditionOf(term, []);
}

/**
 * Parses a filter. Never throws: if the text is invalid, `problem` says why and every row passes.
 *
 * @param columns the columns a comparison may name, hidden ones included; null for a filter of names, which have no columns
 */
export function parseFilter(text: string, columns: readonly Column[] | null): Filter {
  const tokens = splitTerms(text, columns ?? []);
  const conditions: Condition[] = [];
  try {
    for (const [i, token] of tokens.entries()) {
      if (token !== "&&") {
        if (token.source === "&") throw new FilterError("& is not an operator; && joins conditions");
        conditions.push(columns === null ? nameCondition(token) : conditionOf(token, columns));
        continue;
      }
      const before = tokens[i - 1];
      if (before === undefined || before === "&&") throw new FilterError("&& needs a condition before it");
      if (i === tokens.length - 1) throw new FilterError("&& needs a condition after it");
    }
  } catch (error) {
    if (error instanceof PatternsPending) {
      return { conditions: [], problem: "loading patterns", pending: true };
    }
    if (!(error instanceof FilterError)) throw error;
    return { conditions: [], problem: error.message, pending: false };
  }
  return { conditions, problem: null, pending: false };
}

/** Parses the filter of a tool's pane: of its rows, or of the names of its counters or histograms. */
export function parseToolFilter(text: string, tool: ToolInfo): Filter {
  return parseFilter(text, isList(tool) ? tool.columns : null);
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
    default:
      return false;
  }
}

/** Compares text with the wanted text. A time equals a wanted time that is its start: 14:05:30 equals 14:05. */
function compareText(text: string, wanted: string, column: Column): number {
  if (UNITS[column.unit].kind === "time" && text.startsWith(wanted)) return 0;
  return text < wanted ? -1 : text > wanted ? 1 : 0;
}

function textPasses(text: string, test: Test): boolean {
  if (test.kind === "pattern") return test.pattern.test(text);
  return test.kind === "contains" && text.toLowerCase().includes(test.wanted);
}

/** Whether the value of a column passes a test. An unknown value passes only `!=`. */
function compares(row: Row, column: Column, { test, intervalS }: { test: Test; intervalS: number }): boolean {
  const value = row[column.key] ?? null;
  if (value === null) return (test.kind === "amount" || test.kind === "order") && test.operator === "!=";
  if (test.kind === "contains" || test.kind === "pattern") {
    return textPasses(formatCell(column, row, intervalS), test);
  }
  if (test.kind === "amount" && typeof value === "number") {
    return holds((test.perSecond ? value / intervalS : value) - test.amount, test.operator);
  }
  const wanted = test.kind === "amount" ? String(test.amount) : test.wanted;
  const texts = [valueName(column, row), formatValue(column, value, intervalS)].filter((text) =>
    text !== null
  );
  const equal = texts.some((text) => compareText(text.toLowerCase(), wanted, column) === 0);
  return holds(equal ? 0 : compareText(texts[0]!.toLowerCase(), wanted, column), test.operator);
}

const beginPatterns = ({ conditions }: Filter): void => {
  for (const { test } of conditions) if (test.kind === "pattern") test.pattern.beginEvaluation();
};

/** Results of a test that are remembered for one column. */
const MAX_REMEMBERED = 1000;

/** A test of one cell that remembers its results: most rows of a flood have the same few values. */
function remembering(column: Column, passes: (row: Row) => boolean): (row: Row) => boolean {
  // The names of these values are in other cells of the row.
  if (namesInRow(column)) return passes;
  const results = new Map<Value, boolean>();
  return (row) => {
    const value = row[column.key] ?? null;
    const known = results.get(value);
    if (known !== undefined) return known;
    const result = passes(row);
    if (results.size >= MAX_REMEMBERED) results.clear();
    results.set(value, result);
    return result;
  };
}

/** The test of one condition. */
function conditionTest(
  { column, inverted, test }: Condition,
  columns: readonly Column[],
  intervalS: number,
): (row: Row) => boolean {
  const cells = column === null
    ? columns.map((one) => remembering(one, (row) => textPasses(formatCell(one, row, intervalS), test)))
    : [remembering(column, (row) => compares(row, column, { test, intervalS }))];
  return (row) => {
    for (const passes of cells) if (passes(row)) return !inverted;
    return inverted;
  };
}

/** Returns the test of a filter for rows. Text and patterns without a column are looked for in `columns`, as displayed. */
export function rowTest(filter: Filter, columns: readonly Column[], intervalS: number): RowTest {
  beginPatterns(filter);
  const tests = filter.conditions.map((condition) => conditionTest(condition, columns, intervalS));
  return (row) => tests.every((passes) => passes(row));
}

/** A filter divided into what finds a name, text and patterns without a column, and what chooses rows. */
export function divided(filter: Filter): { readonly names: Filter; readonly rows: Filter } {
  const findsName = ({ column, inverted }: Condition): boolean => column === null && !inverted;
  const { conditions } = filter;
  return {
    names: { ...filter, conditions: conditions.filter(findsName) },
    rows: { ...filter, conditions: conditions.filter((condition) => !findsName(condition)) },
  };
}

/** Returns the test of a filter for names of counters and histograms. */
export function nameTest(filter: Filter): (name: string) => boolean {
  beginPatterns(filter);
  return (name) => filter.conditions.every(({ inverted, test }) => textPasses(name, test) !== inverted);
}

/** A problem in words that say that the filter has no effect; null if there is none. */
export const notApplied = (problem: string | null): string | null =>
  problem === null ? null : `not applied: ${problem}`;

/** Why a filter is not applied, or only in part; null if all rows were tested. */
export function filterProblem({ conditions, problem, pending }: Filter): string | null {
  const exhausted = conditions.some(({ test }) => test.kind === "pattern" && test.pattern.exhausted);
  if (exhausted) return "the pattern is too slow: not every row was tested";
  return pending ? problem : notApplied(problem);
}
