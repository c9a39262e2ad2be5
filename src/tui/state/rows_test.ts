import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { Row, ToolModel } from "../../model/mod.ts";
import { loadPatterns, patternsLoaded } from "../../text/mod.ts";
import { problemOf, visibleCounters, visibleRows } from "./rows.ts";
import { initialUi, type PaneUi } from "./ui.ts";

const PANE = initialUi(1).panes[0] as PaneUi;

function tool(index: number, rows?: readonly Row[]): ToolModel {
  const monitor = new FakeMonitor();
  monitor.attach();
  for (let i = 0; i < 30; i++) monitor.tick();
  const model = monitor.model().tools[index] as ToolModel;
  return rows && model.tick ? { ...model, tick: { ...model.tick, rows } } : model;
}

Deno.test("visibleRows() puts equal rows in the same order whatever order they came in", () => {
  const rows = [3, 1, 2].map((tid) => ({ tid, comm: "x", reads: 5, file: "f" }));
  const pane = { ...PANE, sort: "reads" };
  const order = [...visibleRows(tool(0, rows), pane)].map(({ tid }) => tid);
  assert.deepEqual(order, [1, 2, 3]);
  assert.deepEqual([...visibleRows(tool(0, rows.toReversed()), pane)].map(({ tid }) => tid), order);
});

Deno.test("visibleRows() keeps the tool's order when no column is chosen, and unknown values last when one is", () => {
  const rows = [{ tid: 9, reads: null }, { tid: 1, reads: 7 }, { tid: 5, reads: 8 }];
  assert.deepEqual(visibleRows(tool(0, rows), PANE).map(({ tid }) => tid), [9, 1, 5]);
  assert.deepEqual(visibleRows(tool(0, rows), { ...PANE, sort: "reads" }).map(({ tid }) => tid), [5, 1, 9]);
  assert.deepEqual(
    visibleRows(tool(0, rows), { ...PANE, sort: "reads", reverse: true }).map(({ tid }) => tid),
    [
      1,
      5,
      9,
    ],
  );
});

Deno.test("visibleRows() shows events newest first, and answers anew when the choice changes", () => {
  const events = tool(3);
  const times = visibleRows(events, PANE).map(({ time }) => String(time));
  assert.ok(times.length > 1);
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.equal(visibleRows(events, PANE), visibleRows(events, { ...PANE, selected: 3 }));
  assert.equal(visibleRows(events, { ...PANE, filter: "no such text" }).length, 0);
});

Deno.test("visibleRows() shows every row while the pattern library loads, and filters once it is there", async () => {
  assert.equal(patternsLoaded(), false);
  const files = tool(0, [{ tid: 1, comm: "nginx" }, { tid: 2, comm: "sshd" }]);
  const pane = { ...PANE, filter: "/^ng.*x$/" };
  assert.equal(visibleRows(files, pane).length, 2);
  assert.equal(problemOf(files, pane), "loading patterns");
  await loadPatterns();
  assert.deepEqual(visibleRows(files, pane).map(({ tid }) => tid), [1]);
  assert.equal(problemOf(files, pane), null);
});

Deno.test("visibleCounters() finds counters by title", () => {
  assert.deepEqual(visibleCounters(tool(1), { ...PANE, filter: "dir" }).map(({ title }) => title), [
    "MKDIR/s",
    "RMDIR/s",
  ]);
  assert.equal(visibleCounters(tool(1), { ...PANE, filter: "!dir" }).length, 6);
});
