/**
 * The goals of scripts/bench, as rows of a Markdown table.
 *
 * @module
 */

/** A figure beside its goal. */
export interface Goal {
  /** With the unit. */
  readonly what: string;
  readonly atMost: number;
  /** What the goal is relative to: "the empty pair + 30"; absent: nothing. */
  readonly because?: string;
  readonly measured: number;
  readonly digits?: number;
}

/** Prints a table with a row for each figure. */
export function printGoals(goals: readonly Goal[]): void {
  console.log("\n| what | goal | measured |\n| --- | --- | ---: |");
  for (const { what, atMost, because, measured, digits = 0 } of goals) {
    const goal = `${atMost.toFixed(digits)}${because === undefined ? "" : ` (${because})`}`;
    console.log(`| ${what} | at most ${goal} | ${measured.toFixed(digits)} |`);
  }
}
