import assert from "node:assert/strict";
import { loadPatterns } from "../../text/mod.ts";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import { openMenu, withPaneCount } from "../state/mod.ts";

await loadPatterns();

/** Moves the open menu to the entry with this name. */
function goTo(screen: TestScreen, name: string): TestScreen {
  const at = (screen.monitor.model().offers ?? []).findIndex((offer) => offer.name === name);
  screen.press("Home");
  for (let i = 0; i < at; i++) screen.press("Down");
  return screen;
}

Deno.test("panes that do not fit are counted in the title, and the footer shows the key for them", () => {
  const screen = new TestScreen([80, 24]).press("t", "6", "Esc");
  assert.match(screen.text(), / 1 filetop ─ 1 of 6 panes ─[^]*\n \? Help Tab Next of 6 /);
  assert.match(screen.press("Tab").text(), / 2 vfsstat ─ 2 of 6 panes ─/);
  assert.doesNotMatch(screen.press("z").text(), /6 panes/);
  assert.match(new TestScreen([40, 12]).text(), / 1 filetop ─[^]*\n \? Help Tab Next of 4 /);
  assert.doesNotMatch(new TestScreen([80, 24]).text(), /4 panes|of 4/);
});

Deno.test("a change of panes ends the pause, and a message says so", () => {
  const screen = new TestScreen().press(" ", "t", "Ctrl-X");
  assert.equal(screen.ui.paused, null);
  assert.match(screen.text(), /\n Resumed: the panes have changed; @ \d\d:\d\d:\d\d goes back\n/);
  assert.equal(screen.ui.panes.length, 3);
});

Deno.test("x ends the pause, because it clears the history", () => {
  const screen = new TestScreen().press(" ", "x");
  assert.equal(screen.ui.paused, null);
  assert.deepEqual(screen.commands, [{ kind: "clear" }]);
});

Deno.test("c ends the pause, because the paused model has no pane of probes", () => {
  const screen = new TestScreen().press(" ", "c");
  assert.equal(screen.ui.paused, null);
  screen.ui = withPaneCount(screen.ui, screen.tools.length);
  assert.match(screen.text(), /5 probes/);
});

Deno.test("C shows and hides columns for sorting and filtering too, of that tool only", () => {
  const screen = new TestScreen().press("C", "End", " ", "Enter");
  assert.deepEqual(screen.pane.columns, { inode: true });
  assert.match(screen.text(), /FILE +INODE/);
  screen.press("/", ..."5003");
  assert.deepEqual(screen.column("inode"), [5003]);
  screen.press("Esc", "Esc", "s", "Down", "Down", "Down", "Enter");
  assert.equal(screen.pane.sort, "reads");
  screen.press("C", "Home", "Down", "Down", " ", "Esc");
  assert.equal(screen.pane.sort, null);
  assert.doesNotMatch(screen.text(), / READS WRITES/);
  goTo(screen.press("t"), "opensnoop").press("Enter");
  assert.deepEqual(screen.pane.columns, {});
});

Deno.test("C never hides the last column", () => {
  const screen = new TestScreen().press("4", "C");
  for (let i = 0; i < 5; i++) screen.press(" ", "Down");
  assert.match(screen.text(), /\[x\] +PREV COMM/);
  assert.equal(Object.values(screen.pane.columns).filter((on) => on).length, 0);
});

Deno.test("p narrows to the row's process, shows it in the header, and widens again", () => {
  const screen = new TestScreen();
  const tid = screen.column("tid")[0];
  assert.match(screen.press("p").text().split("\n")[0]!, new RegExp(` pid ${tid} \\S+`));
  screen.monitor.endPivot();
  assert.match(screen.text().split("\n")[0]!, new RegExp(` pid ${tid} \\S+ ended`));
  screen.press("p");
  assert.deepEqual(screen.commands, [{ kind: "setPivot", id: tid }, { kind: "setPivot", id: null }]);
  assert.doesNotMatch(screen.text(), / pid \d/);
});

Deno.test("the header keeps the id of the process when there is no room for its name, and when paused", () => {
  for (const [width, keys] of [[20, ["p"]], [20, ["p", " "]], [40, ["p", " "]], [120, ["p", " "]]] as const) {
    const screen = new TestScreen([width, 12]).press(...keys);
    const { pid } = screen.monitor.model().pivot!;
    const header = screen.text().split("\n")[0]!;
    assert.match(header, new RegExp(` ${pid}\\b`), `${width}`);
    if (keys.length > 1 && width > 20) assert.match(header, /PAUSED/);
    screen.monitor.endPivot();
    assert.match(screen.text().split("\n")[0]!, new RegExp(` ${pid} .*ended`), `${width}`);
  }
});

Deno.test("p does nothing if no row names a process", () => {
  assert.deepEqual(new TestScreen().press("2", "p").commands, []);
});

Deno.test("p reports that the process has ended, and Esc removes the message", () => {
  const screen = new TestScreen();
  screen.monitor.setPivot(1);
  assert.match(screen.text(), / pid 1 has ended: all processes are shown/);
  assert.doesNotMatch(screen.press("Esc").text(), /has ended/);
});

