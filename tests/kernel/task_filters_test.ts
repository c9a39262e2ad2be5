/**
 * The filters by process, parent, user and name, also negated, beside processes that make known numbers of calls.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { OPENED, Opener } from "../support/opener.ts";
import { countRows, type Counts, type Row, rowsOf, sumColumn } from "../support/ticks.ts";

/** Of no account of this machine. */
const UID = 54_321;
const OPENS: Counts = { alpha: 13, beta: 17, gamma: 19 };

/** The processes: alpha of a user, beta with another parent, gamma of root. */
interface Processes {
  readonly alpha: Opener;
  readonly beta: Opener;
  readonly gamma: Opener;
}

async function start(): Promise<Processes> {
  const as = (comm: string, through: readonly string[]) => Opener.start(OPENS[comm]!, { comm, through });
  return {
    alpha: await as("alpha", ["setpriv", `--reuid=${UID}`, "--clear-groups"]),
    beta: await as("beta", ["bash", "-c", '"$@"; exit', "parent"]),
    gamma: await as("gamma", []),
  };
}

/** The rows of each run of a tool, all of them alongside the same processes. */
async function watch(
  tool: string,
  filtersOf: (processes: Processes) => readonly (readonly string[])[],
): Promise<readonly Row[][]> {
  const processes = await start();
  const runs = filtersOf(processes).map((filters) =>
    new RunningKtop([tool, "--json", "-i", "0.2", ...filters])
  );
  for (const run of runs) await run.tick();
  for (const process of Object.values(processes)) await process.run();
  return await Promise.all(runs.map(async (run) => {
    const { ticks, stderr } = await run.finish();
    assert.match(stderr, /^(ktop: process \d+ has ended\n)?$/);
    return [...rowsOf(ticks)];
  }));
}

/** The names of the processes whose opens each run counted; fails where a count is not exact. */
async function seenWith(
  filtersOf: (processes: Processes) => readonly (readonly string[])[],
): Promise<string[][]> {
  const found = await watch("opensnoop", filtersOf);
  return found.map((rows) => {
    const counts = countRows(rows.filter(({ path }) => path === OPENED), ({ comm }) => String(comm));
    const names = Object.keys(OPENS).filter((name) => counts[name] !== undefined);
    for (const name of names) assert.equal(counts[name], OPENS[name], name);
    return names;
  });
}

Deno.test("--user, --ppid, --pid and --comm select processes", async () => {
  const seen = await seenWith(({ beta, gamma }) => [
    ["--user", String(UID)],
    ["--ppid", String(beta.startedPid)],
    ["--pid", String(gamma.pid)],
    ["--comm", "beta", "--user", "root"],
  ]);
  assert.deepEqual(seen, [["alpha"], ["beta"], ["gamma"], ["beta"]]);
});

Deno.test("a leading ! excludes processes", async () => {
  const seen = await seenWith(({ alpha, beta }) => [
    ["--user", `!${UID}`],
    ["--ppid", `!${beta.startedPid}`],
    ["--pid", `!${alpha.pid}`],
    ["--comm", "!beta", "--user", "!root"],
  ]);
  assert.deepEqual(seen, [["beta", "gamma"], ["alpha", "gamma"], ["beta", "gamma"], ["alpha"]]);
});

Deno.test("vfsstat --user and --ppid count the calls of the processes, and no others", async () => {
  const found = await watch("vfsstat", ({ beta }) => [
    ["--user", String(UID)],
    ["--ppid", String(beta.startedPid)],
    ["--user", String(UID), "--ppid", String(beta.startedPid)],
  ]);
  assert.deepEqual(found.map((rows) => sumColumn(rows, "open")), [OPENS.alpha, OPENS.beta, 0]);
});

Deno.test("ktop refuses filters that cannot match", async () => {
  const none = String(2 ** 22 - 1);
  for (
    const [args, code, message] of [
      [["vfsstat", "--user", "no-such-user"], 2, /^ktop: There is no user no-such-user\./],
      [["vfsstat", "--user", "!no-such-user"], 2, /^ktop: There is no user no-such-user\./],
      [["vfsstat", "--ppid", "!x"], 2, /whole number/],
      [["vfsstat", "--comm", "!"], 2, /--comm takes 1 to 15 bytes/],
      [["vfsstat", "--ppid", none], 1, new RegExp(`^ktop: There is no process ${none}\\.\n$`)],
      [["vfsstat", "--pid", `!${none}`], 1, new RegExp(`^ktop: There is no process ${none}\\.\n$`)],
      [["opensnoop", "--user", "root", "-u", "0"], 2, /^ktop: --uid and --user exclude each other\.\n$/],
      [["mountsnoop", "--ppid", "1", "-P", "1"], 2, /^ktop: --parent-pid and --ppid exclude each other\.\n$/],
    ] as const
  ) {
    const run = await ktop([...args]);
    assert.deepEqual({ args, code: run.code, stdout: run.stdout }, { args, code, stdout: "" });
    assert.match(run.stderr, message);
  }
});
