/**
 * The monitor on this kernel: narrowing to one process, attaching and detaching tools, process details.
 *
 * @module
 */
import assert from "node:assert/strict";
import { probeFeatures } from "../../src/bpf/mod.ts";
import { defaultToolOptions } from "../../src/cli/options.ts";
import { type CountedRows, makeTick, type Row, type ToolModel } from "../../src/model/mod.ts";
import { modelAt, Monitor, narrowTools, type ToolRequest } from "../../src/monitor/mod.ts";
import { ProcessLog } from "../../src/monitor/process_log.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import * as io from "../workloads/io.ts";

// libbpf is opened once and never closed: open it before Deno looks for leaks in a test.
await probeFeatures();

const REQUESTS: readonly ToolRequest[] = TOOLS.map((tool) => ({
  tool,
  options: defaultToolOptions(tool, {}),
}));
const request = (name: string): ToolRequest => REQUESTS.find(({ tool }) => tool.name === name)!;

/** A monitor with these tools attached; the test makes its ticks. */
async function attached(...names: string[]): Promise<Monitor & Disposable> {
  const monitor = new Monitor(names.map(request), 3600, REQUESTS);
  await monitor.attach();
  return Object.assign(monitor, { [Symbol.dispose]: () => monitor.close() });
}

function toolOf(monitor: Monitor, name: string): ToolModel {
  const found = monitor.model().tools.find(({ tool }) => tool.name === name);
  assert.ok(found, name);
  return found;
}

/** The number of BPF programs that this process has open. */
function openPrograms(): number {
  const fds = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      return ""; // the descriptor of /proc/self/fd is closed by now
    }
  });
  return fds.filter((target) => target === "anon_inode:bpf-prog").length;
}

/** The rows of the last tick. */
const rowsOf = (monitor: Monitor, name: string): readonly Row[] => toolOf(monitor, name).tick?.rows ?? [];

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

/** A process that opens a file and waits for the end of its input. */
function waiting(): Deno.ChildProcess {
  const args = ["-c", "exec 3< /dev/null; read line", "sh", "it's"];
  return new Deno.Command("/bin/sh", { args, stdin: "piped" }).spawn();
}

async function ended(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close();
  await process.status;
}

Deno.test("ProcessLog keeps the command, parent, cgroup, user and start of a process in a row, and notices its end", async () => {
  const log = new ProcessLog();
  const started = Date.now();
  const process = waiting();
  const { pid } = process;
  const tick = makeTick({ name: "opensnoop" }, { time: started, intervalS: 1, tier: "" }, {
    rows: [{ pid }],
  });
  await until("the new program", async () => {
    log.clear();
    await log.follow([tick]);
    return log.find(pid)?.details.comm;
  }, (comm) => comm === "sh");
  log.check();
  assert.equal(log.find(pid)?.endedMs, null);
  await ended(process);
  await until("the end", () => {
    log.check();
    return Promise.resolve(log.find(pid)?.endedMs ?? null);
  }, (endedMs) => endedMs !== null);
  const { details: { startedMs, cgroup, ...rest }, seenMs, endedMs } = log.find(pid)!;
  assert.deepEqual(rest, {
    pid,
    comm: "sh",
    command: "/bin/sh -c 'exec 3< /dev/null; read line' sh 'it'\\''s'",
    parent: { pid: Deno.pid, comm: "deno" },
    uid: 0,
    user: "root",
  });
  // The time of the boot is known to a second.
  assert.ok(startedMs! > started - 2000 && startedMs! < seenMs + 2000 && cgroup.startsWith("/"));
  assert.ok(seenMs >= started && seenMs <= endedMs!);
});

