/**
 * The programs on sys_enter and sys_exit that tools share.
 *
 * @module
 */
import assert from "node:assert/strict";
import { sharedPrograms } from "../../src/bpf/mod.ts";
import type { Row } from "../../src/model/mod.ts";
import { RunTimeStats } from "../../src/bpf/mod.ts";
import { Runner } from "../../src/monitor/mod.ts";
import { opensnoop } from "../../src/tools/opensnoop/mod.ts";
import { statsnoop } from "../../src/tools/statsnoop/mod.ts";
import { mountsnoop } from "../../src/tools/mountsnoop/mod.ts";
import { vfsstat } from "../../src/tools/vfsstat/mod.ts";
import type { Tool } from "../../src/tools/mod.ts";
import { countRows } from "../support/ticks.ts";
import { Workload } from "../support/workload.ts";
import "./bpf_fixture.ts";
import * as calls from "../workloads/calls.ts";
import * as opens from "../workloads/opens.ts";
import * as stats from "../workloads/stats.ts";

const LIMITS = { ringBytes: 4 * 1024 * 1024, queue: { bytes: 16 * 1024 * 1024 } };

const open = <S>(tool: Tool<S>, pid?: number): Promise<Runner<S>> =>
  Runner.open(tool, { filters: { self: true, pid }, flags: {} }, LIMITS);

/** The tools on each shared tracepoint. */
const sharing = (): Record<string, readonly string[]> =>
  Object.fromEntries(sharedPrograms().map(({ section, tools }) => [section, tools]));

/** Numbers of arch/x86/entry/syscalls/syscall_64.tbl. */
const GETPPID = 110, OPENAT = 257, STATX = 332;

/** The system calls of which the tools' programs on sys_exit are informed. */
const passedOn = (): readonly number[] =>
  sharedPrograms().find(({ section }) => section === "tp_btf/sys_exit")!.calls;

const rowsOf = (runner: { tick(): { rows: readonly Row[] } }): Row[] => [...runner.tick().rows];

Deno.test("tools share one program on each system-call tracepoint, also when others leave the list", async () => {
  const workload = await Workload.start("opens");
  // One after the other: mountsnoop is in the middle of the list when it leaves, statsnoop at its head.
  const opened = await open(opensnoop, workload.pid);
  const middle = await open(mountsnoop);
  const counted = await open(vfsstat, workload.pid);
  const head = await open(statsnoop);
  try {
    assert.deepEqual(sharing()["tp_btf/sys_enter"], ["vfsstat"]);
    assert.deepEqual(sharing()["tp_btf/sys_exit"]!.toSorted(), [
      "mountsnoop",
      "opensnoop",
      "statsnoop",
      "vfsstat",
    ]);
    assert.ok(passedOn().includes(STATX));
    middle.close();
    head.close();
    assert.ok(!passedOn().includes(STATX));
    await workload.run();
    assert.deepEqual(countRows(rowsOf(opened), opens.pathErrno), opens.calls);
    const [row] = rowsOf(counted);
    assert.equal(row?.open, 11 + 13 + 7 + 5 + 3 + 17 + 2 + 37 + 31);
    opened.close();
    assert.deepEqual(sharing(), { "tp_btf/sys_exit": ["vfsstat"], "tp_btf/sys_enter": ["vfsstat"] });
  } finally {
    for (const runner of [opened, middle, counted, head]) runner.close();
  }
  assert.deepEqual(sharing(), {});
});

Deno.test("a tool that is attached while others run counts exactly, and so do they", async () => {
  const first = await Workload.start("calls"), second = await Workload.start("stats");
  const counted = await open(vfsstat, first.pid);
  const stated = await open(statsnoop, second.pid);
  try {
    await Promise.all([first.run(), second.run()]);
    const [row] = rowsOf(counted);
    for (const [kind, count] of Object.entries(calls.kinds)) assert.equal(row?.[kind], count, kind);
    assert.deepEqual(countRows(rowsOf(stated), stats.syscallPathErrno), stats.calls);
  } finally {
    counted.close();
    stated.close();
  }
});

Deno.test("a system call that no tool reports runs the shared programs once each", async () => {
  using _statistics = new RunTimeStats();
  const workload = await Workload.start("getppid");
  const runner = await open(opensnoop);
  try {
    assert.deepEqual(sharing(), { "tp_btf/sys_exit": ["opensnoop"] });
    assert.deepEqual([OPENAT, GETPPID].map((number) => passedOn().includes(number)), [true, false]);
    const before = sharedPrograms()[0]!.runs;
    await workload.run();
    assert.ok(sharedPrograms()[0]!.runs - before >= 1_000_003n);
    assert.deepEqual(runner.programCounts(), []);
  } finally {
    runner.close();
  }
});
