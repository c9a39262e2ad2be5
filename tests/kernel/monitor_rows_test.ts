/**
 * The rows that the monitor keeps, counts and orders for a screen.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CountedRows } from "../../src/model/mod.ts";
import { Monitor } from "../../src/monitor/mod.ts";
import { Workload } from "../support/workload.ts";
import { request, REQUESTS, toolOf } from "./monitor_fixture.ts";

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
