/**
 * opensnoop against opens.c and flood.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { countRows, type Counts, losses, type Row, rowsOf, total } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import * as opens from "../workloads/opens.ts";

Deno.test("opensnoop reports each open with its path and result", async () => {
  const { rows, pid } = await watchWorkload(["opens"], ["opensnoop"]);
  assert.deepEqual(countRows(rows, opens.pathErrno), opens.calls);
  for (const row of rows) {
    assert.deepEqual([row.pid, row.uid, row.uid_name, row.comm], [pid, 0, "root", "opens"]);
    assert.equal(row.tid === pid, row.path !== "thread");
    assert.equal(row.fd === -1, row.err !== 0);
  }
});

Deno.test("opensnoop -F reports full paths, across mounts, and -x only failed opens", async () => {
  const { rows } = await watchWorkload(["opens"], ["opensnoop", "-F", "-x"]);
  assert.deepEqual(countRows(rows, opens.pathErrno), opens.failedCallsByFullPath);
});

Deno.test("opensnoop -f reports only opens with any of the flags, and their flags and mode", async () => {
  const { rows } = await watchWorkload(["opens"], ["opensnoop", "-f", "O_RDWR,O_CREAT"]);
  assert.deepEqual(countRows(rows, opens.pathFlagsMode), opens.callsWithFlags);
});

Deno.test("opensnoop -p reports nothing of a later process with the same id", async () => {
  const work = await Workload.start("pids");
  const first = Deno.readTextFileSync(`/proc/${work.pid}/task/${work.pid}/children`).trim();
  const ktop = new RunningKtop(["opensnoop", "--json", "-i", "0.1", "-p", first]);
  await ktop.tick();
  await work.run();
  const { ticks } = await ktop.finish();
  assert.equal(rowsOf(ticks).filter(({ path }) => path === "absent").length, 13);
});

Deno.test("opensnoop names flags and modes as strace does", async () => {
  await using directory = await TemporaryDirectory.make();
  const log = `${directory.path}/log`;
  const ktop = new RunningKtop(["opensnoop", "--json", "-i", "0.1", "--comm", "dd"]);
  await ktop.tick();
  for (const flags of ["append,dsync,nofollow", "sync,nonblock,noatime"]) {
    const { success } = await new Deno.Command("strace", {
      args: [
        "-A",
        "-o",
        log,
        "-e",
        "trace=open,openat",
        "dd",
        "if=/dev/null",
        `of=${log}.${flags}`,
        `oflag=${flags}`,
      ],
      stderr: "null",
    }).output();
    assert.ok(success);
  }
  const { ticks } = await ktop.finish();
  const sorted = (flags: string): string => flags.split("|").toSorted().join("|");
  const traced = [...Deno.readTextFileSync(log).matchAll(/", ([A-Z_|]+)(?:, (0\d+))?\) = \d/g)];
  assert.deepEqual(
    rowsOf(ticks).filter(({ err }) => err === 0).map((row) => [sorted(String(row.flags_name)), row.mode]),
    traced.map(([, flags = "", mode = null]) => [sorted(flags), mode]),
  );
  const { mode_name } = rowsOf(ticks).find(({ mode }) => mode !== null)!;
  assert.equal(mode_name, "rw-rw-rw-");
});

Deno.test("opensnoop -n, -u and -t report only that name, user and thread", async () => {
  const count = async (...args: string[]): Promise<number> =>
    (await watchWorkload(["opens"], ["opensnoop", ...args])).rows.length;
  assert.equal(await count("-n", "pen", "-x"), total(opens.failedCalls));
  assert.equal(await count("-n", "no-such-name"), 0);
  assert.equal(await count("-u", "12345"), 0);
  const work = await Workload.start("opens");
  const other = new RunningKtop(["opensnoop", "--json", "-i", "0.2", "-t", String(Deno.pid)]);
  await other.tick();
  await work.run();
  assert.ok(rowsOf((await other.finish()).ticks).every(({ tid }) => tid === Deno.pid));
});

Deno.test("opensnoop --by counts the opens of each program, path, error and thread", async () => {
  const groups = ["comm", "path", "err", "pid"];
  const runs = await watchTogether(["opens"], groups.map((by) => ["opensnoop", "--by", by]));
  const counts = (i: number, nameOf: (row: Row) => string): Counts => {
    const sums: Record<string, number> = {};
    for (const row of runs[i]!.rows) {
      sums[nameOf(row)] = (sums[nameOf(row)] ?? 0) + Number(row.events);
    }
    return sums;
  };
  const made = Object.entries(opens.calls);
  const expected = (nameOf: (key: string) => string): Counts =>
    made.reduce<Record<string, number>>((sums, [key, count]) => {
      sums[nameOf(key)] = (sums[nameOf(key)] ?? 0) + count;
      return sums;
    }, {});
  const split = (key: string): number => key.lastIndexOf(" ");
  assert.deepEqual(counts(0, ({ comm }) => String(comm)), { opens: total(opens.calls) });
  assert.deepEqual(
    counts(1, (row) => opens.pathErrno(row).slice(0, -" undefined".length)),
    expected((key) => key.slice(0, split(key))),
  );
  assert.deepEqual(counts(2, ({ err }) => String(err)), expected((key) => key.slice(split(key) + 1)));
  assert.deepEqual(counts(3, ({ pid, comm }) => `${pid} ${comm}`), {
    [`${runs[3]!.pid} opens`]: total(opens.calls),
  });
  for (const { ticks } of runs) {
    for (const { interval_s, rows } of ticks) {
      for (const { events, events_per_s } of rows) {
        // interval_s is rounded to microseconds.
        const [least, most] = [interval_s + 1e-6, interval_s - 1e-6].map((length) => Number(events) / length);
        const rate = Number(events_per_s);
        assert.ok(rate > least! - 0.01 && rate < most! + 0.01, `${events} in ${interval_s} s are ${rate}/s`);
      }
    }
  }
});

Deno.test("opensnoop counts each open of a flood as received or lost", async () => {
  const made = 200_003;
  const work = await Workload.start("flood", [String(made)]);
  const ktop = new RunningKtop(["opensnoop", "--json", "-i", "1", "-p", String(work.pid)]);
  await ktop.tick();
  await work.run();
  const { ticks, code } = await ktop.finish();
  assert.deepEqual([rowsOf(ticks).length + losses(ticks).events, code], [made, 0]);
});
