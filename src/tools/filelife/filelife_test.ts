import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { PathPart, Walked } from "../lib/paths.ts";
import type { Members } from "../lib/struct.ts";
import type { ToolOptions } from "../tool.ts";
import { NOBODY } from "../lib/who.ts";
import { FilelifeEvent } from "./layout.gen.ts";
import { filelife, readEvent } from "./mod.ts";

const OPTIONS: ToolOptions = { filters: { self: false }, flags: {} };

const EVENT = {
  time_ns: 5n,
  age_ns: 1_500_000_000n,
  ...USER.members,
  pid: 7,
  tid: 8,
  comm: "rm\0",
  walked: Walked.root,
};

/** The row of an event as the BPF side writes it. */
const read = (strings: readonly string[], members: Members<FilelifeEvent> = {}) =>
  readEvent(record(FilelifeEvent, { ...EVENT, ...members }, strings), CLOCK)!;

Deno.test("filelife's readEvent() reads name and directory, with the age in seconds", () => {
  assert.deepEqual(read(["a\x1b.tmp", "d\x1b", "tmp"]), {
    time: "at 5",
    pid: 7,
    tid: 8,
    comm: "rm",
    ...NOBODY,
    ...USER.columns,
    age_s: 1.5,
    file: "a\\x1b.tmp",
    dir: "/tmp/d\\x1b",
    path: "/tmp/d\\x1b/a\\x1b.tmp",
  });
  assert.equal(read(["n".repeat(255)]).file, "n".repeat(255));
});

Deno.test("filelife's readEvent() resolves a path from the directory that it starts at", () => {
  const { file, dir, path } = read(["./sub/a", "tmp"], { path_parts: PathPart.given | PathPart.relative });
  assert.deepEqual([file, dir, path], ["a", "/tmp/sub", "/tmp/sub/a"]);
});

Deno.test("filelife.derive() returns no rows for the first sample", () => {
  assert.deepEqual(filelife.derive([{ file: "a" }], null, OPTIONS), { rows: [] });
  assert.deepEqual(filelife.derive([{ file: "a" }], [], OPTIONS), { rows: [{ file: "a" }] });
});
