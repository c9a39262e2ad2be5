import assert from "node:assert/strict";
import { FlagWords } from "../lib/block_io.ts";
import { NOBODY } from "../lib/who.ts";
import { NO_FILE, rowsOfTotals, type Total } from "./mod.ts";

const DISKS = { of: (dev: number) => dev === 0 ? null : "vda" };
const VDA = 254 << 20 | 16;

const total = (change: Partial<Total>): Total => ({
  pid: 11,
  comm: "dd",
  who: NOBODY,
  dev: VDA,
  operation: 1,
  file: NO_FILE,
  requests: 1,
  writtenBack: 0,
  bytes: 4096,
  latNs: 1_000_000,
  ...change,
});

Deno.test("biotop adds operations of one letter, orders rows by bytes, and averages the latency", () => {
  const WRITE_ZEROES = 9;
  const rows = rowsOfTotals(
    [
      total({ operation: 0, requests: 4, bytes: 16384, latNs: 10_000_000 }),
      total({ requests: 2, writtenBack: 1, bytes: 8192, latNs: 3_000_000 }),
      total({ operation: WRITE_ZEROES, requests: 1, bytes: 65536, latNs: 6_000_000 }),
      total({ pid: 12, comm: "cp", requests: 3, bytes: 512 }),
    ],
    DISKS,
    new FlagWords(),
  );
  const ofDisk = { disk: "vda", major: 254, minor: 16, written_back: 0, ...NO_FILE };
  assert.deepEqual(rows, [
    {
      pid: 11,
      comm: "dd",
      type: "W",
      ...NOBODY,
      ...ofDisk,
      ios: 3,
      written_back: 1,
      bytes: 73728,
      avg_ms: 3,
    },
    { pid: 11, comm: "dd", type: "R", ...NOBODY, ...ofDisk, ios: 4, bytes: 16384, avg_ms: 2.5 },
    { pid: 12, comm: "cp", type: "W", ...NOBODY, ...ofDisk, ios: 3, bytes: 512, avg_ms: 1 / 3 },
  ]);
});

Deno.test("biotop reports null for the process and disk that a flush by the kernel does not have", () => {
  const [row] = rowsOfTotals(
    [total({ pid: 0, comm: "", dev: 0, operation: 2, bytes: 0 })],
    DISKS,
    new FlagWords(),
  );
  assert.deepEqual(row, {
    pid: null,
    comm: null,
    ...NOBODY,
    type: "F",
    disk: null,
    major: null,
    minor: null,
    ios: 1,
    bytes: 0,
    avg_ms: 1,
    written_back: 0,
    ...NO_FILE,
  });
});

Deno.test("biotop keeps files of the same name apart by device and inode, and adds the operations on each", () => {
  const a = { file: "log", dev: "7:3", inode: 12 };
  const b = { ...a, dev: "7:4" };
  const rows = rowsOfTotals(
    [
      total({ file: a, bytes: 4096 }),
      total({ file: b, bytes: 512 }),
      total({ file: a, operation: 9, bytes: 8192 }),
      total({ bytes: 1024 }),
    ],
    DISKS,
    new FlagWords(),
  );
  assert.deepEqual(rows.map(({ file, dev, inode, ios, bytes }) => [file, dev, inode, ios, bytes]), [
    ["log", "7:3", 12, 2, 12288],
    [null, null, null, 1, 1024],
    ["log", "7:4", 12, 1, 512],
  ]);
});
