import assert from "node:assert/strict";
import { CLOCK, record } from "../../../tests/support/record.ts";
import { UsageError } from "../../errors.ts";
import { loadPatterns } from "../../text/mod.ts";
import { NOBODY } from "../lib/who.ts";
import { ExecsnoopEvent } from "./layout.gen.ts";
import { type Arguments, commandLine, eventReader, execsnoop } from "./mod.ts";
import type { ToolOptions } from "../tool.ts";

await loadPatterns();

const plain: Arguments = { path: "/bin/ls", list: ["ls", "-l", "a b"], more: false, interpreted: false };

Deno.test("commandLine() replaces argv[0] by the path", () => {
  assert.deepEqual(commandLine(plain, 20), ["/bin/ls", "-l", "a b"]);
  assert.deepEqual(commandLine({ ...plain, path: null }, 20), ["\\?", "-l", "a b"]);
});

Deno.test("commandLine() ends in ... when there are more arguments", () => {
  assert.deepEqual(commandLine(plain, 2), ["/bin/ls", "-l", "..."]);
  assert.deepEqual(commandLine({ ...plain, more: true }, 20), ["/bin/ls", "-l", "a b", "..."]);
  assert.deepEqual(commandLine(plain, 3), ["/bin/ls", "-l", "a b"]);
});

Deno.test("commandLine() removes the arguments that the kernel adds for an interpreter", () => {
  const script = { ...plain, path: "./s", interpreted: true };
  assert.deepEqual(commandLine({ ...script, list: ["/bin/sh", "-e", "./s", "one"] }, 20), ["./s", "one"]);
  assert.deepEqual(commandLine({ ...script, list: ["/bin/sh", "./s", "./s"] }, 20), ["./s", "./s"]);
  assert.deepEqual(commandLine({ ...script, list: ["a", "x", "y"] }, 20), ["./s", "x", "y"]);
  assert.deepEqual(commandLine({ ...script, list: ["./s", "-e", "./s", "one"] }, 20), ["./s", "one"]);
});

Deno.test("commandLine() keeps an argument that equals the path when there is no interpreter", () => {
  assert.deepEqual(commandLine({ ...plain, list: ["ls", "/bin/ls"] }, 20), ["/bin/ls", "/bin/ls"]);
});

const options = (flags: ToolOptions["flags"]): ToolOptions => ({
  filters: { self: true },
  flags: { "max-args": 20, ...flags },
});

const members = {
  time_ns: 1_000_000_000n,
  pid: 7,
  tid: 8,
  ppid: 6,
  parent_comm: "cron",
  uid: 4_000_000_001,
  ret: -2,
  arguments: 3,
  path_known: 1,
  comm: "bash",
};

Deno.test("eventReader() marks an argument that could not be read", () => {
  const row = eventReader(options({}))(
    record(ExecsnoopEvent, { ...members, unreadable: 0b010n }, ["/bin/ls", "ls", 'a"b']),
    CLOCK,
  );
  assert.deepEqual(row, {
    time: "at 1000000000",
    time_s: 1,
    uid: 4_000_000_001,
    uid_name: null,
    comm: "bash",
    ...NOBODY,
    pid: 7,
    tid: 8,
    ppid: 6,
    parent_comm: "cron",
    ret: -2,
    args: '/bin/ls \\? a"b',
  });
});

Deno.test("eventReader() quotes arguments with -q, and drops events that -n and -l do not match", () => {
  const args = (flags: ToolOptions["flags"]) =>
    eventReader(options(flags))(record(ExecsnoopEvent, members, ["/bin/ls", "ls", "", 'a"b']), CLOCK)?.args;
  assert.equal(args({ quote: true }), '"/bin/ls" "" "a\\"b"');
  assert.equal(args({ name: "^ba", line: "ls .*b$" }), '/bin/ls  a"b');
  assert.equal(args({ name: "^ash" }), undefined);
  assert.equal(args({ line: "^ls" }), undefined);
});

Deno.test("configure() refuses an invalid pattern and an unknown user", () => {
  assert.throws(() => execsnoop.configure(options({ name: "(" })), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, '"(" is not a regular expression: missing closing ).');
    return true;
  });
  assert.throws(() => execsnoop.configure(options({ uid: "-" })), UsageError);
});
