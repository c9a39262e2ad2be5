import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { UsageError } from "../../errors.ts";
import { durationOrder, groupingNamed, textColumns } from "../../model/mod.ts";
import { loadPatterns } from "../../text/mod.ts";
import { NOBODY } from "../lib/who.ts";
import { ExecsnoopEvent } from "./layout.gen.ts";
import { type Arguments, commandLine } from "./arguments.ts";
import { eventReader, execsnoop } from "./mod.ts";
import { RunningPrograms } from "./running_programs.ts";
import type { ToolOptions } from "../tool.ts";

await loadPatterns();

/** enum execsnoop_kind */
const EXIT = 1, REPLACED = 2;

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
  ...USER.members,
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
    comm: "bash",
    ...NOBODY,
    ...USER.columns,
    uid_name: null,
    pid: 7,
    tid: 8,
    ppid: 6,
    parent_comm: "cron",
    ret: -2,
    args: '/bin/ls \\? a"b',
    parents: null,
    exit: null,
    exit_code: null,
    signal: null,
    dur_ms: null,
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

Deno.test("eventReader() reads the parents before the path with --parents, and marks a chain that is cut", () => {
  const parents = { parents: 2, parent_pids: [6, 1, 0, 0, 0, 0, 0, 0] };
  const read = (more: Partial<typeof members> & object, flags: ToolOptions["flags"] = { parents: true }) =>
    eventReader(options(flags))(
      record(ExecsnoopEvent, { ...members, ...parents, ...more }, [
        "a < b\x1b",
        "init",
        "/bin/ls",
        "ls",
        "-l",
        "x",
      ]),
      CLOCK,
    );
  const { parents: chain, args } = read({})!;
  assert.deepEqual([chain, args], ["a \\x3c b\\x1b(6) < init(1)", "/bin/ls -l x"]);
  assert.equal(read({ more_parents: 1 } as object)!.parents, `${chain} < ...`);
  const none = record(ExecsnoopEvent, members, ["/bin/ls", "ls", "-l", "x"]);
  assert.equal(eventReader(options({ parents: true }))(none, CLOCK)!.parents, "");
});

Deno.test("eventReader() with --exit returns the row of a program at its end, and of a failed call at once", () => {
  const read = eventReader(options({ exit: true, name: "^ba" }), new RunningPrograms());
  const call = (more: object) =>
    read(record(ExecsnoopEvent, { ...members, ret: 0, ...more }, ["/bin/ls", "ls", "-l", "x"]), CLOCK);
  const end = (pid: number, kind: number, ret = 0) =>
    read(record(ExecsnoopEvent, { time_ns: 1_250_000_000n, pid, kind, ret }), CLOCK);
  assert.equal(call({ ret: -2, pid: 5 })!.args, "/bin/ls -l x");
  assert.equal(call({}), null);
  const { pid, time, time_s, args, exit, exit_code, signal, dur_ms } = end(7, EXIT, 3 << 8)!;
  assert.deepEqual([pid, time, time_s, args], [7, "at 1250000000", 1.25, "/bin/ls -l x"]);
  assert.deepEqual([exit, exit_code, signal, dur_ms], ["3", 3, null, 250]);
  assert.equal(end(7, EXIT), null);
  call({});
  assert.equal(end(7, REPLACED)!.exit, "exec");
  // The end of the first program was not seen; the second one does not match -n.
  call({});
  call({ comm: "other" });
  assert.equal(end(7, EXIT), null);
});

Deno.test("text shows the end before the arguments, and the parents after them; JSON and CSV have both last", () => {
  const columns = (flags: ToolOptions["flags"]) => execsnoop.columnsFor!(options(flags));
  const shown = (flags: ToolOptions["flags"]) =>
    textColumns({ ...execsnoop, columns: columns(flags) }, false).map(({ key }) => key);
  const usual = ["comm", "pid", "ppid", "ret"];
  assert.deepEqual(shown({}), [...usual, "args"]);
  assert.deepEqual(shown({ exit: true, parents: true }), [...usual, "exit", "dur_ms", "args", "parents"]);
  for (const flags of [{}, { exit: true, parents: true }] as ToolOptions["flags"][]) {
    assert.deepEqual(columns(flags).slice(-10).map(({ key }) => key), [
      ...["parent_comm", "parents", "exit"],
      ...["exit_code", "signal", "dur_ms", "user", "cgroup_id", "container", "unit"],
    ]);
  }
});

Deno.test("groups add up durations, and the longest are kept, only with --exit", () => {
  const grouped = (flags: ToolOptions["flags"]) => {
    const tool = { ...execsnoop, columns: execsnoop.columnsFor!(options(flags)) };
    return [groupingNamed(tool, "comm").sums.map(({ column }) => column.key), durationOrder(tool)?.key];
  };
  assert.deepEqual(grouped({}), [[], undefined]);
  assert.deepEqual(grouped({ exit: true }), [["sum_dur_ms"], "dur_ms"]);
});

Deno.test("configure() refuses an invalid pattern and an unknown user", () => {
  assert.throws(() => execsnoop.configure(options({ name: "(" })), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, '"(" is not a regular expression: missing closing ).');
    return true;
  });
  assert.throws(() => execsnoop.configure(options({ uid: "-" })), UsageError);
});
