import assert from "node:assert/strict";
import { DcsnoopEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

const CLOCK = { iso: () => "2026-11-20T18:00:00.000Z", seconds: () => 1.25 };

/** A record as the BPF side writes it, with this much room for the name. */
function read(missed: number, file: string, room: number) {
  const { offset } = DcsnoopEvent;
  const bytes = new Uint8Array(offset.file + room);
  const view = new DataView(bytes.buffer);
  view.setUint32(offset.pid, 7, true);
  view.setUint32(offset.tid, 8, true);
  view.setUint32(offset.missed, missed, true);
  bytes.set(new TextEncoder().encode("find\0"), offset.comm);
  bytes.set(new TextEncoder().encode(`${file}\0usr/lib`).subarray(0, room), offset.file);
  return readEvent({ view, at: 0, length: bytes.length, clock: CLOCK })!;
}

Deno.test("dcsnoop's readEvent() reads misses and references, with names short and long", () => {
  assert.deepEqual(read(1, "absent", 32), {
    time: "2026-11-20T18:00:00.000Z",
    time_s: 1.25,
    pid: 7,
    tid: 8,
    comm: "find",
    type: "M",
    file: "absent",
  });
  const long = read(0, "x".repeat(255), 256);
  assert.deepEqual([long.type, long.file], ["R", "x".repeat(255)]);
});

Deno.test("dcsnoop's readEvent() says that a name is unknown when it could not be read", () => {
  assert.equal(read(1, "", 32).file, null);
});
