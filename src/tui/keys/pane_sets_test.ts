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
  assert.match(screen.text(), /─ Panes ─[^]* files +filetop, opensnoop: which files[^]*\*default /);
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

Deno.test("a set that is shown does not end the past", () => {
  const screen = screenWithSets().tick(3).press("[", "T", "Enter");
  assert.notEqual(screen.ui.paused, null);
  assert.equal(screen.ui.overlay, null);
  assert.deepEqual(screen.commands.filter(({ kind }) => kind === "setTools"), []);
  assert.match(screen.text(), /\n default is shown already\n \? Help/);
  assert.equal(screen.press("T", "Up", "Enter").ui.paused, null);
  assert.equal(screen.commands.at(-1)?.kind, "setTools");
});

Deno.test("a set whose tools were replaced is the one that is shown", () => {
  const screen = screenWithSets().tick(3);
  const { context } = screen;
  const replacements = [{ tool: "opensnoop", by: "dcstat", reason: "" }];
  screen.context = () => ({
    ...context.call(screen),
    model: { ...context.call(screen).model, replacements },
  });
  screen.ui = {
    ...screen.ui,
    paneSets: [
      { name: "other", summary: "", tools: ["filetop"], spares: [] },
      {
        name: "mine",
        summary: "",
        tools: ["filetop", "vfsstat", "opensnoop", "runqslower"],
        spares: ["dcstat"],
      },
    ],
  };
  assert.deepEqual(screen.press("[", "T").ui.overlay, { kind: "sets", selected: 1 });
  assert.match(screen.press("Enter").text(), /mine is shown already/);
  assert.notEqual(screen.ui.paused, null);
});

Deno.test("a set shows the tools on offer, and names those that are not", () => {
  const screen = screenWithSets();
  screen.ui = {
    ...screen.ui,
    paneSets: [
      { name: "disk", summary: "", tools: ["biotop", "biolatency"], spares: [] },
      { name: "some", summary: "", tools: ["biotop", "vfsstat", "biosnoop", "filetop"], spares: [] },
    ],
  };
  screen.press("T", "Enter");
  assert.match(screen.text(), /\n disk was not recorded: biotop, biolatency\n \? Help/);
  assert.deepEqual(screen.commands, []);
  screen.press("T", "Down", "Enter");
  assert.match(screen.text(), /\n some is shown without biotop, biosnoop: not recorded\n \? Help/);
  assert.deepEqual(screen.commands.at(-1), { kind: "setTools", names: ["vfsstat", "filetop"], spares: [] });
  assert.deepEqual(screen.tools, ["vfsstat", "filetop"]);
  assert.equal(screen.ui.panes.length, 2);
});

Deno.test("T is in the footer of wide screens, and on the menu of tools", () => {
  assert.match(screenWithSets([120, 40]).text(), / b Group {2}T Sets {2}Tab Next {2}q Quit$/);
  const narrow = screenWithSets([80, 24]);
  assert.match(narrow.press("t").text(), /─ Esc T: sets of panes ─/);
  narrow.ui = { ...narrow.ui, overlay: null, keys: new Map([["sets", ["G"]]]) };
  assert.match(narrow.press("t").text(), /─ Esc G: sets of panes ─/);
  assert.doesNotMatch(new TestScreen([80, 24]).press("t").text(), /sets of panes/);
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
