import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { PathPart, Walked } from "../lib/paths.ts";
import type { ToolOptions } from "../tool.ts";
import { NOBODY } from "../lib/who.ts";
import { OpensnoopEvent } from "./layout.gen.ts";
import { opensnoop, readEvent } from "./mod.ts";

const known = { path_parts: PathPart.given, flags_known: 1 };

Deno.test("readEvent() shows descriptor, flags and mode of an open that created", () => {
  const members = {
    ...known,
    time_ns: 5n,
    pid: 7,
    tid: 8,
    ...USER.members,
    ret: 3,
    flags: 0o101,
    mode: 0o640,
    comm: "sh",
  };
  assert.deepEqual(readEvent(record(OpensnoopEvent, members, ["/a\x1b"]), CLOCK), {
    time: "at 5",
    pid: 7,
    tid: 8,
    comm: "sh",
    ...NOBODY,
    ...USER.columns,
    uid_name: null,
    fd: 3,
    err: 0,
    flags: "00000101",
    flags_name: "O_WRONLY|O_CREAT",
    mode: "0640",
    path: "/a\\x1b",
  });
});

Deno.test("readEvent() returns fd -1, the error and no mode when an open failed", () => {
  const row = readEvent(record(OpensnoopEvent, { ...known, ret: -2 }, ["x"]), CLOCK)!;
  assert.deepEqual([row.fd, row.err, row.mode, row.path], [-1, 2, null, "x"]);
});

Deno.test("readEvent() returns null for a path and flags that could not be read", () => {
  const row = readEvent(record(OpensnoopEvent, { ret: -14 }), CLOCK)!;
  assert.deepEqual([row.path, row.flags, row.mode], [null, null, null]);
});

const RELATIVE = PathPart.given | PathPart.relative;

Deno.test("readEvent() joins a relative path with the directory that was walked", () => {
  const path = (walked: number, strings: string[]) =>
    readEvent(record(OpensnoopEvent, { ...known, path_parts: RELATIVE, walked }, strings), CLOCK)!.path;
  assert.equal(path(Walked.root, ["f", "b", "a"]), "/a/b/f");
  assert.equal(path(Walked.root, ["f"]), "/f");
  assert.equal(path(Walked.cut, ["f", "b"]), "\\…/b/f");
  assert.equal(path(Walked.none, ["f"]), "\\…/f");
});

const options = (flags: ToolOptions["flags"]): ToolOptions => ({ filters: { self: true }, flags });

Deno.test("configure() turns flags into constants", () => {
  const constants = opensnoop.configure(
    options({ uid: 0, failed: true, "full-path": true, "flag-filter": "O_WRONLY,O_CREAT" }),
  );
  assert.deepEqual(constants, {
    self_tgid: 0,
    filter_tid: 0,
    cgroup_naming: 0,
    failed_only: true,
    full_path: true,
    filter_uid_on: true,
    filter_uid: 0,
    filter_uid_negated: false,
    filter_flags_on: true,
    filter_access: 2,
    filter_flags: 0o100,
  });
});
