import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { DcsnoopEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

/** An event as the BPF side writes it, with this much room for the name. */
function read(missed: number, file: string, room: number) {
  const members = {
    time_ns: 1_250_000_000n,
    ...USER.members,
    pid: 7,
    tid: 8,
    missed,
    comm: "find\0",
    file: `${file}\0usr/lib`.slice(0, room),
  };
  return readEvent(record(DcsnoopEvent, members, [], DcsnoopEvent.layout.members.file.offset + room), CLOCK)!;
}

Deno.test("dcsnoop's readEvent() reads misses and references, with short and long names", () => {
  assert.deepEqual(read(1, "absent", 32), {
    time: "at 1250000000",
    time_s: 1.25,
    pid: 7,
    tid: 8,
    comm: "find",
    ...NOBODY,
    ...USER.columns,
    type: "M",
    file: "absent",
  });
  const long = read(0, "x".repeat(255), 256);
  assert.deepEqual([long.type, long.file], ["R", "x".repeat(255)]);
});

Deno.test("dcsnoop's readEvent() returns null for a name that could not be read", () => {
  assert.equal(read(1, "", 32).file, null);
});
