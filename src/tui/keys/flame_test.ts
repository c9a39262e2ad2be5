import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { profile, RUNNING } from "../../../tests/support/fake_tools.ts";
import { drawScreen, gridText, LIVE, pressKeys } from "../../../tests/support/test_screen.ts";
import type { Model, Row, Tick } from "../../model/mod.ts";
import { addTick, NO_HISTORY, toolModel } from "../../monitor/mod.ts";
import { Style } from "../canvas/mod.ts";
import { type Context, initialUi } from "../state/mod.ts";
import { handleEvent } from "./mod.ts";

const START = Date.UTC(2026, 10, 20, 18, 0, 0);

const row = (pid: number, samples: number, stack: string, kernelFrames = 0): Row => ({
  pid,
  comm: pid === 1 ? "web" : "db",
  samples,
  stack,
  kernel_frames: kernelFrames,
});

/** Half of the samples are of web: 30 in parse, 20 in read; the others of db: 40 in scan, 10 in its own main. */
const ROWS = [
  row(1, 30, "main;serve;parse"),
  row(1, 20, "main;serve;read;vfs_read", 1),
  row(2, 40, "main;scan"),
  row(2, 10, "main"),
];

/** A model with one pane of stacks that had these rows, an interval a second. */
function modelOf(intervals: readonly (readonly Row[])[]): Model {
  let history = NO_HISTORY;
  let tick: Tick | null = null;
  intervals.forEach((rows, i) => {
    const lost = { events: 0, keys: 0, runs: 0 };
    tick = { tool: "profile", time: START + i * 1000, intervalS: 1, tier: "tracepoint", rows, lost };
    history = addTick(history, tick, profile);
  });
  return {
    ...new FakeMonitor().model(),
    time: START,
    tools: [toolModel({ tool: profile, state: RUNNING, tick, history })],
  };
}

function context(model: Model, [width, height] = [60, 16]): Context {
  return { ui: initialUi(1), model, size: { width: width!, height: height! }, capabilities: LIVE };
}

/** The lines of the pane: what is selected, and the bars. */
const paneLines = (now: Context): string[] => gridText(drawScreen(now)).split("\n").slice(2, -1);

/** What the pane says of the selected frame. */
const selection = (now: Context): string => paneLines(now)[0]!;

Deno.test("a zoomed pane of stacks shows a flame graph: bars as wide as their part, the outermost frame at the top", () => {
  const [info, ...bars] = paneLines(context(modelOf([ROWS])));
  assert.equal(info, "all  SAMPLES 100  100.0%  1s until now");
  assert.deepEqual(bars.slice(0, 6), [
    "▏all",
    "▏db                           ▏web",
    "▏main                         ▏main",
    "▏scan                         ▏serve",
    "                              ▏parse            ▏read",
    "                                                ▏vfs_read",
  ]);
});

Deno.test("a flame graph adds up the intervals of the last minute", () => {
  const intervals = Array.from({ length: 70 }, (_, i) => [row(1, i < 10 ? 1000 : 1, "main")]);
  assert.equal(selection(context(modelOf(intervals))), "all  SAMPLES 60  100.0%  60s until now");
});

Deno.test("arrow keys select frames of a flame graph: the widest inner one, the one beside, the outer one", () => {
  const start = context(modelOf([ROWS]));
  const web = pressKeys(start, "Down", "Right");
  assert.match(selection(web), /^web +SAMPLES 50 +50\.0%/);
  assert.match(selection(pressKeys(web, "Down", "Down", "Down")), /^parse +SAMPLES 30 +30\.0%/);
  assert.match(selection(pressKeys(web, "Down", "Down", "Down", "Right")), /^read +SAMPLES 20 +20\.0%/);
  assert.match(selection(pressKeys(web, "Up", "Up", "Left")), /^all /);
  assert.match(selection(pressKeys(web, "G")), /^parse /);
  assert.match(selection(pressKeys(web, "G", "g")), /^all /);
});

