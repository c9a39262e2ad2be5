import assert from "node:assert/strict";
import { flameContext as context, flameModel as modelOf, row, ROWS } from "../../../tests/support/flame.ts";
import { drawScreen, gridText, pressKeys } from "../../../tests/support/test_screen.ts";
import type { Context } from "../state/mod.ts";
import { handleEvent } from "./mod.ts";

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

Deno.test("a flame graph can be used in 20×5 cells: it shows the selected frame, with its name and part, and those beside it", () => {
  const lines = (...keys: string[]): string[] =>
    paneLines(pressKeys(context(modelOf([ROWS]), [20, 5]), ...keys));
  assert.deepEqual(lines(), ["all  100  100.0%", "▏all"]);
  assert.deepEqual(lines("Down", "Right"), ["web  50  50.0%", "▏db       ▏web"]);
  assert.deepEqual(lines("Down", "Right", "Enter", "Down", "Down", "Down"), [
    "parse  30  30.0%",
    "▏parse      ▏read",
  ]);
  const long = [row(1, 5, "page_cache_ra_unbounded")];
  assert.equal(paneLines(pressKeys(context(modelOf([long]), [20, 5]), "G"))[0], "page_cache_…  100.0%");
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
