import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { ToolModel } from "../../model/mod.ts";
import { chooseLayout, type Layout } from "./pane_rects.ts";

function layout(width: number, height: number, { zoom = false, count = 4 } = {}): Layout {
  const monitor = new FakeMonitor();
  monitor.attach();
  const tools = Array.from({ length: count }, (_, i) => monitor.model().tools[i % 4]!);
  return chooseLayout({ size: { width, height }, tools, focus: 1, zoom });
}

Deno.test("chooseLayout() places panes two by two, in a stack, or alone, as the size allows", () => {
  assert.equal(layout(120, 30).kind, "grid");
  assert.equal(layout(119, 30).kind, "stacked");
  assert.equal(layout(120, 29).kind, "stacked");
  assert.equal(layout(80, 20).kind, "stacked");
  assert.equal(layout(79, 20).kind, "single");
  assert.equal(layout(80, 19).kind, "single");
  assert.deepEqual(layout(40, 12).panes, [{ index: 1, x: 0, y: 1, width: 40, height: 10 }]);
});

Deno.test("chooseLayout() shows the focused pane alone when it is zoomed", () => {
  assert.deepEqual(layout(120, 40, { zoom: true }).panes.map(({ index }) => index), [1]);
});

Deno.test("chooseLayout() covers the screen between header and footer without a gap or an overlap", () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    for (let width = 1; width <= 260; width += 7) {
      for (let height = 1; height <= 90; height += 3) {
        const { panes } = layout(width, height, { count });
        const top = height >= 5 ? 1 : 0;
        const bottom = height - (height >= 4 ? 1 : 0);
        const covered = panes.reduce((sum, pane) => sum + pane.width * pane.height, 0);
        assert.equal(covered, width * (bottom - top), `${count} panes at ${width}×${height}`);
        for (const pane of panes) {
          assert.ok(
            pane.x >= 0 && pane.y >= top && pane.x + pane.width <= width && pane.y + pane.height <= bottom,
          );
          assert.ok(panes.length === 1 || (pane.height >= 4 && pane.width >= 0.45 * 120));
        }
      }
    }
  }
});

Deno.test("chooseLayout() gives a table the larger share of a row beside panes without names", () => {
  const { panes } = layout(120, 40);
  assert.deepEqual(panes.map(({ x, width }) => [x, width]), [[0, 66], [66, 54], [0, 66], [66, 54]]);
});

Deno.test("chooseLayout() divides a row equally if the panes on the right are lists too", () => {
  const monitor = new FakeMonitor();
  monitor.attach();
  const [table, , , events] = monitor.model().tools;
  const tools = [table!, events!, table!, events!];
  const { panes } = chooseLayout({ size: { width: 120, height: 40 }, tools, focus: 0, zoom: false });
  assert.deepEqual(panes.map(({ width }) => width), [60, 60, 60, 60]);
});

Deno.test("chooseLayout() gives an unavailable pane of a stack no more than its message needs", () => {
  const heights = layout(80, 50).panes.map(({ height }) => height);
  assert.equal(heights[2], 4);
  assert.ok((heights[0] as number) >= Math.max(...heights));
});

Deno.test("chooseLayout() places six panes in three columns on a wide screen, in two on a high one", () => {
  const columns = (width: number, height: number, count: number): number =>
    new Set(layout(width, height, { count }).panes.map(({ x }) => x)).size;
  assert.equal(columns(200, 50, 6), 3);
  assert.equal(columns(240, 60, 6), 3);
  assert.equal(columns(200, 100, 6), 2);
  assert.equal(columns(120, 60, 6), 2);
  assert.equal(columns(500, 200, 9), 3);
  assert.equal(columns(500, 100, 4), 2);
});

const message = (tool: ToolModel, reason: string): ToolModel => ({
  ...tool,
  state: { kind: "unavailable", reason, remedy: "Run another kernel." },
});

Deno.test("chooseLayout() gives a pane that cannot run the rows its message needs, and leaves no row over", () => {
  const monitor = new FakeMonitor();
  monitor.attach();
  const { tools } = monitor.model();
  const long = "word ".repeat(40);
  const stack = (...which: readonly ToolModel[]): number[] =>
    chooseLayout({ size: { width: 80, height: 24 }, tools: which, focus: 0, zoom: false }).panes.map((
      { height },
    ) => height);
  const [files, calls, lookups, waits] = tools as [ToolModel, ToolModel, ToolModel, ToolModel];
  assert.equal(stack(files, calls, message(lookups, long), waits)[2], 1 + 3 + 1);
  const all = stack(...[files, calls, lookups, waits].map((tool) => message(tool, "why")));
  assert.deepEqual(all.toSorted(), [5, 5, 6, 6]);
});
