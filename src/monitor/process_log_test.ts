import assert from "node:assert/strict";
import { makeTick, type Row, type Tick } from "../model/mod.ts";
import { PROCESS_LIMITS, ProcessLog } from "./process_log.ts";

const tickOf = (rows: readonly Row[]): Tick =>
  makeTick({ name: "execsnoop" }, { time: 5000, intervalS: 1, tier: "tracepoint" }, { rows });
/** Ids above the largest that the kernel can have: no such process exists. */
const executed = (number: number, args = "/bin/true -x"): Row => ({
  time: "2026-11-20T18:00:00.000Z",
  pid: 5_000_000 + number,
  comm: "true",
  args,
  ppid: 42,
  parent_comm: "make",
  uid: 7,
  uid_name: "lp",
  ret: 0,
});

Deno.test("ProcessLog.follow() describes a process that has already ended from its row of execsnoop", async () => {
  const log = new ProcessLog();
  await log.follow([tickOf([executed(1), { ...executed(2), ret: -2 }, { ...executed(3), args: null }])]);
  assert.deepEqual(log.find(5_000_001)?.details, {
    pid: 5_000_001,
    comm: "true",
    command: "/bin/true -x",
    parent: { pid: 42, comm: "make" },
    cgroup: "",
    uid: 7,
    user: "lp",
    startedMs: null,
  });
  assert.deepEqual([log.find(5_000_002), log.find(5_000_003)], [null, null]);
  log.clear();
  assert.equal(log.find(5_000_001), null);
});

Deno.test("ProcessLog.follow() does not look for a process whose end is in its row: its id may be another one's", async () => {
  /** When the process ended: at the end of the tick; for one that is looked for in /proc later, or unknown. */
  const endedMs = async (end: Row): Promise<number | null> => {
    const log = new ProcessLog();
    await log.follow([tickOf([{ ...executed(1), ...end }])]);
    const { details, endedMs } = log.find(5_000_001)!;
    assert.equal(details.command, "/bin/true -x");
    return endedMs;
  };
  assert.equal(await endedMs({ exit: "0", exit_code: 0, signal: null }), 5000);
  assert.equal(await endedMs({ exit: "SIGKILL", exit_code: null, signal: 9 }), 5000);
  assert.notEqual(await endedMs({ exit: "exec", exit_code: null, signal: null }), 5000);
});

Deno.test("ProcessLog.follow() reads the newest rows only, and keeps a bounded number of processes and bytes", async () => {
  const log = new ProcessLog();
  await log.follow([tickOf(Array.from({ length: 200 }, (_, i) => executed(i)))]);
  const first = 200 - PROCESS_LIMITS.rows;
  assert.equal(log.find(5_000_000 + first - 1), null);
  assert.ok(log.find(5_000_000 + first) && log.find(5_000_199));
  for (let i = 0; i < PROCESS_LIMITS.processes; i++) await log.follow([tickOf([executed(1000 + i)])]);
  assert.equal(log.find(5_000_199), null);
  assert.ok(log.find(5_001_000) && log.find(5_000_999 + PROCESS_LIMITS.processes));
  const long = "x".repeat(100_000);
  for (let i = 0; i < 200; i++) await log.follow([tickOf([executed(9000 + i, long)])]);
  assert.equal(log.find(5_009_199)?.details.command.length, PROCESS_LIMITS.command);
  const kept = Math.floor(PROCESS_LIMITS.bytes / (2 * PROCESS_LIMITS.command + 400));
  assert.ok(log.find(5_009_200 - kept) && !log.find(5_009_199 - kept));
});
