import assert from "node:assert/strict";
import { CLOCK, record } from "../../../tests/support/record.ts";
import type { Row } from "../../model/mod.ts";
import { hooksOf } from "../lib/hooks.ts";
import type { ToolOptions } from "../tool.ts";
import { FsslowerEvent } from "./layout.gen.ts";
import { fsslower, fsslowerAliases, readEvent } from "./mod.ts";

/** The row of an operation with this result and offset. */
function rowOf(operation: number, ret: bigint, offset: bigint): Row {
  const members = { operation, ret, offset, lat_ns: 20_000_000n, file: "data" };
  return readEvent(record(FsslowerEvent, members), CLOCK)!;
}

Deno.test("readEvent() returns bytes and offset when a read or write succeeded", () => {
  const { operation, bytes, offset_bytes, lat_ms, file } = rowOf(1, 512n, 1024n);
  assert.deepEqual({ operation, bytes, offset_bytes, lat_ms, file }, {
    operation: "W",
    bytes: 512,
    offset_bytes: 1024,
    lat_ms: 20,
    file: "data",
  });
});

Deno.test("readEvent() returns null for the bytes of a failed read, and for the offset of an open or fsync", () => {
  const parts = ({ operation, bytes, offset_bytes }: Row): unknown[] => [operation, bytes, offset_bytes];
  assert.deepEqual(parts(rowOf(0, -5n, 8n)), ["R", null, 8]);
  assert.deepEqual(parts(rowOf(2, 0n, -1n)), ["O", null, null]);
  assert.deepEqual(parts(rowOf(3, 0n, 0n)), ["S", null, null]);
  assert.deepEqual(parts(rowOf(1, 512n, -1n)), ["W", 512, null]);
});

const options = (flags: ToolOptions["flags"]): ToolOptions => ({ filters: { self: false }, flags });

Deno.test("hooksOf() names the functions of the file system when -t chooses one", () => {
  const names = (type: string): string[] => hooksOf(fsslower, options({ type })).map(({ name }) => name);
  assert.deepEqual(names("ext4"), [
    "ext4_file_read_iter",
    "ext4_file_write_iter",
    "ext4_file_open",
    "ext4_sync_file",
  ]);
  assert.deepEqual(names("xfs"), [
    "xfs_file_read_iter",
    "xfs_file_write_iter",
    "xfs_file_open",
    "xfs_file_fsync",
  ]);
});

Deno.test("hooksOf() falls back to generic_file_read_iter when ext4_file_read_iter is missing", () => {
  const [read] = hooksOf(fsslower, options({ type: "ext4" }));
  assert.deepEqual(read!.tiers.fentry!.map(({ all }) => all[1]), [
    "ext4_file_read_iter_enter__fentry",
    "generic_file_read_iter_enter__fentry",
  ]);
});

Deno.test("an alias is the tool with its file system chosen and no -t", () => {
  const xfs = fsslowerAliases.find(({ name }) => name === "xfsslower")!;
  assert.deepEqual([xfs.object, xfs.aliasOf], ["fsslower", "fsslower"]);
  assert.ok(!xfs.flags.some(({ name }) => name === "type"));
  const given = options({ "min-ms": 7 });
  assert.equal(hooksOf(xfs, given)[3]!.name, "xfs_file_fsync");
  const constants = xfs.configure(given);
  assert.deepEqual([constants.fs_magic, constants.min_ns], [0x58465342n, 7_000_000n]);
});
