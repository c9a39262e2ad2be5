import assert from "node:assert/strict";
import { compareValues } from "./columns.ts";
import { firstInOrder } from "./kept_rows.ts";
import type { Row } from "./tick.ts";

/** Whole numbers below a limit, the same ones each time. */
function* numbers(limit: number): Generator<number, never> {
  for (let state = 1;;) {
    state = (state * 48271) % 2147483647;
    yield state % limit;
  }
}

Deno.test("firstInOrder() returns the rows that sorting all of them puts first, of numbers, text and unknown values", () => {
  const next = numbers(20);
  const random = (): number => next.next().value;
  const kinds: Readonly<Record<string, () => Row[string]>> = {
    numbers: () => random() - 10,
    fractions: () => random() / 7,
    text: () => `name ${random()}`,
    "numbers, some unknown": () => random() < 3 ? null : random(),
    infinite: () => [Infinity, -Infinity, 0, -0, 1][random() % 5]!,
  };
  for (const [kind, value] of Object.entries(kinds)) {
    for (const descending of [false, true]) {
      for (const most of [0, 1, 10, 99, 100, 101]) {
        const rows = Array.from({ length: 100 }, (): Row => ({ value: value() }));
        const candidates = rows.map((_, i) => 99 - i).filter((i) => i % 9 > 0);
        const sorted = candidates.toSorted((a, b) =>
          compareValues(rows[a]!["value"]!, rows[b]!["value"]!, descending)
        );
        const first = firstInOrder(candidates, (i) => rows[i]!, { key: "value", descending }, most);
        assert.deepEqual(first, sorted.slice(0, most), `${most} of ${kind}, ${descending}`);
      }
    }
  }
});
