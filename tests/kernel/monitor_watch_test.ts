/**
 * Details of processes: the log of processes in rows, and the process that is watched.
 *
 * @module
 */
import assert from "node:assert/strict";
import { defaultToolOptions } from "../../src/cli/options.ts";
import { makeTick } from "../../src/model/mod.ts";
import { Monitor } from "../../src/monitor/mod.ts";
import { ProcessLog } from "../../src/monitor/process_log.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { attached, request, REQUESTS, toolOf } from "./monitor_fixture.ts";

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
    await until(
      "its ancestors",
      () => Promise.resolve(monitor.model().watched?.ancestors),
      (read) => read !== undefined,
    );
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
  monitor.onChange(() => monitor.model().watched?.ancestors && read.resolve());
  monitor.watch(work.pid);
  await read.promise;
  const { details, ended } = monitor.model().watched!;
  assert.deepEqual([details?.pid, details?.comm, details?.uid, ended], [work.pid, "io", Deno.uid(), false]);
  assert.match(details!.command, /^'.*\/build\/test workloads\/io'$/);
  assert.match(details!.cgroup, /^\//);
  await work.run();
  await monitor.tick();
  assert.equal(monitor.model().watched?.ended, true);
  monitor.watch(null);
  assert.equal(monitor.model().watched, null);
});
