import assert from "node:assert/strict";
import type { EventClock } from "../lib/events.ts";
import { readEvent } from "./mod.ts";
import { FilegoneEvent } from "./layout.gen.ts";

/** A clock that needs no kernel. */
const CLOCK = { iso: () => "2026-11-20T18:00:00.000Z" } as unknown as EventClock;

/** A record as the BPF side writes it: each name in `room` bytes. */
function read(action: number, names: readonly string[], room: number) {
  const { offset, size } = FilegoneEvent;
  const bytes = new Uint8Array(size + names.length * room);
  const view = new DataView(bytes.buffer);
  view.setUint32(offset.action, action, true);
  bytes.set(new TextEncoder().encode("mv\0"), offset.comm);
  names.forEach((name, i) => bytes.set(new TextEncoder().encode(`${name}\0`), size + i * room));
  const row = readEvent({ view, at: 0, length: bytes.length, clock: CLOCK })!;
  return [row.action, row.file, row.name, row.new_name];
}

Deno.test("filegone's readEvent() reads one name or two, short or long", () => {
  assert.deepEqual(read(0, ["a"], 32), ["DELETE", "a", "a", null]);
  assert.deepEqual(read(2, ["a", "b"], 32), ["RENAME", "a > b", "a", "b"]);
  const long = "x".repeat(255);
  assert.deepEqual(read(2, [long, "b"], 256), ["RENAME", `${long} > b`, long, "b"]);
  assert.deepEqual(read(0, [long], 256), ["DELETE", long, long, null]);
});

Deno.test("filegone's readEvent() takes the slashes off a directory's name, and escapes what is not text", () => {
  assert.deepEqual(read(1, ["dir//"], 32), ["RMDIR", "dir", "dir", null]);
  assert.equal(read(0, ["a\nb"], 32)[1], "a\\nb");
});
