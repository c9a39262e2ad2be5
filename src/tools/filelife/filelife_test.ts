import assert from "node:assert/strict";
import { CLOCK, record } from "../../../tests/support/record.ts";
import type { ToolOptions } from "../tool.ts";
import { FilelifeEvent } from "./layout.gen.ts";
import { filelife, readEvent } from "./mod.ts";

const OPTIONS: ToolOptions = { filters: { self: false }, flags: {} };

/** An event as the BPF side writes it, with this much room for the name. */
function read(file: string, room: number) {
  const members = {
    time_ns: 5n,
    age_ns: 1_500_000_000n,
    pid: 7,
    tid: 8,
    comm: "rm\0",
    file: `${file}\0garbage`.slice(0, room),
  };
  return readEvent(
    record(FilelifeEvent, members, [], FilelifeEvent.layout.members.file.offset + room),
    CLOCK,
  )!;
}

Deno.test("filelife's readEvent() reads short and long records, with the age in seconds", () => {
  assert.deepEqual(read("a\x1b.tmp", 32), {
    time: "at 5",
    pid: 7,
    tid: 8,
    comm: "rm",
    age_s: 1.5,
    file: "a\\x1b.tmp",
  });
  assert.equal(read("n".repeat(255), 256).file, "n".repeat(255));
});

Deno.test("filelife.derive() returns no rows for the first sample", () => {
  assert.deepEqual(filelife.derive([{ file: "a" }], null, OPTIONS), { rows: [] });
  assert.deepEqual(filelife.derive([{ file: "a" }], [], OPTIONS), { rows: [{ file: "a" }] });
});