Deno.test("Monitor.watch() describes an ended process that was in a row, until the history is cleared", async () => {
  const limits = { maxMemory: 128, keepProcesses: true };
  const { tool } = request("opensnoop");
  // Only the newest rows of a tick are looked at: on a busy machine the process must not be one of thousands.
  const options = defaultToolOptions(tool, { comm: "sh" });
  const monitor = new Monitor([{ tool, options }], 3600, REQUESTS, limits);
  try {
    await monitor.attach();
    const watched = await until("the details of a process that has ended", async () => {
      const process = waiting();
      await until("its row", async () => {
        await monitor.tick();
        return toolOf(monitor, "opensnoop").tick!.rows;
      }, (rows) => rows.some(({ pid }) => pid === process.pid));
      await ended(process); // in the meantime its files are read, or not: then another process is started
      monitor.watch(process.pid);
      return monitor.model().watched!;
    }, ({ details }) => details !== null);
    assert.equal(watched.ended, true);
    assert.deepEqual(watched.details?.parent, { pid: Deno.pid, comm: "deno" });
    assert.ok(watched.end && watched.end.afterMs <= watched.end.beforeMs);
    monitor.clear();
    monitor.watch(watched.id);
    assert.equal(monitor.model().watched?.details, null);
  } finally {
    monitor.close();
  }
});

