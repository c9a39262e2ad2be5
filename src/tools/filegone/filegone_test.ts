import assert from "node:assert/strict";
import { CLOCK, record } from "../../../tests/support/record.ts";
import { FilegoneEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

/** An event as the BPF side writes it: each name in `room` bytes. */
function read(action: number, names: readonly string[], room: number) {
  const padded = names.map((name) => name + "\0".repeat(room - name.length - 1));
  const row = readEvent(record(FilegoneEvent, { action, comm: "mv\0" }, padded), CLOCK)!;
  return [row.action, row.file, row.name, row.new_name];
}

Deno.test("filegone's readEvent() reads one name or two, short or long", () => {
  assert.deepEqual(read(0, ["a"], 32), ["DELETE", "a", "a", null]);
  assert.deepEqual(read(2, ["a", "b"], 32), ["RENAME", "a > b", "a", "b"]);
  const long = "x".repeat(255);
  assert.deepEqual(read(2, [long, "b"], 256), ["RENAME", `${long} > b`, long, "b"]);
  assert.deepEqual(read(0, [long], 256), ["DELETE", long, long, null]);
});

Deno.test("filegone's readEvent() removes trailing slashes of a directory's name, and escapes control characters", () => {
  assert.deepEqual(read(1, ["dir//"], 32), ["RMDIR", "dir", "dir", null]);
  assert.equal(read(0, ["a\nb"], 32)[1], "a\\nb");
});
