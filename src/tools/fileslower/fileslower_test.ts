import assert from "node:assert/strict";
import { fileslower, readEvent } from "./mod.ts";
import { FileslowerEvent } from "./layout.gen.ts";

/** A record as the BPF side makes it, at an odd place of a larger view. */
function record(
  fields: { ret: bigint; writes: number; name: string },
): { view: DataView; at: number; length: number } {
  const { offset } = FileslowerEvent;
  const at = 8;
  const length = offset.file + 40;
  const bytes = new Uint8Array(at + length + 16).fill(0x58);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(at + offset.time_ns, 3_500_000_000n, true);
  view.setBigUint64(at + offset.lat_ns, 12_345_678n, true);
  view.setBigInt64(at + offset.ret, fields.ret, true);
  view.setBigUint64(at + offset.inode, 77n, true);
  view.setUint32(at + offset.dev, (259 << 20) | 3, true);
  view.setUint32(at + offset.mode, 0o100644, true);
  view.setUint32(at + offset.tid, 12, true);
  view.setUint32(at + offset.pid, 11, true);
  view.setUint32(at + offset.writes, fields.writes, true);
  bytes.set(new TextEncoder().encode("dd\0"), at + offset.comm);
  bytes.set(new TextEncoder().encode(`${fields.name}\0`).subarray(0, 40), at + offset.file);
  return { view, at, length };
}

const clock = { iso: () => "2026-11-20T18:00:00.000Z", seconds: () => 1.5 };

Deno.test("readEvent() makes a row of a record", () => {
  const row = readEvent({ ...record({ ret: 4096n, writes: 1, name: "a\x1b.log" }), clock })!;
  assert.deepEqual(row, {
    time_s: 1.5,
    time: "2026-11-20T18:00:00.000Z",
    comm: "dd",
    tid: 12,
    pid: 11,
    direction: "W",
    bytes: 4096,
    lat_ms: 12.345678,
    file: "a\\x1b.log",
    dev: "259:3",
    inode: 77,
  });
});

Deno.test("readEvent() leaves bytes unknown when the call failed", () => {
  const row = readEvent({ ...record({ ret: -14n, writes: 0, name: "x" }), clock })!;
  assert.deepEqual([row.direction, row.bytes], ["R", null]);
});

Deno.test("readEvent() ends the name where the record ends", () => {
  const row = readEvent({ ...record({ ret: 0n, writes: 0, name: "n".repeat(60) }), clock })!;
  assert.equal(row.file, "n".repeat(40));
});

Deno.test("derive() has no rows before the first interval", () => {
  const options = { filters: { self: false }, flags: {} };
  assert.deepEqual(fileslower.derive([{ file: "x" }], null, options), { rows: [] });
  assert.deepEqual(fileslower.derive([{ file: "x" }], [], options), { rows: [{ file: "x" }] });
});
