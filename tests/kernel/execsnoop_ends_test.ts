/**
 * execsnoop --exit against ends.c, whose judge is wait(2), and --parents against family.c and /proc.
 *
 * @module
 */
import assert from "node:assert/strict";
import { limitsOf, MAX_MEMORY, Runner } from "../../src/monitor/mod.ts";
import { execsnoop } from "../../src/tools/execsnoop/mod.ts";
import { hooksOf, type Tool } from "../../src/tools/mod.ts";
import type { Row } from "../../src/model/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { countRows, type Counts, rowsOf } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import "./bpf_fixture.ts";
import * as ends from "../workloads/ends.ts";
import * as family from "../workloads/family.ts";

const EXIT_PROGRAMS = ["sched_process_exit__tracepoint"];

const childrenOf = (pid: number): readonly string[] => ["-P", String(pid)];

/** The numbers that a workload printed, by the word before each. */
const numbersIn = (printed: string): Counts =>
  Object.fromEntries(
    [...printed.matchAll(/(\w+) (\d+)/g)].map(([, word, number]) => [word!, Number(number)]),
  );

/** Ends the children that a run of ends has left. */
function endStaying(printed: Counts): void {
  for (const number of [1, 2]) Deno.kill(printed[`stays_${number}`]!, "SIGKILL");
}

Deno.test("execsnoop --exit pairs each program of the children of a process with its end, and prints those that still run", async () => {
  const { rows, pid, measured } = await watchWorkload(
    ["ends"],
    ["execsnoop", "--exit"],
    undefined,
    childrenOf,
  );
  endStaying(measured);
  assert.deepEqual(countRows(rows, ends.argumentsAndEnd), ends.ends(measured.both!));
  assert.deepEqual(ends.contradictions(rows), []);
  for (const { ppid, parents, uid } of rows) assert.deepEqual([ppid, parents, uid], [pid, null, 0]);
});

Deno.test("execsnoop --exit -x also prints failed calls, which have no end, and -l applies to the programs", async () => {
  const { rows, measured } = await watchWorkload(
    ["ends"],
    ["execsnoop", "--exit", "-x", "-l", "fails|absent|again"],
    undefined,
    childrenOf,
  );
  endStaying(measured);
  assert.deepEqual(countRows(rows, ends.argumentsAndEnd), {
    "again 3: exec": 5,
    "fails 6: 6": 3,
    ...ends.failures,
  });
  assert.deepEqual(ends.contradictions(rows), []);
});

Deno.test("execsnoop without --exit prints each program of the children once, with no end", async () => {
  const { rows, measured } = await watchWorkload(["ends"], ["execsnoop"], undefined, childrenOf);
  endStaying(measured);
  const expected: Record<string, number> = {};
  for (const [name, count] of Object.entries(ends.ends(measured.both!))) {
    const unpaired = name.replace(/: .*/, ": -");
    expected[unpaired] = (expected[unpaired] ?? 0) + count;
  }
  assert.deepEqual(countRows(rows, ends.argumentsAndEnd), expected);
  assert.ok(
    rows.every(({ exit_code: code, signal, dur_ms: ms }) => code === null && signal === null && ms === null),
  );
});

Deno.test("execsnoop -P of another process prints nothing of the children", async () => {
  const { rows, measured } = await watchWorkload(
    ["ends"],
    ["execsnoop", "--exit", "-l", "/ends "],
    undefined,
    () => [
      "-P",
      "1",
    ],
  );
  endStaying(measured);
  assert.deepEqual(rows, []);
});

/** A process and its ancestors, from /proc. */
function lineage(pid: number): family.Ancestor[] {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const comm = Deno.readTextFileSync(`/proc/${pid}/comm`).trimEnd();
  const ppid = Number(/^PPid:\s+(\d+)$/m.exec(status)![1]);
  return [{ pid, comm }, ...(ppid === 0 ? [] : lineage(ppid))];
}

Deno.test("execsnoop --parents prints up to eight ancestors, escaped, and marks a longer chain as cut", async () => {
  const above = lineage(Deno.pid);
  const { rows, measured } = await watchWorkload(
    ["family"],
    ["execsnoop", "--parents", "-l", "/family (short|long)$"],
    undefined,
    () => [],
  );
  const expected = family.chains(measured, above);
  assert.deepEqual(family.chainsIn(rows), expected);
  assert.equal(expected.long.length, 9);
});

Deno.test("record --set keeps ends and parents, with the programs that still run, and replay prints the same lines", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/ends.gz`;
  const work = await Workload.start("ends");
  const flags = ["exit", "parents"].flatMap((flag) => ["--set", `execsnoop.${flag}`]);
  const record = new RunningKtop([
    "record",
    file,
    "--tools",
    "execsnoop",
    ...flags,
    "--ppid",
    String(work.pid),
    "--json",
    "-i",
    "0.3",
  ]);
  const first = await record.line();
  const printed = numbersIn(await work.run());
  const { rest, code, stderr } = await record.end();
  endStaying(printed);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const lines = [first, ...rest].map((line) => `${line}\n`).join("");
  const rows = rowsOf([first, ...rest].map((line) => JSON.parse(line)));
  assert.deepEqual(countRows(rows, ends.argumentsAndEnd), ends.ends(printed.both!));
  const parent = { pid: work.pid, comm: "ends" };
  for (const { parents } of rows) assert.deepEqual((parents as unknown as family.Ancestor[])[0], parent);
  assert.equal((await ktop(["replay", file, "--json"])).stdout, lines);
  const { stdout } = await ktop(["replay", file, "execsnoop", "--csv"]);
  assert.match(stdout, new RegExp(`,"?ends\\(${work.pid}\\) < .*,SIGKILL,,9,`));
});

/** execsnoop whose map of running programs has its declared size, one entry. */
const SMALL: Tool<readonly Row[]> = {
  ...execsnoop,
  hooks: (options) =>
    hooksOf(execsnoop, options).map((hook) =>
      hook.name === "exit" ? { ...hook, tiers: { tracepoint: [{ all: EXIT_PROGRAMS }] } } : hook
    ),
};

Deno.test("execsnoop --exit counts programs that find no room in its map as lost", async () => {
  const work = await Workload.start("ends");
  const options = { filters: { self: true, ppid: work.pid }, flags: { "max-args": 20, exit: true } };
  const runner = await Runner.open(SMALL, options, limitsOf({ maxMemory: MAX_MEMORY.default }, 1));
  const printed = numbersIn(await work.run());
  runner.finish();
  const { rows, lost, droppedRows } = runner.tick();
  runner.close();
  endStaying(printed);
  const { "stays 2: -": _, ...found } = ends.ends(printed.both!);
  assert.deepEqual(countRows(rows, ends.argumentsAndEnd), found);
  assert.deepEqual([lost.events, lost.keys, droppedRows], [0, 1, undefined]);
});
