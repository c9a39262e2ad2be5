/**
 * `ktop TOOL -- CMD`: what is measured of the command and its children, compared with strace.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop } from "../support/ktop.ts";
import {
  countNames,
  countRows,
  type Counts,
  type JsonTick,
  losses,
  type Row,
  rowsOf,
  sumColumn,
} from "../support/ticks.ts";

/** What a tool measured of a command. */
interface Measured {
  readonly rows: readonly Row[];
  readonly code: number;
}

/** Runs a tool with `--json` on a command that prints nothing. Fails when something was lost. */
async function follow(tool: readonly string[], command: readonly string[]): Promise<Measured> {
  const { code, stdout, stderr } = await ktop([...tool, "--json", "--", ...command]);
  assert.equal(stderr, "");
  const ticks: JsonTick[] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(losses(ticks), { events: 0, keys: 0 });
  return { rows: rowsOf(ticks), code };
}

/** The names of the calls in a log of strace with `-f`, in order, with the rest of their lines. */
async function straceCalls(command: readonly string[]): Promise<{ name: string; rest: string }[]> {
  await using directory = await TemporaryDirectory.make();
  const log = `${directory.path}/log`;
  const args = ["-f", "-s", "4096", "-o", log, "--", ...command];
  await new Deno.Command("strace", { args, stdin: "null", stdout: "null", stderr: "null" }).output();
  const lines = [...(await Deno.readTextFile(log)).matchAll(/^\d+ +(\w+)\((.*)$/gm)];
  return lines.map(([, name, rest]) => ({ name: name!, rest: rest! }));
}

const OPENS = ["open", "openat", "openat2", "creat"];

/** How often each path is opened, by strace. */
async function openedPaths(command: readonly string[]): Promise<Counts> {
  const calls = await straceCalls(command);
  return countNames(
    calls.filter(({ name }) => OPENS.includes(name)).map(({ rest }) => /"([^"]*)"/.exec(rest)![1]!),
  );
}

Deno.test("opensnoop -- CMD shows the opens of CMD and its children as strace does, and no others", async () => {
  const busy = new Deno.Command("sh", { args: ["-c", "while :; do : </etc/passwd; done"] }).spawn();
  try {
    for (
      const [script, exit] of [
        ["true; (true &) ; exit 7", 7],
        ["ls -l /proc/self/fd >/dev/null; (cat /etc/hostname | sort >/dev/null); nproc >/dev/null & wait", 0],
        ["exec ls /nonsense 2>/dev/null", 2],
      ] as const
    ) {
      const command = ["sh", "-c", script];
      const { rows, code } = await follow(["opensnoop"], command);
      assert.equal(code, exit);
      assert.deepEqual(countRows(rows, ({ path }) => String(path)), await openedPaths(command), script);
    }
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});

Deno.test("syscount -- CMD counts the calls that strace shows, beginning with execve", async () => {
  const command = ["sh", "-c", "ls -l /etc >/dev/null; cat </etc/passwd >/dev/null"];
  const names = (await straceCalls(command)).map(({ name }) => name);
  const { rows } = await follow(["syscount"], command);
  // Calls that do not return are not counted.
  assert.deepEqual(
    Object.fromEntries(rows.map(({ syscall, count }) => [syscall, count])),
    countNames(names.filter((name) => name !== "exit_group")),
  );
});

Deno.test("execsnoop -- CMD shows the execution of CMD first", async () => {
  const { rows } = await follow(["execsnoop"], ["sh", "-c", "env true; exec uname >/dev/null"]);
  assert.deepEqual(rows.map(({ args }) => args), [
    "/usr/bin/sh -c env true; exec uname >/dev/null",
    "/usr/bin/env true",
    "/usr/bin/true",
    "/usr/bin/uname",
  ]);
});

Deno.test("filetop -- CMD counts the writes of CMD's child", async () => {
  await using directory = await TemporaryDirectory.make();
  const dd = `dd if=/dev/zero of=${directory.path}/written bs=4099 count=13 status=none`;
  const { rows } = await follow(["filetop"], ["sh", "-c", `${dd}; true`]);
  const written = rows.filter(({ file }) => file === "written");
  assert.deepEqual([sumColumn(written, "writes"), sumColumn(written, "write_bytes")], [13, 13 * 4099]);
});

Deno.test("offcputime -- CMD shows only waits of CMD and its children", async () => {
  const { rows } = await follow(["offcputime"], ["sh", "-c", "sleep 0.2; true"]);
  assert.deepEqual([...new Set(rows.map(({ comm }) => comm))].toSorted(), ["sh", "sleep"]);
  const slept = rows.filter(({ comm, stack }) => comm === "sleep" && String(stack).includes("nanosleep"));
  assert.ok(sumColumn(slept, "time_us") >= 200_000);
});

Deno.test("--comm beside -- CMD restricts to some of its processes", async () => {
  const { rows } = await follow(["opensnoop", "--comm", "cat"], [
    "sh",
    "-c",
    "cat /etc/hostname >/dev/null; true",
  ]);
  assert.deepEqual([...new Set(rows.map(({ comm }) => comm))], ["cat"]);
});

/** The programs that a replay of a recording shows as executed. */
async function replayedPrograms(file: string): Promise<unknown[]> {
  const { stdout } = await ktop(["replay", file, "--json"]);
  const ticks: JsonTick[] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  return rowsOf(ticks.filter(({ tool }) => tool === "execsnoop")).map(({ args }) => args);
}

Deno.test("record FILE -- CMD and --json -- CMD measure CMD and its children with every tool", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/recording`;
  const command = ["sh", "-c", "cat /etc/hostname >/dev/null; exit 7"];
  const programs = ["/usr/bin/sh -c cat /etc/hostname >/dev/null; exit 7", "/usr/bin/cat /etc/hostname"];
  const recorded = await ktop(["record", file, "--tools", "execsnoop,opensnoop", "--", ...command]);
  assert.deepEqual([recorded.code, recorded.stderr], [7, ""]);
  assert.deepEqual(await replayedPrograms(file), programs);
  const { code, stdout, stderr } = await ktop(["--json", "--panes", "execsnoop,opensnoop", "--", ...command]);
  assert.deepEqual([code, stderr], [7, ""]);
  const ticks: JsonTick[] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const of = (name: string): readonly Row[] => rowsOf(ticks.filter(({ tool }) => tool === name));
  assert.deepEqual(of("execsnoop").map(({ args }) => args), programs);
  assert.deepEqual(
    countRows(of("opensnoop"), ({ path }) => String(path)),
    await openedPaths(command),
  );
});
