import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import type { PaneSet } from "../../model/mod.ts";

const SETS: readonly PaneSet[] = [
  { name: "files", summary: "which files", tools: ["filetop", "opensnoop"], spares: ["vfsstat"] },
  { name: "default", summary: "", tools: ["filetop", "vfsstat", "dcstat", "runqslower"], spares: [] },
];

function screenWithSets(size?: [number, number]): TestScreen {
  const screen = new TestScreen(size, { figures: true });
  screen.ui = { ...screen.ui, paneSets: SETS };
  return screen;
}

Deno.test("T offers the sets with their tools, at the one that is shown", () => {
  const screen = screenWithSets().press("T");
  assert.match(screen.text(), /─ Panes ─[^]* files +filetop, opensnoop: which files[^]* default /);
  assert.deepEqual(screen.ui.overlay, { kind: "sets", selected: 1 });
  assert.match(screen.text(), /\n Enter Show {2}Esc Close /);
  assert.equal(screen.press("T").ui.overlay, null);
});

Deno.test("Enter shows the panes of the set, ends the zoom, and keeps what was chosen in a pane", () => {
  const screen = screenWithSets().press("1", "s", "Down", "Enter", "2", "z", "T", "Up", "Enter");
  assert.deepEqual(screen.commands.at(-1), {
    kind: "setTools",
    names: ["filetop", "opensnoop"],
    spares: ["vfsstat"],
  });
  assert.equal(screen.ui.zoom, false);
  assert.equal(screen.ui.focus, 0);
  assert.deepEqual(screen.ui.panes.map(({ sort }) => sort), ["tid", null]);
  assert.match(screen.text(), /1 filetop[^]*2 opensnoop/);
  assert.doesNotMatch(screen.text(), /vfsstat/);
});

Deno.test("T fits every size", () => {
  for (const size of [[120, 40], [80, 24], [40, 12], [20, 5]] as [number, number][]) {
    assert.match(screenWithSets(size).press("T").text(), /files/, size.join("×"));
  }
});

Deno.test("T is not offered without sets", () => {
  const screen = new TestScreen().press("T");
  assert.equal(screen.ui.overlay, null);
  assert.doesNotMatch(screen.press("?").text(), /named set/);
});
