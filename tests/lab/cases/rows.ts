/**
 * A check of event tools: how many rows of each kind came.
 *
 * @module
 */
import type { Check, Tick } from "../case.ts";

/**
 * Exactly these rows came, whatever their order.
 *
 * @param expected how many rows have each name
 * @param name names a row; null: it is not looked at
 */
export function rowCounts(
  expected: Readonly<Record<string, number>>,
  name: (row: Tick["rows"][number]) => string | null,
): Check {
  return ({ ticks }) => {
    const found = new Map<string, number>();
    for (const row of ticks.flatMap(({ rows }) => rows)) {
      const own = name(row);
      if (own !== null) found.set(own, (found.get(own) ?? 0) + 1);
    }
    const names = new Set([...Object.keys(expected), ...found.keys()]);
    return [...names].filter((own) => (found.get(own) ?? 0) !== (expected[own] ?? 0)).map((own) =>
      `${JSON.stringify(own)} came ${found.get(own) ?? 0} times, not ${expected[own] ?? 0}`
    );
  };
}
