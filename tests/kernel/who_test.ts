/**
 * The cgroup in the rows of each tool beside mkdir(2) and stat(2) of its directory.
 *
 * @module
 */
import assert from "node:assert/strict";
import { namedCgroup, withNamedCgroup } from "../support/cgroup.ts";
import { withExt4 } from "../support/devices.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { type Row, rowsOf } from "../support/ticks.ts";
import { Workload } from "../support/workload.ts";

/** What tools say of a process. */
interface Said {
  /** The rows of the process, by tool. */
  readonly rows: readonly Row[][];
  /** Number and path of its cgroup, as each row must have them. */
  readonly who: string;
}

const whoOf = (
  rows: readonly Row[],
): string[] => [...new Set(rows.map((row) => `${row.cgroup_id} ${row.container}`))];

/** Runs a workload alongside tools, in a cgroup that is made when the tools run: the kernel reports it. */
async function watchInCgroup(
  workload: readonly string[],
  tools: readonly (readonly string[])[],
): Promise<Said> {
  const work = await Workload.start(workload[0]!, workload.slice(1));
  const runs = tools.map((args) => new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(work.pid)]));
  for (const run of runs) await run.tick();
  let said: Said | undefined;
  await withNamedCgroup(`ktop-who-${Deno.pid}`, async ({ procs, id, path }) => {
    await Deno.writeTextFile(procs, String(work.pid));
    await work.run();
    const finished = await Promise.all(runs.map((run) => run.finish()));
    const rows = finished.map(({ ticks }) => rowsOf(ticks).filter(({ pid }) => pid === work.pid));
    said = { rows, who: `${id} ${path}` };
  });
  return said!;
}

/** Workloads, and the tools that have rows of them. */
const WORKLOADS: readonly (readonly [readonly string[], readonly (readonly string[])[]])[] = [
  [["opens"], [["opensnoop"], ["syscount", "-P"], ["runqlat", "-P"]]],
  [["io"], [["filetop"], ["filetop", "--by-process"]]],
  [["stats"], [["statsnoop"]]],
  [["execs"], [["execsnoop"]]],
  [["lives"], [["filelife"], ["filegone"]]],
  [["mounts"], [["mountsnoop"]]],
  [["sleeps"], [["offcputime"]]],
  [["spinners", "1"], [["runqslower", "1000"]]],
  // Runs for a second of CPU time, however busy the machine is, so that profile has samples of it.
  [["busy", "1"], [["profile"]]],
  [["connections"], [["tcpconnect"], ["tcpaccept"]]],
  [["traffic"], [["nettop"], ["tcplife"]]],
];

for (const [workload, tools] of WORKLOADS) {
  const names = tools.map((args) => args.join(" ")).join(", ");
  Deno.test(`${names}: each row has the cgroup of the process, and its path`, async () => {
    const { rows, who } = await watchInCgroup(workload, tools);
    for (const [i, found] of rows.entries()) assert.deepEqual(whoOf(found), [who], String(tools[i]));
  });
}

Deno.test("fileslower and fsslower: each row has the cgroup of the process, and its path", async () => {
  await using directory = await TemporaryDirectory.make();
  const { rows, who } = await watchInCgroup(["slow", directory.path], [["fileslower", "0"], [
    "fsslower",
    "0",
  ]]);
  for (const found of rows) assert.deepEqual(whoOf(found), [who]);
});

Deno.test("biosnoop, biotop and cachestat --by process: each row has the cgroup of the process, and its path", () =>
  withExt4(async (directory) => {
    const tools = [["biosnoop"], ["biotop"], ["cachestat", "--by", "process"]];
    const { rows, who } = await watchInCgroup(["pages", directory, "cold_large", "dirty"], tools);
    for (const [i, found] of rows.entries()) assert.deepEqual(whoOf(found), [who], String(tools[i]));
  }));

Deno.test("--cgroup-column shows the name in text", async () => {
  const { code, stdout } = await ktop(["opensnoop", "--cgroup-column", "-i", "0.2", "--count", "1"]);
  assert.equal(code, 0);
  assert.match(stdout, /^PID .* PATH +CONTAINER$/m);
});

Deno.test("a cgroup that was there before ktop has its path", () =>
  withNamedCgroup(`ktop-who-${Deno.pid}`, async ({ procs, id, path }) => {
    const script = 'echo "$BASHPID" > "$1"; while :; do : < /etc/hostname; done';
    const child = new Deno.Command("bash", { args: ["-c", script, "busy", procs] }).spawn();
    const run = new RunningKtop(["opensnoop", "--json", "-i", "0.2", "-p", String(child.pid)]);
    for (let i = 0; i < 2; i++) await run.tick();
    const rows = rowsOf((await run.finish()).ticks).filter((row) => row.path === "/etc/hostname");
    child.kill();
    await child.status;
    assert.deepEqual(whoOf(rows), [`${id} ${path}`]);
  }));

/** Makes a cgroup, opens a file 13 times in it and removes it, as fast as it can; prints the cgroup's number. */
const SHORT_LIVED = `set -e
mkdir "$1"; stat -c %i "$1"
(echo "$BASHPID" > "$1/cgroup.procs"; for i in {1..13}; do : < /etc/hostname; done)
until rmdir "$1" 2>/dev/null; do :; done`;

Deno.test("a cgroup that was created after ktop and is gone when its rows are read has its name", async () => {
  const run = new RunningKtop(["opensnoop", "--json", "-i", "0.5"]);
  await run.tick();
  const { directory, path } = namedCgroup(`ktop-short-${Deno.pid}`);
  const { stdout } = await new Deno.Command("bash", { args: ["-c", SHORT_LIVED, "short", directory] })
    .output();
  const id = Number(new TextDecoder().decode(stdout));
  const rows = rowsOf((await run.finish()).ticks).filter((row) => row.cgroup_id === id);
  const opens = rows.filter((row) => row.path === "/etc/hostname");
  assert.equal(opens.length, 13);
  assert.deepEqual(new Set(rows.map(({ container }) => container)), new Set([path]));
});

/** Becomes a program of another name, does what follows. */
const RENAMED = `printf ktop-renamed > /proc/$$/comm
`;

Deno.test("a cgroup has its name also after more cgroups than the ring buffer holds, in which nothing was counted", async () => {
  const run = new RunningKtop(["opensnoop", "--json", "-i", "0.2", "--comm", "ktop-renamed"]);
  await run.tick();
  const { directory, path } = namedCgroup(`ktop-later-${Deno.pid}`);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 30; i++) {
      Deno.mkdirSync(directory);
      Deno.removeSync(directory);
    }
    // The first of these may have begun before the cgroups were made.
    for (let i = 0; i < 2; i++) await run.tick();
  }
  await new Deno.Command("bash", { args: ["-c", RENAMED + SHORT_LIVED, "short", directory] }).output();
  const rows = rowsOf((await run.finish()).ticks).filter((row) => row.path === "/etc/hostname");
  assert.equal(rows.length, 13);
  assert.deepEqual(new Set(rows.map(({ container }) => container)), new Set([path]));
});