Deno.test("Monitor.watch() reads the command, cgroup and user of a process, and notices its end", async () => {
  using monitor = await attached("vfsstat");
  const work = await Workload.start("io");
  const read = Promise.withResolvers<void>();
  monitor.onChange(() => monitor.model().watched?.details && read.resolve());
  monitor.watch(work.pid);
  await read.promise;
  const { details, ended } = monitor.model().watched!;
  assert.deepEqual([details?.pid, details?.comm, details?.uid, ended], [work.pid, "io", Deno.uid(), false]);
  assert.match(details!.command, /build\/workloads\/io'?$/);
  assert.match(details!.cgroup, /^\//);
  await work.run();
  await monitor.tick();
  assert.equal(monitor.model().watched?.ended, true);
  monitor.watch(null);
  assert.equal(monitor.model().watched, null);
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

Deno.test("Monitor.selectRows() counts the events that a screen does not keep, and keeps rare ones, until it no longer does", async () => {
  const monitor = new Monitor([request("opensnoop")], 3600, REQUESTS, {
    maxMemory: 128,
    shownEventsOnly: true,
  });
  try {
    await monitor.attach();
    const opened = async (): Promise<{ kept: number; dropped: number; counted?: CountedRows }> => {
      const work = await Workload.start("flood", ["3001"]);
      await monitor.setPivot(work.pid);
      await work.run();
      await monitor.tick();
      const { tick } = toolOf(monitor, "opensnoop");
      const { counted } = tick!;
      return { kept: tick!.rows.length, dropped: tick!.droppedRows ?? 0, ...(counted ? { counted } : {}) };
    };
    assert.deepEqual(await opened(), { kept: 1000, dropped: 2001 });
    const groups = { tool: "opensnoop", filter: "", test: null, by: "comm", order: null };
    monitor.perform({ kind: "selectRows", selections: [groups] });
    const { counted, ...rest } = await opened();
    assert.deepEqual(rest, { kept: 1000, dropped: 2001 });
    assert.deepEqual([...counted!.groups!.values()].map(({ count }) => count), [3001]);
    assert.equal(counted!.passed, 3001);
    let seen = 0;
    const everyHundredth = (): boolean => seen++ % 100 === 0;
    const rare = { tool: "opensnoop", filter: "rare", test: () => everyHundredth, by: null, order: null };
    monitor.perform({ kind: "selectRows", selections: [rare] });
    assert.deepEqual(await opened(), {
      kept: 1000,
      dropped: 2001,
      counted: { filter: "rare", by: null, passed: 31 },
    });
    monitor.perform({ kind: "selectRows", selections: [] });
    assert.deepEqual(await opened(), { kept: 1000, dropped: 2001 });
  } finally {
    monitor.close();
  }
});

/** Longer than keys may wait for a tool: the event loop then runs before the next one. */
const LONG_MS = 10;

/** A monitor whose log gets the name of each tool when its interval ends, and each publication. */
async function logged(
  names: readonly string[],
  onInput: (name: string, monitor: Monitor) => void = () => {},
): Promise<{ monitor: Monitor & Disposable; log: string[] }> {
  const log: string[] = [];
  const requests = names.map((name): ToolRequest => {
    const { tool, options } = request(name);
    const derive: typeof tool.derive = (...sample) => {
      log.push(name);
      setTimeout(() => {
        log.push("input");
        onInput(name, monitor);
      });
      const end = performance.now() + LONG_MS;
      while (performance.now() < end);
      return tool.derive(...sample);
    };
    return { tool: { ...tool, derive }, options };
  });
  const monitor = new Monitor(requests, 3600, REQUESTS);
  await monitor.attach();
  monitor.onChange(() => log.push("published"));
  return { monitor: Object.assign(monitor, { [Symbol.dispose]: () => monitor.close() }), log };
}

Deno.test("Monitor.tick() handles input between two tools and publishes once, after all of them", async () => {
  const { monitor, log } = await logged(["opensnoop", "statsnoop", "vfsstat"]);
  using _ = monitor;
  const tick = monitor.tick();
  assert.equal(monitor.tick(), tick);
  await tick;
  assert.deepEqual(log, ["opensnoop", "input", "statsnoop", "input", "vfsstat", "input", "published"]);
  await monitor.tick();
  assert.deepEqual(log.slice(7), log.slice(0, 7));
  assert.equal(monitor.model().snapshots.length, 2);
});

Deno.test("Monitor.tick() leaves out the tools that a key removes, adds or re-attaches during the tick", async () => {
  const changes: Promise<void>[] = [];
  const { monitor, log } = await logged(["opensnoop", "statsnoop", "vfsstat"], (name, monitor) => {
    if (name !== "opensnoop" || changes.length > 0) return;
    changes.push(monitor.setTools(["opensnoop", "vfsstat", "filetop"]), monitor.setPivot(Deno.pid));
  });
  using _ = monitor;
  await monitor.tick();
  assert.deepEqual(log.filter((entry) => entry !== "published"), ["opensnoop", "input"]);
  const { snapshots, pivot } = monitor.model();
  assert.deepEqual([snapshots.at(-1)?.pivot, pivot?.pid], [null, Deno.pid]);
  await Promise.all(changes);
  await monitor.tick();
  assert.deepEqual(
    monitor.model().tools.map(({ tool, times }) => [tool.name, times.length]),
    [["opensnoop", 2], ["vfsstat", 1], ["filetop", 1]],
  );
  assert.equal(monitor.model().snapshots.at(-1)?.pivot?.pid, Deno.pid);
});

Deno.test("Monitor.close() during a tick detaches everything, and nothing is published after it", async () => {
  const { monitor, log } = await logged(["opensnoop", "statsnoop"], (_, monitor) => monitor.close());
  await monitor.tick();
  assert.deepEqual(log, ["opensnoop", "input"]);
  assert.equal(openPrograms(), 0);
});

Deno.test("Monitor.selectRows() keeps the events of a flood that rank first in an order, and the newest others", async () => {
  const { tool } = request("opensnoop");
  const options = { filters: { self: false, comm: "sh" }, flags: { failed: true } };
  const limits = { maxMemory: 128, shownEventsOnly: true };
  const monitor = new Monitor([{ tool, options }], 3600, REQUESTS, limits);
  using _ = { [Symbol.dispose]: () => monitor.close() };
  await monitor.attach();
  const order = { key: "path", descending: true };
  monitor.perform({
    kind: "selectRows",
    selections: [{ tool: "opensnoop", filter: "", test: null, by: null, order }],
  });
  // Opens /missing-9999, /missing-9998 and so on: the first 500 rank first.
  const script = "exec 2> /dev/null; i=9999; while [ $i -ge 7000 ]; do true < /missing-$i; i=$((i-1)); done";
  await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  await monitor.tick();
  const { rows } = toolOf(monitor, "opensnoop").tick!;
  const numbers = rows.map(({ path }) => Number(String(path).replace("/missing-", "")));
  const down = (from: number): number[] => Array.from({ length: 500 }, (_, i) => from - i);
  assert.deepEqual(numbers, [...down(9999), ...down(7499)]);
  assert.deepEqual(toolOf(monitor, "opensnoop").events.map(({ path }) => path), rows.map(({ path }) => path));
});
