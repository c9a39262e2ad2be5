import assert from "node:assert/strict";
import { FakeTime } from "../../tests/support/fake_time.ts";
import { withProgress } from "./notices.ts";

/** Records what is written to the line. */
function recorder(isTerminal: boolean) {
  const written: string[] = [];
  return { isTerminal, write: (text: string) => void written.push(text), written };
}

Deno.test("withProgress() shows the operation in progress, and blanks the line at the end", async () => {
  using time = new FakeTime();
  const line = recorder(true);
  const work = Promise.withResolvers<number>();
  const result = withProgress("attaching vfscount", work.promise, line);
  time.pass(999);
  assert.deepEqual(line.written, []);
  time.pass(1001);
  assert.deepEqual(line.written, ["\rktop: attaching vfscount, 1 s", "\rktop: attaching vfscount, 2 s"]);
  work.resolve(7);
  assert.equal(await result, 7);
  assert.equal(line.written[2], `\r${" ".repeat(29)}\r`);
  time.pass(5000);
  assert.equal(line.written.length, 3);
});

Deno.test("withProgress() blanks the line when the work fails", async () => {
  using time = new FakeTime();
  const line = recorder(true);
  const work = Promise.withResolvers<never>();
  const result = withProgress("probing", work.promise, line);
  time.pass(1000);
  work.reject(new Error("no"));
  await assert.rejects(result, /no/);
  assert.match(line.written.at(-1)!, /^\r +\r$/);
});

Deno.test("withProgress() writes nothing if standard error is not a terminal", async () => {
  const line = recorder(false);
  assert.equal(await withProgress("probing", Promise.resolve(1), line), 1);
  assert.deepEqual(line.written, []);
});
