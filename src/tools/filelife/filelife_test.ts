import assert from "node:assert/strict";
import type { EventClock } from "../lib/events.ts";
import { filelife, readEvent } from "./mod.ts";
import { FilelifeEvent } from "./layout.gen.ts";
import type { ToolOptions } from "../tool.ts";

const OPTIONS: ToolOptions = { filters: { self: false }, flags: {} };

/** A clock that needs no kernel. */
const CLOCK = { iso: () => "2026-11-20T18:00:00.000Z" } as unknown as EventClock;

/** A record as the BPF side writes it, behind 16 bytes of another. */
function record(file: string, room: number) {
  const { offset } = FilelifeEvent;
  const at = 16;
  const bytes = new Uint8Array(at + offset.file + room);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(at + offset.age_ns, 1_500_000_000n, true);
  view.setUint32(at + offset.pid, 7, true);
  view.setUint32(at + offset.tid, 8, true);
  bytes.set(new TextEncoder().encode("rm\0"), at + offset.comm);
  bytes.set(new TextEncoder().encode(`${file}\0garbage`).subarray(0, room), at + offset.file);
  return { view, at, length: offset.file + room, clock: CLOCK };
}

Deno.test("filelife's readEvent() reads short and long records, with the age in seconds", () => {
  const { time, ...rest } = readEvent(record("a\x1b.tmp", 32))!;
  assert.deepEqual(rest, { pid: 7, tid: 8, comm: "rm", age_s: 1.5, file: "a\\x1b.tmp" });
  assert.ok(!Number.isNaN(Date.parse(String(time))));
  assert.equal(readEvent(record("n".repeat(255), 256))!.file, "n".repeat(255));
});

Deno.test("filelife.derive() leaves out what came before the first interval", () => {
  assert.deepEqual(filelife.derive([{ file: "a" }], null, OPTIONS), { rows: [] });
  assert.deepEqual(filelife.derive([{ file: "a" }], [], OPTIONS), { rows: [{ file: "a" }] });
});
