/**
 * A tick of the monitor: the order of tools, input between them, and changes during it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Monitor, type ToolRequest } from "../../src/monitor/mod.ts";
import { openPrograms, request, REQUESTS } from "./monitor_fixture.ts";

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

Deno.test("Monitor.onFollowedCommandEnd() ends an interval after the one that is being sampled", async () => {
  const { monitor, log } = await logged(["opensnoop", "vfsstat"]);
  using _ = monitor;
  const tick = monitor.tick();
  await monitor.onFollowedCommandEnd(7);
  await tick;
  assert.deepEqual(log.filter((entry) => entry === "vfsstat").length, 2);
  assert.deepEqual([monitor.model().snapshots.length, monitor.model().commandExit], [2, 7]);
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
