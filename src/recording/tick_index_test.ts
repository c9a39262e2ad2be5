import assert from "node:assert/strict";
import { TickIndex } from "./tick_index.ts";

Deno.test("TickIndex finds the last entry before a position or time, for any number of ticks", () => {
  for (const count of [1, 16_384, 16_385, 400_000]) {
    const index = new TickIndex();
    for (let position = 0; position < count; position++) {
      index.add({ position, offset: position * 10, time: position * 1000 });
    }
    assert.ok(index.size <= 16_384, `${index.size} entries of ${count}`);
    const stride = Math.ceil(count / 8192);
    for (const position of [0, Math.floor(count / 3), count - 1]) {
      const entry = index.before(position)!;
      assert.ok(
        entry.position <= position && entry.position > position - stride,
        `${entry.position} of ${count}`,
      );
      assert.equal(entry.offset, entry.position * 10);
      assert.deepEqual(index.beforeTime(position * 1000 + 500)?.position, entry.position);
    }
  }
});

Deno.test("TickIndex returns undefined before its first entry", () => {
  const index = new TickIndex();
  index.add({ position: 0, offset: 5, time: 1000 });
  assert.equal(index.beforeTime(999), undefined);
  assert.equal(new TickIndex().before(7), undefined);
});
