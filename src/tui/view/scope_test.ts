/**
 * What graphs and histograms cover when the panes are narrowed to a process.
 *
 * @module
 */
import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { Pivot, Row } from "../../model/mod.ts";

const pivot: Pivot = { pid: 9, comm: "cleaner", state: "narrowed" };

/** Marks the newest snapshots, as many as there were ticks while only that process was counted. */
function counted(screen: OneTool, ticks: number): OneTool {
  const { snapshots, tools } = screen.model;
  const first = snapshots.length - ticks;
  screen.model = {
    ...screen.model,
    pivot,
    snapshots: snapshots.map((one, i) => i < first ? one : { ...one, pivot }),
    tools: tools.map((tool) => ({ ...tool, flags: {} })),
  };
  return screen;
}

const reads = (count: number): Row[] => [{ read: count, open: 1 }];

Deno.test("graphs leave out what was counted of the whole machine while a process is shown", () => {
  const screen = new OneTool("vfsstat", [100, 40]);
  for (let second = 0; second < 20; second++) screen.tick(reads(72_000));
  assert.match(screen.lines.join("\n"), /72k|100k/);
  for (let second = 0; second < 3; second++) screen.tick(reads(9));
  const text = counted(screen, 3).lines.join("\n");
  assert.doesNotMatch(text, /72k|100k/);
  assert.match(text, /READ\/s 9/);
  for (let back = 0; back < 3; back++) screen.press("[");
  assert.match(screen.lines.join("\n"), /72k|100k/);
});

const wait = (pid: number): Row => ({ comm: "cleaner", tid: pid, pid, lat_us: 5 });

Deno.test("a histogram and a graph below narrowed rows say that they cover the whole machine", () => {
  const screen = new OneTool("runqslower", [100, 40]);
  for (let second = 0; second < 3; second++) screen.tick([wait(9), wait(8)]);
  const [tool] = screen.model.tools;
  const histograms = [{ label: "run queue delay", unit: "us", slots: [0, 4, 2] }];
  screen.model = { ...screen.model, tools: [{ ...tool!, histograms }] };
  assert.doesNotMatch(screen.press("[").lines.join("\n"), /whole machine/);
  assert.match(screen.narrow(9).lines.join("\n"), /run queue delay, whole machine/);
  screen.model = { ...screen.model, restrictions: { comm: "cleaner" } };
  assert.match(screen.lines.join("\n"), /run queue delay, not narrowed/);
});

Deno.test("the header says at any width that only rows are narrowed", () => {
  for (const width of [40, 60, 100]) {
    const screen = new OneTool("runqslower", [width, 12]).tick([wait(16_043)]).tick([wait(16_043)]).press(
      "[",
    );
    const line = screen.narrow(16_043).lines[0]!;
    assert.match(line, / rows of (pid )?16043( |$)/, line);
  }
});
