import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../tests/support/tool_infos.ts";
import { Grid, Style, THEME_NAMES, THEMES } from "./canvas/mod.ts";
import { ThemeState } from "./theme_state.ts";
import { groupingNamed } from "../model/mod.ts";
import { screenText, startUi, withGroupings } from "./setup.ts";

Deno.test("screenText() returns each line once, with whole wide characters and without trailing blanks", () => {
  const grid = new Grid(8, 3);
  grid.put(0, "a 日本e\u0301", { room: 8, style: Style.selected });
  grid.put(18, "x", { room: 1, style: Style.text });
  assert.equal(screenText(grid), "a 日本e\u0301\n\n  x\n");
});

const SET = { name: "files", summary: "", tools: ["filetop"], spares: [] };

Deno.test("startUi() starts with the configured choices of each pane", () => {
  const keys = new Map([["quit", ["Q"]]]);
  const panes = [{}, { sort: "reads", filter: "log" }];
  const ui = startUi(3, { theme: "dark", overrides: {}, keys, mouse: true, panes, paneSets: [SET] });
  assert.deepEqual(ui.panes.map(({ sort, filter, top }) => [sort, filter, top]), [
    [null, "", 0],
    ["reads", "log", 0],
    [null, "", 0],
  ]);
  assert.deepEqual([ui.mouse, ui.keys, ui.message, ui.paneSets], [true, keys, null, [SET]]);
});

Deno.test("withGroupings() groups the panes of the tools that have a grouping, and keeps what else is chosen", () => {
  const runqslower = ALL_TOOLS.find(({ name }) => name === "runqslower")!;
  const groupings = new Map([["runqslower", groupingNamed(runqslower, "comm")]]);
  const setup = { theme: "dark", overrides: {}, keys: new Map(), mouse: false, paneSets: [] } as const;
  const panes = [{ by: "file" }, { filter: "log" }];
  const grouped = withGroupings({ ...setup, panes }, ["filetop", "runqslower", "vfsstat"], groupings);
  assert.deepEqual(startUi(3, grouped).panes.map(({ by, filter }) => [by, filter]), [
    ["file", ""],
    ["comm", "log"],
    [null, ""],
  ]);
});

Deno.test("ThemeState.next() goes through every theme and returns to the first", () => {
  const themes = new ThemeState("256", { theme: "dark", overrides: {} });
  const seen = THEME_NAMES.map(() => {
    const before = { theme: themes.theme, palette: themes.palette };
    assert.equal(themes.next(), true);
    assert.notEqual(themes.palette, before.palette);
    return before.theme;
  });
  assert.deepEqual([...seen, themes.theme], [...THEME_NAMES, "dark"]);
});

Deno.test("ThemeState.next() stays with mono when the terminal shows no colours", () => {
  const fg = { rgb: 0xff0000, c256: 196, c16: 9 };
  const themes = new ThemeState("mono", { theme: "light", overrides: { title: { fg } } });
  assert.equal(themes.next(), false);
  assert.equal(themes.theme, "light");
  assert.equal(themes.palette.change(Style.text, Style.title), "");
  assert.equal(themes.palette.change(Style.text, Style.selected), "\x1b[7m");
});

Deno.test("ThemeState.palette keeps the terminal's own colour if it is configured by number", () => {
  const fg = { rgb: 0x5fafff, c256: 75, c16: 14, numbered: true };
  const sequence = (depth: "16" | "256" | "true"): string =>
    new ThemeState(depth, { theme: "dark", overrides: { comm: { fg } } }).palette.change(
      Style.text,
      Style.comm,
    );
  assert.deepEqual([sequence("16"), sequence("256"), sequence("true")], [
    "\x1b[96m",
    "\x1b[38;5;75m",
    "\x1b[38;5;75m",
  ]);
});

Deno.test("ThemeState.palette has the configured styles in every theme", () => {
  const fg = { rgb: 0x123456, c256: 23, c16: 4 };
  const themes = new ThemeState("true", { theme: "dark", overrides: { comm: { fg } } });
  for (const _ of THEME_NAMES) {
    assert.equal(themes.palette.change(Style.text, Style.comm), "\x1b[38;2;18;52;86m");
    themes.next();
  }
});

Deno.test("ThemeState.pictureColors is the shown theme with the configured styles, on a terminal of its kind", () => {
  const fg = { rgb: 0x123456, c256: 23, c16: 4 };
  const chosen = { theme: "light", overrides: { comm: { fg } } } as const;
  const { theme, terminal } = new ThemeState("256", chosen).pictureColors;
  assert.deepEqual([theme.comm, theme.title, terminal.paper], [{ fg }, THEMES.light.title, "#ffffff"]);
  assert.deepEqual(new ThemeState("mono", chosen).pictureColors.theme.title, THEMES.mono.title);
});
