/**
 * The monitor on this kernel: narrowing to one process, attaching and detaching tools, flags.
 *
 * @module
 */
import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import type { Row, ToolModel } from "../../src/model/mod.ts";
import { modelAt, Monitor, narrowTools, type ToolRequest } from "../../src/monitor/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { Workload } from "../support/workload.ts";
import * as io from "../workloads/io.ts";
import { attached, openPrograms, request, REQUESTS, rowsOf, toolOf } from "./monitor_fixture.ts";

Deno.test("Monitor.setPivot() restricts every tool to one process, in the kernel, until it is set to null", async () => {
  using monitor = await attached("filetop", "vfsstat");
  const [mine, other] = [await Workload.start("io"), await Workload.start("io")];
  await monitor.setPivot(mine.pid);
  assert.deepEqual(monitor.model().pivot, { pid: mine.pid, comm: "io", state: "narrowed" });
  await Promise.all([mine.run(), other.run()]);
  await monitor.tick();
  const rows = rowsOf(monitor, "filetop");
  assert.deepEqual([...new Set(rows.map(({ pid }) => pid))], [mine.pid]);
  const writes = (file: string): number =>
    rows.filter((row) => row["file"] === file).reduce((sum, row) => sum + Number(row["writes"]), 0);
  assert.equal(writes("rw.dat"), io.files["rw.dat"].writes);
  const narrowed = Number(rowsOf(monitor, "vfsstat")[0]?.["write"]);
  assert.equal(monitor.model().pivot?.state, "ended");

  const [third, fourth] = [await Workload.start("io"), await Workload.start("io")];
  await monitor.setPivot(null);
  assert.equal(monitor.model().pivot, null);
  await Promise.all([third.run(), fourth.run()]);
  await monitor.tick();
  const pids = new Set(rowsOf(monitor, "filetop").map(({ pid }) => pid));
  assert.ok(pids.has(third.pid) && pids.has(fourth.pid));
  assert.ok(Number(rowsOf(monitor, "vfsstat")[0]?.["write"]) >= 2 * narrowed);
  assert.ok(narrowed >= io.files["rw.dat"].writes);
});

Deno.test("Monitor.setPivot() reports a process that has ended as gone, and finds the process of a thread", async () => {
  using monitor = await attached("vfsstat");
  const work = await Workload.start("io");
  await work.run();
  await monitor.setPivot(work.pid);
  assert.equal(monitor.model().pivot?.state, "gone");
  assert.equal(toolOf(monitor, "vfsstat").state.kind, "running");
  const thread = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => Number(name)).find((id) =>
    id !== Deno.pid
  );
  await monitor.setPivot(thread!);
  assert.equal(monitor.model().pivot?.pid, Deno.pid);
});

Deno.test("Monitor.setTools() attaches the new tool, detaches the replaced one, and keeps the others running", async () => {
  {
    using monitor = await attached("filetop", "vfsstat");
    await monitor.tick();
    const { series } = toolOf(monitor, "vfsstat");
    const lengths = [...series.values()].map((values) => values.length);
    const changed = monitor.setTools(["opensnoop", "vfsstat"]);
    assert.deepEqual(monitor.model().tools.map(({ state }) => state.kind), ["attaching", "running"]);
    await changed;
    assert.equal(toolOf(monitor, "opensnoop").state.kind, "running");
    await monitor.tick();
    const after = [...toolOf(monitor, "vfsstat").series.values()].map((values) => values.length);
    assert.deepEqual(after, lengths.map((length) => length + 1));
    const both = openPrograms();
    await monitor.setTools(["vfsstat"]);
    assert.ok(openPrograms() < both);
  }
  assert.equal(openPrograms(), 0);
});

