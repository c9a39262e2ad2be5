import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { limitRows, type Row, type ToolModel } from "../../model/mod.ts";
import { loadPatterns, patternsLoaded } from "../../text/mod.ts";
import { paneContent } from "./pane_content.ts";
import { initialUi, type PaneUi } from "./ui.ts";

const PANE = initialUi(1).panes[0] as PaneUi;

function tool(index: number, rows?: readonly Row[]): ToolModel {
  const monitor = new FakeMonitor();
  monitor.attach();
  for (let i = 0; i < 30; i++) monitor.tick();
  const model = monitor.model().tools[index] as ToolModel;
  return rows && model.tick ? { ...model, tick: { ...model.tick, rows } } : model;
}

Deno.test("paneContent() puts equal rows in the same order whatever order they came in", () => {
  const rows = [3, 1, 2].map((tid) => ({ tid, comm: "x", reads: 5, file: "f" }));
  const pane = { ...PANE, sort: "reads" };
  const order = [...paneContent(tool(0, rows), pane).rows].map(({ tid }) => tid);
  assert.deepEqual(order, [1, 2, 3]);
  assert.deepEqual([...paneContent(tool(0, rows.toReversed()), pane).rows].map(({ tid }) => tid), order);
});

Deno.test("paneContent() keeps the tool's order when no column is chosen, and unknown values last when one is", () => {
  const rows = [{ tid: 9, reads: null }, { tid: 1, reads: 7 }, { tid: 5, reads: 8 }];
  assert.deepEqual(paneContent(tool(0, rows), PANE).rows.map(({ tid }) => tid), [9, 1, 5]);
  assert.deepEqual(paneContent(tool(0, rows), { ...PANE, sort: "reads" }).rows.map(({ tid }) => tid), [
    5,
    1,
    9,
  ]);
  assert.deepEqual(
    paneContent(tool(0, rows), { ...PANE, sort: "reads", reverse: true }).rows.map(({ tid }) => tid),
    [
      1,
      5,
      9,
    ],
  );
});

Deno.test("paneContent() puts events newest first, and takes rows over while the choice stays the same", () => {
  const events = tool(3);
  const times = paneContent(events, PANE).rows.map(({ time }) => String(time));
  assert.ok(times.length > 1);
  assert.deepEqual(times, times.toSorted().toReversed());
  const before = paneContent(events, PANE);
  assert.equal(paneContent(events, { ...PANE, selected: 3 }, before).rows, before.rows);
  assert.equal(paneContent(events, { ...PANE, filter: "no such text" }, before).rows.length, 0);
});

Deno.test("paneContent() shows every row while the pattern library loads, and filters once it is there", async () => {
  assert.equal(patternsLoaded(), false);
  const files = tool(0, [{ tid: 1, comm: "nginx" }, { tid: 2, comm: "sshd" }]);
  const pane = { ...PANE, filter: "/^ng.*x$/" };
  assert.equal(paneContent(files, pane).rows.length, 2);
  assert.equal(paneContent(files, pane).problem, "loading patterns");
  await loadPatterns();
  assert.deepEqual(paneContent(files, pane).rows.map(({ tid }) => tid), [1]);
  assert.equal(paneContent(files, pane).problem, null);
});

Deno.test("paneContent() finds counters by title", () => {
  assert.deepEqual(paneContent(tool(1), { ...PANE, filter: "dir" }).counters.map(({ title }) => title), [
    "MKDIR/s",
    "RMDIR/s",
  ]);
  assert.equal(paneContent(tool(1), { ...PANE, filter: "!dir" }).counters.length, 6);
});

Deno.test("paneContent() puts the rest of a recorded table last in every order, and groups it with others", () => {
  const rows = [9, 7, 5, 3].map((reads) => ({ tid: reads, pid: reads, comm: `c${reads}`, reads }));
  const model = tool(0, rows);
  const limited = { ...model, tick: limitRows(model.tick!, model.tool, 2) };
  const readsIn = (pane: PaneUi) => paneContent(limited, pane).rows.map(({ reads }) => reads);
  assert.deepEqual(readsIn(PANE), [9, 7, 8]);
  assert.deepEqual(readsIn({ ...PANE, reverse: true }), [7, 9, 8]);
  assert.deepEqual(readsIn({ ...PANE, sort: "reads" }), [9, 7, 8]);
  assert.deepEqual(readsIn({ ...PANE, sort: "reads", reverse: true }), [7, 9, 8]);
  const groups = paneContent(limited, { ...PANE, by: "comm" }).rows;
  assert.deepEqual(groups.map(({ comm, rows, reads }) => [comm, rows, reads]), [
    ["c7", 1, 7],
    ["c9", 1, 9],
    ["(other)", 2, 8],
  ]);
});
