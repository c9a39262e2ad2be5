/**
 * The checks of cases. Each returns the failures of a run, one sentence each.
 *
 * @module
 */
import { countRows, type Counts, losses, type Row, rowsOf, sumColumn } from "../support/ticks.ts";
import type { Check, Context, Outcome } from "./case.ts";

/** Required values by column. */
type RowFilter = Readonly<Record<string, string>>;

/** The sum of a column over all rows with these values. */
export function sum(outcome: Outcome, key: string, filter: RowFilter = {}): number {
  const values = Object.entries(filter);
  return sumColumn(
    rowsOf(outcome.ticks),
    key,
    (row) => values.every(([column, value]) => row[column] === value),
  );
}

/** The failures of all checks, in order. */
export function all(...checks: Check[]): Check {
  return (outcome) => checks.flatMap((check) => check(outcome));
}

/** The sums of these columns over the rows with these values; `expected` may depend on kernel and tier. */
export function sums(expected: Counts | ((context: Context) => Counts), filter: RowFilter = {}): Check {
  return (outcome) => {
    const counts = typeof expected === "function" ? expected(outcome.context) : expected;
    return Object.entries(counts).flatMap(([key, value]) => {
      const found = sum(outcome, key, filter);
      return found === value
        ? []
        : [`${[...Object.values(filter), key].join(" ")} is ${found}, not ${value}`];
    });
  };
}

/**
 * Compares the number of rows of each name with the expected one; any other name is a failure.
 *
 * @param nameOf the name of a row; null to ignore the row
 */
export function rowCounts(
  expected: Counts | ((outcome: Outcome) => Counts),
  nameOf: (row: Row) => string | null,
): Check {
  return (outcome) => {
    const counts = typeof expected === "function" ? expected(outcome) : expected;
    return differences(countRows(rowsOf(outcome.ticks), nameOf), counts);
  };
}

/** A sentence for each name whose count is not as expected; an absent name counts as 0. */
export function differences(found: Counts, expected: Counts): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].filter((name) => (found[name] ?? 0) !== (expected[name] ?? 0)).map((name) =>
    `${JSON.stringify(name)}: ${found[name] ?? 0}, not ${expected[name] ?? 0}`
  );
}

/** Fails if anything was lost. */
export function nothingLost({ ticks }: Outcome): string[] {
  const { events, keys } = losses(ticks);
  return events + keys === 0 ? [] : [`${events} events and ${keys} keys were lost`];
}

/** Fails unless exactly this many keys and no events were lost. */
export function keysLost(expected: number): Check {
  return ({ ticks }) => {
    const { events, keys } = losses(ticks);
    return events === 0 && keys === expected
      ? []
      : [`${events} events and ${keys} keys were lost, not 0 and ${expected}`];
  };
}

/** Checks that each tick has the version, a time, an interval, rows, integer losses and the forced tier. */
export function wellFormed(outcome: Outcome): string[] {
  const { cell } = outcome.context;
  const failures = new Set<string>();
  for (const tick of outcome.ticks) {
    if (tick.v !== 1) failures.add(`v is ${tick.v}`);
    if (!(tick.interval_s > 0)) failures.add(`interval_s is ${tick.interval_s}`);
    if (Number.isNaN(Date.parse(tick.time))) failures.add(`time is ${tick.time}`);
    if (!Array.isArray(tick.rows)) failures.add("rows is not an array");
    if (!Number.isInteger(tick.lost?.events) || !Number.isInteger(tick.lost?.keys)) {
      failures.add("lost is not two integers");
    }
    if (cell !== "default" && tick.tier !== cell) {
      failures.add(`tier is ${tick.tier}, not the forced ${cell}`);
    }
  }
  return [...failures];
}

/** Checks that received and lost add up to `made`, and that the map or ring overflowed: at least one was lost. */
export function allAccounted(column: string, lost: "events" | "keys", made: number): Check {
  return (outcome) => {
    const received = sum(outcome, column), missing = losses(outcome.ticks)[lost];
    if (received + missing !== made) {
      return [`${received} received + ${missing} lost != ${made} made`];
    }
    return somethingLost(outcome);
  };
}

/** Checks that rows and lost events add up to what flood.c made. */
export function allEventsAccounted(outcome: Outcome): string[] {
  const received = rowsOf(outcome.ticks).length, lost = losses(outcome.ticks).events;
  const made = printedNumber(outcome, "made");
  return received + lost === made ? [] : [`${received} received + ${lost} lost != ${made} made`];
}

/** Fails if nothing was lost: then the map or ring did not overflow. */
export function somethingLost({ ticks }: Outcome): string[] {
  const { events, keys } = losses(ticks);
  return events + keys > 0 ? [] : ["nothing was lost: the map or ring did not overflow"];
}

/** The number that the workload printed after a word: `waits 10009`; NaN if there is none. */
export function printedNumber(outcome: Outcome, word: string): number {
  return Number(new RegExp(`^${word} (\\d+)$`, "m").exec(outcome.workload)?.[1] ?? NaN);
}

/** All numbers that the workload printed, by the word before each. */
export function printedNumbers({ workload }: Outcome): Counts {
  return Object.fromEntries(
    [...workload.matchAll(/^(\w+) (\d+)$/gm)].map(([, word, number]) => [word!, Number(number)]),
  );
}