Deno.test("Monitor.setTools() replaces tools that cannot run by the next spare that can, and reports it", async () => {
  const refusing = (name: string): ToolRequest => {
    const { tool, options } = request("vfsstat");
    const configure = (): never => {
      throw new UnsupportedError("CONFIG_NONE", "not in this kernel");
    };
    return { tool: { ...tool, name, configure }, options };
  };
  const offers = [...REQUESTS, refusing("first"), refusing("second"), refusing("third")];
  const monitor = new Monitor([request("vfsstat")], 3600, offers);
  try {
    await monitor.attach();
    const shown = (): string[] => monitor.model().tools.map(({ tool }) => tool.name);
    await monitor.setTools(["first", "vfsstat", "second"], ["third", "vfsstat", "opensnoop", "statsnoop"]);
    assert.deepEqual(shown(), ["opensnoop", "vfsstat", "statsnoop"]);
    assert.ok(monitor.model().tools.every(({ state }) => state.kind === "running"));
    const replacements = [{ tool: "first", by: "opensnoop" }, { tool: "second", by: "statsnoop" }];
    assert.deepEqual(monitor.model().replacements, replacements);
    await monitor.setTools(["third"], []);
    assert.deepEqual([shown(), monitor.model().replacements], [["third"], []]);
    await monitor.setTools(["third"], ["opensnoop"]);
    assert.deepEqual(shown(), ["opensnoop"], "a pane that could not run before yields too");
    await monitor.setTools(["first", "opensnoop"]);
    assert.deepEqual(shown(), ["first", "opensnoop"], "a tool that is asked for stays");
  } finally {
    monitor.close();
  }
});

Deno.test("Monitor leaves nothing attached when tools change faster than they attach", async () => {
  const monitor = await attached("vfsstat");
  monitor.setTools(["filetop", "vfsstat"]);
  monitor.setPivot(Deno.pid);
  monitor.setTools(["opensnoop"]);
  monitor.setPivot(null);
  await monitor.setTools(["opensnoop", "runqslower"]);
  assert.deepEqual(monitor.model().tools.map(({ tool, state }) => [tool.name, state.kind]), [
    ["opensnoop", "running"],
    ["runqslower", "running"],
  ]);
  const last = monitor.setTools(["filetop"]);
  monitor.close();
  await last;
  assert.equal(openPrograms(), 0);
});

/** Ids of the processes in rows that the screen shows at a time when it is narrowed to a process; null: to none. */
function pidsAt(monitor: Monitor, time: number, pid: number | null): Set<unknown> {
  const { tools } = modelAt(monitor.model(), time);
  const [filetop] = pid === null ? tools : narrowTools(tools, pid);
  return new Set(filetop!.tick?.rows.map((row) => row.pid));
}

const counted = ({ histograms }: ToolModel): number =>
  histograms.reduce((sum, { slots }) => slots.reduce((more, count) => more + count, sum), 0);

Deno.test("Monitor.setPivot() keeps the past of all processes, and sums histograms again", async () => {
  using monitor = await attached("filetop", "opensnoop", "runqlat");
  const first = await Workload.start("io");
  const second = await Workload.start("io");
  const third = await Workload.start("io");
  await Promise.all([first.run(), second.run()]);
  await monitor.tick();
  const all = monitor.model();
  const sums = counted(toolOf(monitor, "runqlat"));
  assert.ok(sums > 0);
  await monitor.setPivot(third.pid);
  await third.run();
  await monitor.tick();
  const { time } = monitor.model();
  assert.deepEqual(toolOf(monitor, "filetop").times.length, 2);
  assert.ok(toolOf(monitor, "opensnoop").events.some(({ pid }) => pid !== third.pid));
  assert.ok(counted(toolOf(monitor, "runqlat")) < sums);
  for (const pid of [null, first.pid]) {
    await monitor.setPivot(pid);
    const then = pidsAt(monitor, all.time, null);
    assert.ok(then.has(first.pid) && then.has(second.pid) && !then.has(third.pid));
    assert.deepEqual(pidsAt(monitor, all.time, second.pid), new Set([second.pid]));
    assert.deepEqual(pidsAt(monitor, time, null), new Set([third.pid]));
    const { tools, pivot } = modelAt(monitor.model(), all.time);
    assert.deepEqual([counted(tools[2]!), pivot], [sums, null]);
    assert.equal(modelAt(monitor.model(), time).pivot?.pid, third.pid);
  }
  assert.equal(monitor.model().pivot?.state, "gone");
});

Deno.test("Monitor.setTools() continues the past of a tool that was shown before, until it is cleared", async () => {
  using monitor = await attached("vfsstat");
  await monitor.tick();
  const { times } = toolOf(monitor, "vfsstat");
  await monitor.setTools(["opensnoop"]);
  await monitor.tick();
  await monitor.setTools(["vfsstat"]);
  await monitor.tick();
  assert.deepEqual(toolOf(monitor, "vfsstat").times.slice(0, -1), times);
  assert.equal(modelAt(monitor.model(), times[0]!).tools[0]?.tick?.time, times[0]);
  await monitor.setTools(["opensnoop"]);
  monitor.clear();
  await monitor.setTools(["vfsstat"]);
  assert.deepEqual(toolOf(monitor, "vfsstat").times, []);
});

