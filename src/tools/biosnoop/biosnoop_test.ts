import assert from "node:assert/strict";
import { BiosnoopEvent } from "./layout.gen.ts";
import { biosnoop, eventReader } from "./mod.ts";
import { FlagWords } from "../lib/block_io.ts";
import type { EventClock } from "../lib/events.ts";
import { readCount } from "../lib/records.ts";

const { offset, size } = BiosnoopEvent;

/** A clock that needs no kernel: the tool began at second 1. */
const clock = {
  iso: () => "2026-11-20T18:00:00.000Z",
  seconds: (view: DataView, at: number) => (readCount(view, at) - 1e9) / 1e9,
} as unknown as EventClock;

/** A record with these members, read as one that lies behind another. */
function read(members: Readonly<Record<string, number | bigint>>, comm = "") {
  const view = new DataView(new ArrayBuffer(8 + size));
  for (const [name, value] of Object.entries(members)) {
    const at = 8 + offset[name as keyof typeof offset];
    if (typeof value === "bigint") view.setBigUint64(at, value, true);
    else view.setUint32(at, value, true);
  }
  new Uint8Array(view.buffer).set(new TextEncoder().encode(comm), 8 + offset.comm);
  const disks = { of: (dev: number) => dev === 0 ? null : "vda" };
  return eventReader(disks, new FlagWords())({ view, at: 8, length: size, clock })!;
}

Deno.test("biosnoop reads who, where and how long from a record", () => {
  const row = read({
    time_ns: 3_500_000_000n,
    lat_ns: 1_250_000n,
    queue_ns: 250_000n,
    sector: 2048n,
    bytes: 4096,
    flags: 1 | 1 << 11,
    dev: 254 << 20,
    tid: 12,
    pid: 11,
  }, "dd\x1b");
  assert.deepEqual(row, {
    time_s: 2.5,
    time: "2026-11-20T18:00:00.000Z",
    comm: "dd\\x1b",
    pid: 11,
    tid: 12,
    disk: "vda",
    type: "W",
    sector: 2048,
    bytes: 4096,
    queue_ms: 0.25,
    lat_ms: 1.25,
    flags: "Sync-Write",
  });
});

Deno.test("biosnoop leaves unknown what a flush of the kernel's own lacks", () => {
  const row = read({ sector: 2n ** 64n - 1n, flags: 2 });
  assert.deepEqual([row.comm, row.pid, row.tid, row.disk, row.sector, row.type], [
    null,
    null,
    null,
    null,
    null,
    "F",
  ]);
});

Deno.test("biosnoop has the columns of every row it reads", () => {
  assert.deepEqual(Object.keys(read({})).sort(), biosnoop.columns.map(({ key }) => key).sort());
});