Deno.test("Enter makes a frame as wide as the pane, again the frame around it, and Esc shows all again", () => {
  const serve = pressKeys(context(modelOf([ROWS])), "Down", "Right", "Down", "Down", "Enter");
  const zoomed = ["▏all", "▏web", "▏main", "▏serve", "▏parse".padEnd(36) + "▏read"];
  assert.deepEqual(paneLines(serve).slice(1, 6), zoomed);
  assert.deepEqual(paneLines(pressKeys(serve, "Enter", "Up")).slice(1, 5), [
    "▏all",
    "▏web",
    "▏main",
    "▏serve",
  ]);
  assert.equal(paneLines(pressKeys(serve, "Esc"))[2], "▏db                           ▏web");
  assert.match(selection(pressKeys(serve, "Esc")), /^serve /);
});

Deno.test("a zoomed frame stays while it is counted, and the nearest outer one that is left is shown without it", () => {
  const serve = pressKeys(context(modelOf([ROWS])), "Down", "Right", "Down", "Down", "Enter");
  const later = { ...serve, model: modelOf([[row(1, 5, "main;idle"), row(2, 5, "main")]]) };
  assert.deepEqual(paneLines(later).slice(1, 5), ["▏all", "▏web", "▏main", "▏idle"]);
});

Deno.test("a filter's text marks frames of a flame graph and names their part; a column chooses rows", () => {
  const found = pressKeys(context(modelOf([ROWS])), "/", ..."read", "Enter");
  assert.match(selection(found), /^all +SAMPLES 100 +100\.0% +found 20\.0%/);
  const grid = drawScreen(found);
  const y = 2 + 5;
  assert.equal(grid.style(y * 60 + 50), Style.flameFound);
  assert.equal(grid.style(y * 60 + 31), Style.flameUser);
  assert.equal(grid.style((y + 1) * 60 + 50), Style.flameFound); // vfs_read
  const chosen = pressKeys(context(modelOf([ROWS])), "/", ..."comm=db", "Enter");
  assert.match(selection(chosen), /^all +SAMPLES 50 +100\.0%/);
});

Deno.test("a flame graph distinguishes functions of the kernel, of programs, and threads", () => {
  const grid = drawScreen(pressKeys(context(modelOf([ROWS])), "Down"));
  const styleAt = (x: number, line: number) => grid.style((3 + line) * 60 + x);
  assert.deepEqual([styleAt(31, 1), styleAt(31, 2), styleAt(50, 5)], [
    Style.flameThread,
    Style.flameUser,
    Style.flameKernel,
  ]);
  assert.equal(styleAt(1, 1), Style.selected);
});

Deno.test("v shows the rows of stacks, and the flame graph again", () => {
  const table = pressKeys(context(modelOf([ROWS])), "v");
  assert.match(gridText(drawScreen(table)), /COMM +SAMPLES.*STACK/);
  assert.equal(selection(pressKeys(table, "v", "v")), "all  SAMPLES 100  100.0%  1s until now");
});

Deno.test("a click selects a bar of a flame graph, and a click on the selected one zooms into it", () => {
  const start = context(modelOf([ROWS]));
  const click = (now: Context, x: number, y: number): Context => ({
    ...now,
    ui: handleEvent(now, { kind: "mouse", button: "left", pressed: true, x, y }).ui,
  });
  const once = click(start, 35, 4);
  assert.match(selection(once), /^web /);
  assert.deepEqual(paneLines(click(once, 35, 4)).slice(1, 4), ["▏all", "▏web", "▏main"]);
});

Deno.test("a flame graph scrolls to the selected frame when its stacks are deeper than the pane", () => {
  const deep = Array.from({ length: 40 }, (_, i) => `f${i}`).join(";");
  const start = context(modelOf([[row(1, 3, deep)]]));
  const bottom = pressKeys(start, "G");
  assert.match(selection(bottom), /^f39 /);
  assert.ok(paneLines(bottom).includes("▏f39"));
  assert.ok(!paneLines(bottom).includes("▏all"));
});

Deno.test("a flame graph without samples says that nothing was counted", () => {
  assert.match(gridText(drawScreen(context(modelOf([[]])))), /nothing in this interval/);
});