Deno.test("the seconds of a tool that is shown again, narrowed or has new flags continue from its first start", async () => {
  using monitor = await attached("execsnoop");
  const changes: (() => Promise<unknown>)[] = [
    () => monitor.setTools(["vfsstat"]).then(() => monitor.setTools(["execsnoop"])),
    () => monitor.setPivot(Deno.pid).then(() => monitor.setPivot(null)),
    () => monitor.setFlags("execsnoop", { "max-args": 5 }),
    () => Promise.resolve(monitor.clear()),
  ];
  /** Wall clock at second 0, milliseconds, from both times of a row. */
  const zero = async (): Promise<number> => {
    await new Deno.Command("/bin/true").output();
    await monitor.tick();
    const row = rowsOf(monitor, "execsnoop").findLast(({ comm }) => comm === "true");
    return Date.parse(String(row?.["time"])) - Number(row?.["time_s"]) * 1000;
  };
  const first = await zero();
  for (const change of changes) {
    await change();
    assert.ok(Math.abs(await zero() - first) < 20, String(change));
  }
});

Deno.test("Monitor.listTools() reports the tier of each tool, or why it cannot run", async () => {
  using monitor = await attached("vfsstat");
  assert.ok(monitor.model().offers?.every(({ tier }) => tier === undefined));
  await monitor.listTools();
  const offers = monitor.model().offers!;
  assert.equal(offers.length, TOOLS.length);
  for (const { name, tier, reason } of offers) assert.equal(tier === null, reason !== "", name);
  assert.ok(offers.find(({ name }) => name === "vfsstat")?.tier);
});

/** Opens a file that is there and one that is not, from another process; the rows of the tick after it. */
async function opensOf(monitor: Monitor): Promise<readonly Row[]> {
  await new Deno.Command("cat", {
    args: ["/etc/hostname", "/missing-ktop-test"],
    stdout: "null",
    stderr: "null",
  })
    .output();
  await monitor.tick();
  return rowsOf(monitor, "opensnoop").filter(({ comm, path }) =>
    comm === "cat" && ["/etc/hostname", "/missing-ktop-test"].includes(String(path))
  );
}

Deno.test("Monitor.setFlags() re-attaches with other flags, and keeps the history with the flags of each tick", async () => {
  const { tool } = request("opensnoop");
  const monitor = new Monitor(
    [{ tool, options: { filters: { self: false, comm: "cat" }, flags: {} } }],
    3600,
  );
  using _ = { [Symbol.dispose]: () => monitor.close() };
  await monitor.attach();
  assert.equal((await opensOf(monitor)).length, 2);
  const { time } = monitor.model();
  await monitor.setFlags("opensnoop", { failed: true });
  const { state, flags, tickCount, events } = toolOf(monitor, "opensnoop");
  assert.equal(state.kind, "running");
  assert.deepEqual(flags, { failed: true });
  assert.equal(tickCount, 1);
  assert.ok(events.some(({ path }) => path === "/etc/hostname"));
  assert.deepEqual(monitor.model().notice, {
    text: "opensnoop re-attaches with new flags; its history is kept",
    kind: "info",
  });
  assert.deepEqual((await opensOf(monitor)).map(({ path }) => path), ["/missing-ktop-test"]);
  assert.deepEqual(modelAt(monitor.model(), time).tools[0]?.flags, {});
});

Deno.test("Monitor.setFlags() changes nothing when the tool refuses the flags", async () => {
  using monitor = await attached("filetop", "execsnoop");
  const before = toolOf(monitor, "filetop").flags;
  await monitor.setFlags("filetop", { ...before, directory: "/missing-ktop-test" });
  assert.match(monitor.model().notice?.text ?? "", /^Cannot set the flags of filetop: .*\/missing-ktop-test/);
  assert.deepEqual(toolOf(monitor, "filetop").flags, before);
  assert.equal(toolOf(monitor, "filetop").state.kind, "running");
  await monitor.setFlags("execsnoop", { name: "(" });
  assert.match(
    monitor.model().notice?.text ?? "",
    /^Cannot set the flags of execsnoop: "\(" is not a regular expression/,
  );
});
