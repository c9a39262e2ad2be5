import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { TOOLS } from "../../../tests/support/fake_tools.ts";
import { drawScreen, gridText, pressKeys, REPLAY, TestScreen } from "../../../tests/support/test_screen.ts";
import { flagsOf } from "../../model/mod.ts";
import { formFlags, formResult, initialUi, openForm } from "../state/mod.ts";
import { NO_HISTORY, toolModel } from "../../monitor/mod.ts";

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";
const setFlags = (flags: Record<string, unknown>) => ({ kind: "setFlags", tool: "filetop", flags });

Deno.test("e opens a form of the tool's flags, and Enter sends them", () => {
  const screen = new TestScreen().press("e");
  assert.match(
    screen.text(),
    /─ Flags of filetop ─[^]*\[ \] +all-types +-a: All types\.[^]*sort-by +all +The order: reads, all/,
  );
  assert.match(
    lastLine(screen),
    /^ Space Change {2}Enter Apply {2}Esc Cancel {2}↑ ↓ Choose {2}F1 Help {2}Ctrl-C Quit$/,
  );
  screen.press(" ", "Down", ..."/var q", "Tab", "1", "2");
  assert.match(screen.text(), /rows +12█ +-r: At most/);
  screen.press("Down", " ", "Enter");
  assert.deepEqual(screen.commands, [
    setFlags({ "all-types": true, directory: "/var q", rows: 12, "sort-by": "reads" }),
  ]);
  assert.match(screen.text(), / 1 filetop ─ all-types ─ directory=\/var q ─/);
  assert.match(screen.text(), /\n filetop re-attaches with new flags; its history is kept\n \? Help/);
});

Deno.test("the form starts with the flags as they are; emptied values return to their defaults", () => {
  const screen = new TestScreen().press("e", " ", "Down", ..."/a", "Enter", "e");
  assert.match(screen.text(), /\[x\] +all-types[^]*directory +\/a/);
  screen.press(" ", "Down", "Ctrl-U", "Enter");
  assert.deepEqual(screen.commands.at(-1), setFlags({ "sort-by": "all" }));
});

Deno.test("Esc closes the form without a change, and Enter without a change attaches nothing", () => {
  const screen = new TestScreen().press("e", " ", "Esc");
  assert.equal(screen.ui.overlay, null);
  screen.press("e", " ", " ", "Enter");
  assert.deepEqual(screen.commands, [setFlags({ "sort-by": "all" })]);
  screen.press("e", "Enter");
  assert.equal(screen.commands.length, 1);
});

Deno.test("an invalid number keeps the form open, selects its flag and reports the problem", () => {
  for (const [typed, text] of [["0", "0"], ["100", "100"], ["1x", "1x"]] as const) {
    const screen = new TestScreen([80, 24]).press("e", "Down", "Down", ...typed, "Up", "Enter");
    assert.deepEqual(screen.commands, []);
    const { overlay } = screen.ui;
    assert.ok(overlay?.kind === "flags" && overlay.selected === 2 && overlay.values["rows"] === text);
    assert.match(screen.text(), /\n rows takes a whole number from 1 to 99\n Enter Apply/);
  }
});

Deno.test("refused flags change nothing, and a message shows the reason", () => {
  const screen = new TestScreen([80, 24]).press("e", "Down", ..."/missing", "Enter");
  assert.match(screen.text(), /\n Cannot set the flags of filetop: there is no \/missing\.\n/);
  assert.doesNotMatch(screen.text(), /directory=/);
});

Deno.test("refused flags open the form again with what was typed, to be corrected", () => {
  const screen = new TestScreen([80, 24]).press("e", "Down", ..."/missing", "Tab", "7", "Enter");
  assert.match(screen.text(), /─ Flags of filetop ─[^]*directory +\/missing[^]*rows +7█/);
  screen.press("Up", "Ctrl-U", ..."/srv", "Enter");
  assert.deepEqual(screen.commands.at(-1), setFlags({ directory: "/srv", rows: 7, "sort-by": "all" }));
  assert.equal(screen.ui.overlay, null);
});

