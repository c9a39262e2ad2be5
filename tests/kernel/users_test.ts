/**
 * The user in the rows of each tool, beside processes of two users and one that changes its user.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withLoopDevice } from "../support/devices.ts";
import { RUN_KTOP, RunningKtop } from "../support/ktop.ts";
import { shellCommand } from "../support/shell.ts";
import { countRows, type Counts, type Row, rowsOf } from "../support/ticks.ts";
import { Tmux } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { COMM, CONNECTS, DIRECT_READS, EXECS, OPENS, WRITE_BYTES, WRITES } from "../workloads/users.ts";

const ROWS = ["--json", "-i", "0.2", "--comm", COMM];

const userOf = ({ uid, user }: Row): string => `${uid} ${user}`;

const byUser = (rows: readonly Row[], passes: (row: Row) => boolean = () => true): Counts =>
  countRows(rows.filter(passes), userOf);

/** The sums of a column by user. */
function sums(rows: readonly Row[], key: string): Counts {
  const found: Record<string, number> = {};
  for (const row of rows) found[userOf(row)] = (found[userOf(row)] ?? 0) + Number(row[key]);
  return found;
}

/** The rows of each run of ktop alongside the workload. */
async function watch(...runs: readonly (readonly string[])[]): Promise<(readonly Row[])[]> {
  let rows: (readonly Row[])[] = [];
  await withLoopDevice(async (device) => {
    const work = await Workload.start("users", [device]);
    const running = runs.map((args) => new RunningKtop([...args]));
    for (const run of running) await run.tick();
    await work.run();
    rows = (await Promise.all(running.map((run) => run.finish()))).map(({ ticks }) => rowsOf(ticks));
  });
  return rows;
}

Deno.test("opensnoop and execsnoop count the calls of each user, also of a process that changes its user", async () => {
  const [opens, execs, grouped] = await watch(
    ["opensnoop", ...ROWS],
    ["execsnoop", "--json", "-i", "0.2", "-l", `^/proc/self/exe ${COMM}$`],
    ["opensnoop", ...ROWS, "--by", "user"],
  );
  assert.deepEqual(byUser(opens!, ({ path }) => path === "file"), OPENS);
  assert.deepEqual(byUser(execs!), EXECS);
  const named = Object.fromEntries(Object.keys(OPENS).map((name) => [name.split(" ")[1]!, 0]));
  for (const row of grouped!) named[String(row.user)]! += Number(row.events);
  const all = Object.entries(byUser(opens!)).map(([name, count]) => [name.split(" ")[1]!, count]);
  assert.deepEqual(named, Object.fromEntries(all));
});

Deno.test("filetop, biosnoop and biotop count the I/O of each user", async () => {
  const [files, requests, disks] = await watch(
    ["filetop", ...ROWS],
    ["biosnoop", ...ROWS],
    ["biotop", ...ROWS],
  );
  const written = files!.filter(({ file }) => file === "file");
  assert.deepEqual(sums(written, "writes"), WRITES);
  const bytes = Object.entries(WRITES).map(([name, writes]) => [name, writes * WRITE_BYTES]);
  assert.deepEqual(sums(written, "write_bytes"), Object.fromEntries(bytes));
  const ofLoop = (rows: readonly Row[]) => rows.filter(({ disk }) => String(disk).startsWith("loop"));
  assert.deepEqual(byUser(ofLoop(requests!)), DIRECT_READS);
  assert.deepEqual(sums(ofLoop(disks!), "ios"), DIRECT_READS);
});

Deno.test("tcpconnect counts the connects of each user; profile, offcputime and runqlat have rows of both", async () => {
  const [connects, ...others] = await watch(
    ["tcpconnect", ...ROWS],
    ["profile", ...ROWS],
    ["offcputime", ...ROWS],
    ["runqlat", "-P", ...ROWS],
    ["runqslower", "0", ...ROWS],
    ["syscount", "-P", ...ROWS],
  );
  assert.deepEqual(byUser(connects!), CONNECTS);
  for (const rows of others) {
    const users = new Set(rows.filter(({ pid }) => pid !== null).map(userOf));
    for (const user of Object.keys(CONNECTS)) assert.ok(users.has(user), user);
    users.delete("0 root");
    assert.equal(users.size, Object.keys(CONNECTS).length);
  }
});

Deno.test("b groups a pane by user, and p narrows the panes to one", async () => {
  const script = "while :; do : < /etc/hostname; sleep 0.1; done";
  const start = (user: string) =>
    new Deno.Command("setpriv", {
      args: [`--reuid=${user}`, "--clear-groups", "bash", "-c", `printf ${COMM} > /proc/$$/comm; ${script}`],
    }).spawn();
  const processes = ["65534", "54321"].map(start);
  try {
    const words = [
      Deno.execPath(),
      ...RUN_KTOP,
      "--no-config",
      "--panes",
      "opensnoop,vfsstat",
      "--comm",
      COMM,
    ];
    await using tmux = await Tmux.start(120, 40, `exec ${shellCommand(words)}`);
    await tmux.shows(/\/etc\/hostname/);
    await tmux.keys("b");
    await tmux.shows(/by COMM/);
    await tmux.keys("b");
    await tmux.shows(/Group by/);
    await tmux.keys("Down", "Down", "Down", "Enter");
    await tmux.shows(/by USER[^]*▸[^\n]* (nobody|54321)[^]*▸[^\n]* (nobody|54321)/);
    await tmux.keys("p");
    await tmux.shows(/ user (nobody|54321)[^]*\/etc\/hostname/);
  } finally {
    for (const process of processes) {
      process.kill("SIGKILL");
      await process.status;
    }
  }
});
