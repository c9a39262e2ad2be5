import assert from "node:assert/strict";
import type { Row } from "../../model/mod.ts";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { FlagWords } from "../lib/block_io.ts";
import type { Members } from "../lib/struct.ts";
import { NOBODY } from "../lib/who.ts";
import { BiosnoopEvent } from "./layout.gen.ts";
import { biosnoop, eventReader } from "./mod.ts";

function read(members: Members<BiosnoopEvent>) {
  const disks = { of: (dev: number) => dev === 0 ? null : "vda" };
  return eventReader(disks, new FlagWords())(record(BiosnoopEvent, members), CLOCK)!;
}

Deno.test("biosnoop reads thread, disk and latency of an event", () => {
  const row = read({
    time_ns: 3_500_000_000n,
    lat_ns: 1_250_000n,
    queue_ns: 250_000n,
    sector: 2048n,
    bytes: 4096,
    flags: 1 | 1 << 11,
    dev: 254 << 20,
    tid: 12,
    ...USER.members,
    pid: 11,
    comm: "dd\x1b",
    inode: 12n,
    fs_dev: 7 << 20 | 3,
    file: "a\x1bb",
    writer_tid: 22,
    writer_pid: 21,
    writer_comm: "cp\x1b",
  });
  assert.deepEqual(row, {
    time_s: 3.5,
    time: "at 3500000000",
    comm: "dd\\x1b",
    ...NOBODY,
    ...USER.columns,
    pid: 11,
    tid: 12,
    disk: "vda",
    type: "W",
    sector: 2048,
    bytes: 4096,
    queue_ms: 0.25,
    lat_ms: 1.25,
    flags: "Sync-Write",
    writer_pid: 21,
    writer_tid: 22,
    writer_comm: "cp\\x1b",
    file: "a\\x1bb",
    dev: "7:3",
    inode: 12,
  });
});

Deno.test("biosnoop reports null for the values that a flush by the kernel does not have", () => {
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

Deno.test("biosnoop reports null for a file without a name, and for what is not a file", () => {
  const named = ({ file, dev, inode, writer_pid, writer_tid, writer_comm }: Row): Row[string][] => [
    file!,
    dev!,
    inode!,
    writer_pid!,
    writer_tid!,
    writer_comm!,
  ];
  assert.deepEqual(named(read({ inode: 12n, fs_dev: 8 << 20 | 1 })), [null, "8:1", 12, null, null, null]);
  assert.deepEqual(named(read({ tid: 12, pid: 11, comm: "dd" })), [null, null, null, null, null, null]);
});

Deno.test("biosnoop has a column for every key of its rows", () => {
  assert.deepEqual(Object.keys(read({})).sort(), biosnoop.columns.map(({ key }) => key).sort());
});
