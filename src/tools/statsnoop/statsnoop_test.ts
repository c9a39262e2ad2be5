import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { PathPart, Walked } from "../lib/paths.ts";
import { NOBODY } from "../lib/who.ts";
import { StatsnoopEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

const NO_FD = -(2 ** 31);

Deno.test("readEvent() shows call, result and path as given", () => {
  const members = {
    time_ns: 2_000_000_000n,
    ...USER.members,
    pid: 7,
    tid: 8,
    ret: -2,
    dirfd: NO_FD,
    call: 1,
    path_parts: PathPart.given,
    comm: "ls",
  };
  assert.deepEqual(readEvent(record(StatsnoopEvent, members, ["/a"]), CLOCK), {
    time: "at 2000000000",
    time_s: 2,
    pid: 7,
    tid: 8,
    comm: "ls",
    ...NOBODY,
    ...USER.columns,
    fd: -1,
    err: 2,
    syscall: "stat",
    dirfd: null,
    path: "/a",
  });
});

Deno.test("readEvent() returns the path of the open file when the call was on a descriptor", () => {
  const members = { dirfd: 3, call: 3, walked: Walked.root };
  const row = readEvent(record(StatsnoopEvent, members, ["b", "a"]), CLOCK)!;
  assert.deepEqual([row.syscall, row.dirfd, row.fd, row.err, row.path], ["fstat", 3, 0, 0, "/a/b"]);
});

Deno.test("readEvent() distinguishes an empty path from an unknown one", () => {
  const path = (path_parts: number, walked: number, strings: string[]) =>
    readEvent(record(StatsnoopEvent, { call: 3, path_parts, walked }, strings), CLOCK)!.path;
  assert.equal(path(PathPart.given, Walked.none, [""]), "");
  assert.equal(path(0, Walked.none, []), null);
  assert.equal(path(0, Walked.unreachable, [""]), null);
});
