/**
 * Checks that cases are put together from. Each looks at all ticks of a run and returns what is wrong, one sentence each.
 *
 * @module
 */
import type { Check, Context, Outcome } from "./case.ts";

/** Sums by column key. */
export type Sums = Readonly<Record<string, number>>;

/** The sum of a column over all rows of all ticks that hold these values; an unknown value counts as nothing. */
export function sum(outcome: Outcome, key: string, where: Readonly<Record<string, string>> = {}): number {
  let total = 0;
  for (const { rows } of outcome.ticks) {
    for (const row of rows) {
      if (Object.entries(where).every(([column, value]) => row[column] === value)) {
        total += Number(row[key] ?? 0);
      }
    }
  }
  return total;
}

/** All losses of a run. */
export function losses(outcome: Outcome): { events: number; keys: number } {
  return {
    events: outcome.ticks.reduce((total, { lost }) => total + lost.events, 0),
    keys: outcome.ticks.reduce((total, { lost }) => total + lost.keys, 0),
  };
}

/** All of these must find nothing. */
export function all(...checks: Check[]): Check {
  return (outcome) => checks.flatMap((check) => check(outcome));
}

/** The sums are exactly these; `expected` may depend on kernel and tier. */
export function sums(
  expected: Sums | ((context: Context) => Sums),
  where: Readonly<Record<string, string>> = {},
): Check {
  return (outcome) => {
    const wanted = typeof expected === "function" ? expected(outcome.context) : expected;
    return Object.entries(wanted).flatMap(([key, value]) => {
      const found = sum(outcome, key, where);
      return found === value ? [] : [`${[...Object.values(where), key].join(" ")} is ${found}, not ${value}`];
    });
  };
}

/** Nothing was lost. */
export function nothingLost(outcome: Outcome): string[] {
  const { events, keys } = losses(outcome);
  return events + keys === 0 ? [] : [`${events} events and ${keys} keys were lost`];
}

/** Every tick says the version, the tool, the forced tier, a measured interval and integer losses. */
export function wellFormed(outcome: Outcome): string[] {
  const { cell } = outcome.context;
  const complaints = new Set<string>();
  for (const tick of outcome.ticks) {
    if (tick.v !== 1) complaints.add(`v is ${tick.v}`);
    if (!(tick.interval_s > 0)) complaints.add(`interval_s is ${tick.interval_s}`);
    if (Number.isNaN(Date.parse(tick.time))) complaints.add(`time is ${tick.time}`);
    if (!Array.isArray(tick.rows)) complaints.add("rows is not a list");
    if (!Number.isInteger(tick.lost?.events) || !Number.isInteger(tick.lost?.keys)) {
      complaints.add("lost is not two integers");
    }
    if (cell !== "default" && tick.tier !== cell) {
      complaints.add(`tier is ${tick.tier}, not the forced ${cell}`);
    }
  }
  return [...complaints];
}

/** Received and lost make up what was made, and at least one was lost: the overflow happened and was counted. */
export function conserved(column: string, lost: "events" | "keys", made: number): Check {
  return (outcome) => {
    const received = sum(outcome, column), missing = losses(outcome)[lost];
    if (received + missing !== made) {
      return [`${received} received and ${missing} lost are ${received + missing}, not the ${made} made`];
    }
    return missing > 0 ? [] : ["nothing was lost: the map or ring did not overflow"];
  };
}

/** The number the workload printed behind a word: `waits 10009`. */
export function printedNumber(outcome: Outcome, word: string): number {
  return Number(new RegExp(`^${word} (\\d+)$`, "m").exec(outcome.workload)?.[1] ?? NaN);
}
