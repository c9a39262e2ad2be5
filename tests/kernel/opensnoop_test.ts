/**
 * opensnoop against opens of known numbers (tests/workloads/opens.c), on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows, type JsonTick, RunningKtop } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";

const byPath = ({ path, err }: JsonTick["rows"][number]): string =>
  `${String(path).replace(/^\/tmp\/ktop-lab-opens-\d+/, "DIR")} ${err}`;

Deno.test("opensnoop reports every open call with its path and result", async () => {
  const { ticks, pid } = await watchWorkload(["opens"], ["opensnoop"]);
  assert.deepEqual(countRows(ticks, byPath), {
    "file 0": 11 + 13 + 7,
    "new 0": 5,
    "made 0": 3,
    "inner 0": 17,
    "../up 0": 2,
    "absent 2": 19 + 23,
    "null 14": 29,
    "thread 0": 31,
  });
  for (const row of ticks.flatMap(({ rows }) => rows)) {
    assert.deepEqual([row.pid, row.uid, row.comm], [pid, 0, "opens"]);
    assert.equal(row.tid === pid, row.path !== "thread");
    assert.equal(row.fd === -1, row.err !== 0);
  }
});

Deno.test("opensnoop -F puts the directory before relative paths, across mounts", async () => {
  const { ticks } = await watchWorkload(["opens"], ["opensnoop", "-F", "-x"]);
  assert.deepEqual(countRows(ticks, byPath), {
    "DIR/absent 2": 19,
    "DIR/mnt/deep/er/absent 2": 23,
    "null 14": 29,
  });
});

Deno.test("opensnoop -f chooses by flags, and shows them with the mode", async () => {
  const { ticks } = await watchWorkload(["opens"], ["opensnoop", "-f", "O_RDWR,O_CREAT"]);
  assert.deepEqual(countRows(ticks, ({ path, flags, mode }) => `${path} ${flags} ${mode}`), {
    "file 00000002 null": 7,
    "new 00001101 0640": 5,
    "made 00000302 0600": 3,
  });
});

Deno.test("opensnoop -n and -u leave out what they do not name", async () => {
  const count = async (...args: string[]): Promise<number> =>
    (await watchWorkload(["opens"], ["opensnoop", ...args])).ticks.flatMap(({ rows }) => rows).length;
  assert.equal(await count("-n", "pen", "-x"), 19 + 23 + 29);
  assert.equal(await count("-n", "nobody"), 0);
  assert.equal(await count("-u", "12345"), 0);
  assert.equal(await count("-t", "1"), 0);
});

Deno.test("opensnoop counts every open of a flood as received or lost", async () => {
  const made = 200_003;
  const work = await Workload.start("flood", [String(made)]);
  const ktop = new RunningKtop(["opensnoop", "--json", "-i", "1", "-p", String(work.pid)]);
  await ktop.tick();
  await work.run();
  const { ticks, code } = await ktop.finish();
  const received = ticks.flatMap(({ rows }) => rows).length;
  const lost = ticks.reduce((total, tick) => total + tick.lost.events, 0);
  assert.deepEqual([received + lost, code], [made, 0]);
});
