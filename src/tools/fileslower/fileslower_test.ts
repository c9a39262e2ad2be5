import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { Walked } from "../lib/paths.ts";
import { FileslowerEvent } from "./layout.gen.ts";
import { fileslower, readEvent } from "./mod.ts";

/** The row of an event whose record ends 40 bytes into the name. */
function read({ ret, writes, name }: { ret: bigint; writes: number; name: string }) {
  const members = {
    time_ns: 1_500_000_000n,
    lat_ns: 12_345_678n,
    ret,
    inode: 77n,
    dev: (259 << 20) | 3,
    mode: 0o100644,
    tid: 12,
    ...USER.members,
    pid: 11,
    writes,
    comm: "dd\0",
    file: `${name}\0`,
  };
  const room = FileslowerEvent.layout.members.file.offset + 40;
  return readEvent(record(FileslowerEvent, members, [], room), CLOCK)!;
}

Deno.test("readEvent() makes the row of an event", () => {
  const row = read({ ret: 4096n, writes: 1, name: "a\x1b.log" });
  assert.deepEqual(row, {
    time_s: 1.5,
    time: "at 1500000000",
    comm: "dd",
    ...NOBODY,
    ...USER.columns,
    tid: 12,
    pid: 11,
    direction: "W",
    bytes: 4096,
    lat_ms: 12.345678,
    file: "a\\x1b.log",
    path: null,
    dev: "259:3",
    inode: 77,
  });
});

Deno.test("readEvent() makes the path of the names after the event", () => {
  const members = { file: "a\0", walked: Walked.root, deleted: 1 };
  const row = readEvent(record(FileslowerEvent, members, ["a", "tmp\n"]), CLOCK)!;
  assert.deepEqual([row.file, row.path], ["a", "/tmp\\n/a (deleted)"]);
});

Deno.test("readEvent() returns null for the bytes of a failed call", () => {
  const row = read({ ret: -14n, writes: 0, name: "x" });
  assert.deepEqual([row.direction, row.bytes], ["R", null]);
});

Deno.test("readEvent() cuts the name at the end of the record", () => {
  const row = read({ ret: 0n, writes: 0, name: "n".repeat(60) });
  assert.equal(row.file, "n".repeat(40));
});

Deno.test("derive() returns no rows for the first sample", () => {
  const options = { filters: { self: false }, flags: {} };
  assert.deepEqual(fileslower.derive([{ file: "x" }], null, options), { rows: [] });
  assert.deepEqual(fileslower.derive([{ file: "x" }], [], options), { rows: [{ file: "x" }] });
});