Deno.test("Esc closes what is open, clears the filter, leaves the pivot, leaves the zoom, in this order", () => {
  const screen = new TestScreen().press("z", "p", "/", "n", "Enter", "d");
  const seen = Array.from({ length: 5 }, () => {
    const { ui } = screen.press("Esc");
    return [ui.overlay, screen.pane.filter, screen.monitor.model().pivot !== null, ui.zoom];
  });
  assert.deepEqual(seen, [
    [null, "n", true, true],
    [null, "", true, true],
    [null, "", false, true],
    [null, "", false, false],
    [null, "", false, false],
  ]);
});

Deno.test("the arrow keys reach every column of a narrow pane, then the end of the longest name, and return", () => {
  const screen = new TestScreen([40, 12]);
  const first = screen.text();
  const titles = new Set<string>();
  for (let i = 0; i < 40; i++) {
    for (const title of screen.text().split("\n")[2]!.trim().split(/[\s▼▲]+/)) titles.add(title);
    screen.press("Right");
  }
  for (const title of ["TID", "COMM", "READS", "WRITES", "R_Kb", "W_Kb", "T", "FILE"]) {
    assert.ok(titles.has(title), title);
  }
  assert.match(screen.text(), /2619|index\.json|system\.journal/);
  const { skip, shift } = screen.pane;
  assert.ok(skip < 8 && shift < 60);
  for (let i = 0; i < 20; i++) screen.press("Left");
  assert.equal(screen.text(), first);
});

Deno.test("a click in a menu selects, a click on the selected entry takes it, the wheel scrolls", () => {
  const screen = new TestScreen().press("s");
  const lines = screen.text().split("\n");
  const y = lines.findIndex((line) => /│ +WRITES +What/.test(line));
  assert.ok(y > 0);
  screen.mouse(12, y);
  assert.equal(openMenu(screen.ui.overlay)?.selected, 4);
  screen.mouse(12, y);
  assert.deepEqual([screen.ui.overlay, screen.pane.sort], [null, "writes"]);
  screen.press("t").mouse(10, 10, "wheel-down");
  assert.equal(openMenu(screen.ui.overlay)?.selected, 1);
  const { ui } = screen;
  assert.equal(screen.mouse(119, 39).ui, ui);
});

Deno.test("the help explains the filters that work in the focused pane", () => {
  assert.match(
    new TestScreen([120, 200]).press("?").text(),
    /Filters\s[^]*read_bytes>4k +Rows whose column is greater/,
  );
  const counters = new TestScreen([120, 200]).press("2", "?").text();
  assert.match(counters, /Filters\s[^]*Names that contain this text/);
  assert.doesNotMatch(counters, /read_bytes>4k/);
});

Deno.test("an invalid filter is reported where it is typed and beside the pane's name, and hides nothing", () => {
  const screen = new TestScreen().press("/", ..."/(/");
  assert.equal(screen.column("tid").length, 24);
  assert.match(screen.text(), /1 filetop ─ \/\/\(\/ ─ not applied: not a pattern: missing clos/);
  assert.match(
    screen.text().split("\n").at(-1)!,
    /Filter \/\(\/█ not applied: not a pattern: missing closing \)/,
  );
});

Deno.test("C ends the reversed order when it hides the sort column", () => {
  const screen = new TestScreen().press("s", "Down", "Down", "Down", "Enter", "r", "C", "Down", "Down", " ");
  assert.deepEqual([screen.pane.sort, screen.pane.reverse], [null, false]);
});

Deno.test("s, p and d do nothing on a pane that cannot run, though its events are kept", () => {
  const screen = new TestScreen().tick(5).press("4");
  assert.notEqual(screen.column("comm").length, 0);
  screen.monitor.mapTools((tool) =>
    tool.tool.name === "runqslower"
      ? { ...tool, tick: null, state: { kind: "unavailable", reason: "gone", remedy: "" } }
      : tool
  );
  assert.equal(screen.press("s", "d", "p").ui.overlay, null);
  assert.deepEqual(screen.commands, []);
});

Deno.test("PgDn moves by one visible page: of rows while a filter is typed, of lines in help and menus", () => {
  const rows = (...keys: string[]): number =>
    new TestScreen([120, 40], { rows: 200 }).press(...keys).pane.selected;
  assert.equal(rows("/", "PgDn"), rows("PgDn"));
  const help = new TestScreen([40, 12]).press("?", "PgDn").ui.overlay;
  assert.equal(help?.kind === "help" && help.top, 12 - 2 - 2); // header and footer, frame
});

Deno.test("counters scroll only until the last one is visible, so that each k moves", () => {
  const screen = new TestScreen([30, 7]).press("2", "G");
  const atEnd = screen.text();
  assert.notEqual(screen.press("k").text(), atEnd);
  assert.equal(screen.press("j").text(), atEnd);
});

Deno.test("Esc leaves no zoom of a single pane, and the footer does not offer it", () => {
  const screen = new TestScreen().press("z", "t", "1", "Esc");
  assert.equal(screen.tools.length, 1);
  assert.doesNotMatch(screen.text(), /Esc Back/);
});

Deno.test("PgDn in a menu moves by as many entries as are seen", () => {
  const screen = new TestScreen([40, 10]).press("t", "PgDn");
  // The screen without header, footer, frame and the line with the selected entry's text.
  assert.equal(openMenu(screen.ui.overlay)?.selected, 10 - 2 - 2 - 1);
});
