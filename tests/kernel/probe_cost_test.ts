import assert from "node:assert/strict";
import { Monitor } from "../../src/monitor/mod.ts";
import { ktop } from "../support/ktop.ts";
import { mapBytesOf } from "../support/kernel_maps.ts";
import { vfsstat } from "../../src/tools/vfsstat/mod.ts";
import "./bpf_fixture.ts";
import type { Tool } from "../../src/tools/mod.ts";

const rowsOf = (monitor: Monitor) => monitor.model().tools.find(({ tool }) => tool.name === "probes");

Deno.test("Monitor.toggleCost() adds a pane with the runs of each program, and removes it when called again", async () => {
  const monitor = new Monitor(
    [{ tool: vfsstat as Tool, options: { filters: { self: true }, flags: {} } }],
    1,
  );
  try {
    await monitor.attach();
    assert.deepEqual(monitor.failures(), []);
    await monitor.tick();
    assert.equal(rowsOf(monitor), undefined);
    monitor.toggleCost();
    const calls = 997;
    for (let i = 0; i < calls; i++) Deno.readTextFileSync("/proc/loadavg");
    await monitor.tick();
    const pane = rowsOf(monitor);
    assert.equal(pane?.state.kind, "running");
    const rows = pane?.tick?.rows ?? [];
    const most = Math.max(...rows.map(({ events }) => Number(events)));
    assert.ok(most >= calls, `${most} runs for ${calls} reads`);
    for (const row of rows) {
      assert.equal(row.tool, "vfsstat");
      if (Number(row.events) > 0) assert.ok(Number(row.ns_per_event) > 0, `${row.program} took no time`);
    }
    assert.ok((monitor.model().self.probesMsPerS ?? 0) > 0);
    const { mapBytes } = monitor.model().self;
    assert.equal(mapBytes, mapBytesOf(Deno.pid));
    assert.ok(mapBytes! > 0);
    monitor.toggleCost();
    await monitor.tick();
    assert.equal(rowsOf(monitor), undefined);
    assert.equal(monitor.model().self.probesMsPerS, null);
    assert.equal(monitor.model().self.mapBytes, null);
  } finally {
    monitor.close();
  }
});

Deno.test("ktop --cost prints the cost of each program to standard error at the end", async () => {
  const { code, stdout, stderr } = await ktop(["vfsstat", "--duration", "0.5", "--json", "--cost"]);
  assert.equal(code, 0, stderr);
  for (const line of stdout.trim().split("\n")) assert.equal(JSON.parse(line).tool, "vfsstat");
  assert.match(stderr, /TOOL +CPU% +EVENTS\/s +NS\/EVENT TIER +PROGRAM +HOOK\nvfsstat +\d+\.\d+ +\d/);
  assert.match(stderr, /^Kernel memory of its maps and ring buffers: [1-9][\d.]*[KM]\.$/m);
});