Deno.test("refused flags do not open the form over something else, nor a second time", () => {
  const screen = new TestScreen([80, 24]).press("e", "Down", ..."/missing", "Enter", "Esc");
  assert.equal(screen.ui.overlay, null);
  screen.monitor.setFlags("filetop", { directory: "/missing" });
  assert.equal(screen.ui.overlay, null);
});

Deno.test("Space is offered on switches and choices only; it is a blank in typed values", () => {
  const screen = new TestScreen([80, 24]).press("e");
  assert.match(lastLine(screen), /Space Change/);
  assert.doesNotMatch(lastLine(screen.press("Down")), /Space/);
});

Deno.test("the form starts with the tool's threshold", () => {
  const first = (name: string): string | undefined =>
    formFlags(ALL_TOOLS.find((tool) => tool.name === name)!)[0]?.name;
  assert.deepEqual(["runqslower", "fileslower", "fsslower"].map(first), ["min-us", "min-ms", "min-ms"]);
  for (const tool of ALL_TOOLS.filter(({ positional }) => positional)) {
    assert.equal(first(tool.name), tool.positional?.name, tool.name);
    assert.equal(
      formFlags(tool).length,
      flagsOf(tool).filter(({ sameAs, printOnly }) => !sameAs && !printOnly).length,
    );
  }
});

Deno.test("a paste is inserted into a typed value, and ignored on a switch", () => {
  const screen = new TestScreen().press("e").paste("/a\n");
  assert.match(screen.ui.message?.text ?? "", /ignored/);
  screen.press("Down").paste("/srv/www\n").press("Enter");
  assert.deepEqual(screen.commands, [setFlags({ directory: "/srv/www", "sort-by": "all" })]);
});

Deno.test("setting flags ends a pause, and a message says so", () => {
  const screen = new TestScreen().press(" ", "e", " ", "Enter");
  assert.equal(screen.ui.paused, null);
  assert.equal(screen.ui.message?.text, "Resumed: filetop re-attaches with new flags; its history is kept");
});

Deno.test("e reports that a tool has no flags, and that the flags of a recording cannot be changed", () => {
  assert.equal(new TestScreen().press("2", "e").ui.message?.text, "vfsstat has no flags to set here");
  const screen = new TestScreen();
  const replay = {
    position: 1,
    total: 9,
    speed: 1,
    state: "playing",
    demo: false,
    range: { from: 0, to: null },
    peaks: null,
  } as const;
  const context = { ...screen.context(), model: { ...screen.monitor.model(), replay }, capabilities: REPLAY };
  const after = pressKeys({ ...context, ui: initialUi(4) }, "e");
  assert.equal(after.ui.overlay, null);
  assert.match(gridText(drawScreen(after)), /\n The flags of a recording cannot be changed\n/);
});

Deno.test("an unchanged form returns the flags that it was opened with, for each tool", () => {
  for (const tool of TOOLS) {
    const usual = flagsOf(tool).flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]]
    );
    const flags = Object.fromEntries(usual);
    const state = { kind: "attaching" } as const;
    const model = { ...toolModel({ tool, state, tick: null, history: NO_HISTORY }), flags };
    assert.deepEqual(formResult(model, openForm(model)), { flags }, tool.name);
  }
});

Deno.test("flags that change only what is printed are neither in the form nor in the title", () => {
  const screen = new TestScreen();
  screen.monitor.mapTools((tool) => ({
    ...tool,
    tool: { ...tool.tool, flags: tool.tool.flags.map((flag) => ({ ...flag, printOnly: true as const })) },
    flags: { rows: 5, directory: "/var" },
  }));
  assert.doesNotMatch(screen.text(), /rows=5|directory=/);
  assert.equal(screen.press("e").ui.message?.text, "filetop has no flags to set here");
});
