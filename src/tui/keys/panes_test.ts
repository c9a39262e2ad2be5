import { useZone, utcAt } from "../../text/mod.ts";
import assert from "node:assert/strict";
import { drawScreen, gridText, TestScreen } from "../../../tests/support/test_screen.ts";
import { loadPatterns } from "../../text/mod.ts";
import { openMenu, relatedBy, withOlderSamples, withPaneCount } from "../state/mod.ts";

await loadPatterns();

/** Moves the open menu to the entry with this name. */
function goTo(screen: TestScreen, name: string): TestScreen {
  const at = (screen.monitor.model().offers ?? []).findIndex((offer) => offer.name === name);
  screen.press("Home");
  for (let i = 0; i < at; i++) screen.press("Down");
  return screen;
}

Deno.test("t shows the selected tool in the focused pane and does not change the others", () => {
  const screen = new TestScreen().press("s", "Down", "Enter", "Tab", "t");
  assert.equal(openMenu(screen.ui.overlay)?.selected, 1);
  const [filetop] = screen.ui.panes;
  goTo(screen, "opensnoop").press("Enter");
  assert.equal(screen.ui.overlay, null);
  assert.deepEqual(screen.tools, ["filetop", "opensnoop", "dcstat", "runqslower"]);
  assert.equal(screen.ui.panes[0], filetop);
  assert.equal(screen.ui.focus, 1);
  assert.deepEqual(screen.commands.map(({ kind }) => kind), ["listTools", "setTools"]);
});

Deno.test("t swaps two panes, with their choices, when the tool is in another pane", () => {
  const screen = new TestScreen().press("/", "x", "Enter", "t");
  goTo(screen, "runqslower").press("Enter");
  assert.deepEqual(screen.tools, ["runqslower", "vfsstat", "dcstat", "filetop"]);
  assert.deepEqual(screen.ui.panes.map(({ filter }) => filter), ["", "", "", "x"]);
});

Deno.test("t and Enter on the pane's own tool changes nothing", () => {
  const screen = new TestScreen().press("t", "Enter");
  assert.deepEqual(screen.commands.map(({ kind }) => kind), ["listTools"]);
});

Deno.test("Ctrl-N and Ctrl-X in the menu of tools add and remove panes, from one to nine, and the menu stays", () => {
  const screen = goTo(new TestScreen().press("t"), "opensnoop").press("Ctrl-N");
  assert.deepEqual(screen.tools.at(-1), "opensnoop");
  assert.equal(screen.ui.focus, 4);
  assert.equal(screen.ui.overlay?.kind, "tools");
  goTo(screen, "vfsstat").press("Ctrl-N");
  assert.deepEqual([screen.tools.length, screen.ui.focus], [5, 1]);
  screen.press("Ctrl-X", "Ctrl-X");
  assert.deepEqual(screen.tools, ["filetop", "runqslower", "opensnoop"]);
  screen.press("Ctrl-X", "Delete", "Ctrl-X", "Ctrl-X");
  assert.equal(screen.tools.length, 1);
  for (const name of ["vfsstat", "runqlat", "execsnoop", "vfscount"]) goTo(screen, name).press("Ctrl-N");
  assert.equal(screen.ui.panes.length, screen.tools.length);
});

Deno.test("digits in the menu of tools set the number of panes; new ones show runnable tools that no pane shows", () => {
  const screen = new TestScreen().press("t", "6");
  assert.deepEqual(screen.tools, ["filetop", "vfsstat", "dcstat", "runqslower", "opensnoop", "runqlat"]);
  screen.press("Esc", "6", "t", "2");
  assert.deepEqual(screen.tools, ["filetop", "runqlat"]);
  assert.equal(screen.ui.focus, 1);
  screen.press("1");
  assert.deepEqual(screen.tools, ["runqlat"]);
  assert.equal(screen.ui.focus, 0);
});

Deno.test("typing in the menu of tools searches names and summaries; Enter shows what is found", () => {
  const screen = new TestScreen().press("t", ..."runq");
  assert.deepEqual(screen.arranged().menu?.entries.map(({ name }) => name), ["runqslower", "runqlat"]);
  assert.match(screen.text(), /Tool for pane 1 of 4 ─ runq█ ─/);
  screen.press("Down", "Enter");
  assert.deepEqual(screen.tools, ["runqlat", "vfsstat", "dcstat", "runqslower"]);
  screen.press("t", ..."FAKE execs");
  assert.deepEqual(screen.arranged().menu?.entries.map(({ name }) => name), ["execsnoop"]);
  screen.press("Ctrl-U", ..."axq4");
  assert.match(screen.text(), /axq4█ ─[^]*nothing matches/);
  screen.press("Enter");
  assert.equal(screen.ui.overlay, null);
  assert.deepEqual(screen.tools, ["runqlat", "vfsstat", "dcstat", "runqslower"]);
});

Deno.test("a search in the menu of tools is edited, takes a paste, and q and x are text in it", () => {
  const screen = new TestScreen().press("t", ..."qx", "Backspace", "Backspace").paste("open\n");
  assert.match(screen.text(), / open█ /);
  assert.deepEqual(screen.arranged().menu?.entries.map(({ name }) => name), ["opensnoop"]);
  assert.deepEqual(screen.commands.map(({ kind }) => kind), ["listTools"]);
  screen.press("Ctrl-W");
  assert.match(screen.text(), /type to search/);
  assert.deepEqual(screen.press("Ctrl-C").commands.at(-1), { kind: "quit" });
});

Deno.test("adding a tool that a pane shows says so and focuses the pane", () => {
  const screen = new TestScreen([80, 24]).press("t", ..."vfsst", "Ctrl-N");
  assert.equal(screen.ui.focus, 1);
  assert.equal(screen.tools.length, 4);
  assert.match(screen.text().split("\n").at(-1)!, /^ vfsstat is shown already, in pane 2 {2}Enter Show/);
});

Deno.test("the search of a menu without a frame is in the footer", () => {
  const screen = new TestScreen([20, 5]).press("t", ..."exec");
  assert.match(screen.text(), /execsnoop[^]*\n exec█ /);
});

Deno.test("panes that do not fit are counted in the title, and the footer shows the key for them", () => {
  const screen = new TestScreen([80, 24]).press("t", "6", "Esc");
  assert.match(screen.text(), / 1 filetop ─ 1 of 6 panes ─[^]*\n \? Help {2}Tab Next of 6 {2}/);
  assert.match(screen.press("Tab").text(), / 2 vfsstat ─ 2 of 6 panes ─/);
  assert.doesNotMatch(screen.press("z").text(), /6 panes/);
  assert.match(new TestScreen([40, 12]).text(), / 1 filetop ─[^]*\n \? Help {2}Tab Next of 4 {2}/);
  assert.doesNotMatch(new TestScreen([80, 24]).text(), /4 panes|of 4/);
});

Deno.test("a change of panes ends the pause", () => {
  const screen = new TestScreen().press(" ", "t", "Ctrl-X");
  assert.equal(screen.ui.paused, null);
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

Deno.test("Ctrl-X in the menu of tools removes the pane of probes too, and is not offered for the last tool beside it", () => {
  const screen = new TestScreen().press("c");
  screen.ui = withPaneCount(screen.ui, screen.tools.length);
  screen.press("t", "Ctrl-X");
  assert.deepEqual(screen.tools, ["filetop", "vfsstat", "dcstat", "runqslower"]);
  const last = new TestScreen().press("t", "1", "Esc", "c");
  last.ui = { ...withPaneCount(last.ui, last.tools.length), focus: 0 };
  last.press("t");
  assert.doesNotMatch(last.text(), /Ctrl-X Remove/);
  last.press("Tab");
  assert.match(last.text(), /Ctrl-X Remove/);
});

Deno.test("C shows and hides columns for sorting and filtering too, until the tool leaves the pane", () => {
  const screen = new TestScreen().press("C", "End", " ", "Enter");
  assert.deepEqual(screen.pane.columns, { inode: true });
  assert.match(screen.text(), /FILE +INODE/);
  screen.press("/", ..."5003");
  assert.deepEqual(screen.column("inode"), [5003]);
  screen.press("Esc", "Esc", "s", "Down", "Down", "Down", "Enter");
  assert.equal(screen.pane.sort, "reads");
  screen.press("C", "Home", "Down", "Down", " ", "Esc");
  assert.equal(screen.pane.sort, null);
  assert.doesNotMatch(screen.text(), /READS/);
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
  assert.match(screen.text(), / pid 1 has ended: not narrowed/);
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

Deno.test("d shows the whole row, its process, and its numbers in each interval that is kept and since", () => {
  const screen = new TestScreen([100, 60]).press("d").tick(4);
  const text = screen.text();
  assert.match(text, /FILE +\/|FILE +evil/);
  assert.match(text, /INODE +\d+ +What INODE says/);
  assert.match(text, /Command +\/usr\/sbin\/nginx -g 'daemon off;'/);
  assert.match(text, /Parent +1 systemd\n?/);
  assert.match(text, /User id +33/);
  assert.match(text, /Started +2026-11-20 /);
  assert.doesNotMatch(text, /Ended/);
  assert.match(text, /Over time +5 intervals[^]*READS +\d+, max \d+/);
  const details = screen.ui.overlay;
  assert.ok(details?.kind === "details");
  assert.deepEqual(details.samples.map((row) => row?.["tid"]), Array(5).fill(details.row["tid"]));
  assert.deepEqual(screen.press("Esc").commands.map(({ kind }) => kind), ["watchProcess", "watchProcess"]);
});

Deno.test("d reads the numbers of a row from the past: 60 intervals at once, then the rest", () => {
  const screen = new TestScreen().tick(149).press("d");
  const { pastTicks } = screen.monitor.model().tools[0]!;
  let { overlay } = screen.ui;
  assert.ok(overlay?.kind === "details");
  assert.equal(overlay.samples.length, 61);
  while (overlay.unread !== null) overlay = withOlderSamples(overlay);
  const { tid } = overlay.row;
  const rows = Array.from(
    { length: pastTicks.length },
    (_, i) => pastTicks.at(i)?.tick.rows.find((row) => row["tid"] === tid) ?? null,
  );
  assert.ok(rows.length >= 150);
  assert.deepEqual(overlay.samples, rows);
});

Deno.test("d shows between which times a process has ended, and what is known of it", () => {
  const before = useZone(utcAt);
  const screen = new TestScreen([100, 60]).press("d");
  const model = screen.monitor.model();
  const end = { afterMs: Date.UTC(2026, 10, 20, 14, 5, 1), beforeMs: Date.UTC(2026, 10, 20, 14, 5, 9) };
  const watched = { ...model.watched!, ended: true, end };
  const text = gridText(drawScreen({ ...screen.context(), model: { ...model, watched } }));
  assert.match(text, /Process +ended[^]*Command +\/usr\/sbin\/nginx[^]*Ended +between 14:05:01 and 14:05:09/);
  useZone(before);
});

Deno.test("d reports that the row is not in the last interval, and counts it as zero", () => {
  const screen = new TestScreen().press("d");
  screen.monitor.mapTools((tool) => ({ ...tool, tick: tool.tick && { ...tool.tick, time: 1, rows: [] } }));
  assert.match(screen.text(), /filetop +not in the last interval/);
  const details = screen.ui.overlay;
  assert.ok(
    details?.kind === "details" && details.samples.at(-1) === null && details.row["tid"] !== undefined,
  );
});

Deno.test("d opened while paused shows that moment, and no later ticks", () => {
  const screen = new TestScreen().press(" ", "d");
  const before = screen.ui.overlay;
  screen.tick(3);
  assert.deepEqual(screen.ui.overlay, before);
  assert.match(screen.text(), /Over time +1 interval, the past included/);
});

Deno.test("relatedBy() is the thread if the row names one, else the process", () => {
  assert.equal(relatedBy({ tid: 7, pid: 3 }), "tid");
  assert.equal(relatedBy({ tid: null, pid: 3 }), "pid");
  assert.equal(relatedBy({ pid: 3 }), "pid");
});

Deno.test("d keeps an event as it was, and graphs the events of its thread", () => {
  const screen = new TestScreen().tick(40).press("4", "d");
  const before = screen.ui.overlay;
  screen.tick(5);
  assert.deepEqual(screen.ui.overlay, before);
  assert.match(screen.text(), /the (only event kept|last \d+ events) of the same thread[^]*LAT\(us\) +\d+/);
});

Deno.test("d shows every cell of a long path, however narrow the screen", () => {
  const path = `/${"deep/".repeat(60)}the end`;
  for (const size of [[20, 5], [40, 12], [120, 40]] as const) {
    const screen = new TestScreen([...size]);
    screen.monitor.mapTools((tool) =>
      tool.tick ? { ...tool, tick: { ...tool.tick, rows: [{ ...tool.tick.rows[0], file: path }] } } : tool
    );
    let text = screen.press("d").text();
    for (let i = 0; i < 60; i++) text += screen.press("Down").text();
    for (const piece of ["/deep/", "the end"]) {
      assert.ok(text.replaceAll("\n", "").includes(piece), `${size}`);
    }
  }
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
    /Filters\s[^]*writes>100 +Rows whose column is greater/,
  );
  const counters = new TestScreen([120, 200]).press("2", "?").text();
  assert.match(counters, /Filters\s[^]*Names that contain this text/);
  assert.doesNotMatch(counters, /writes>100/);
});

Deno.test("an invalid filter is reported where it is typed and beside the pane's name, and hides nothing", () => {
  const screen = new TestScreen().press("/", ..."/(/");
  assert.equal(screen.column("tid").length, 24);
  assert.match(screen.text(), /1 filetop ─ \/\/\(\/ ─ not a pattern: missing closing \)/);
  assert.match(screen.text().split("\n").at(-1)!, /Filter \/\(\/█ not a pattern: missing closing \)/);
});

Deno.test("t and Enter on the pane of the probes adds a pane with the tool, and closes the menu", () => {
  const screen = new TestScreen().press("c");
  screen.ui = withPaneCount(screen.ui, 5);
  screen.press("5", "t");
  goTo(screen, "opensnoop").press("Enter");
  assert.equal(screen.ui.overlay, null);
  assert.deepEqual(screen.commands.at(-1), {
    kind: "setTools",
    names: ["filetop", "vfsstat", "dcstat", "runqslower", "opensnoop"],
  });
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
  assert.equal(openMenu(screen.ui.overlay)?.selected, 10 - 2 - 2); // screen without header, footer and frame
});

Deno.test("the menu of tools spells out in ASCII what only UTF-8 can show", () => {
  const screen = new TestScreen().press("t");
  const { model } = screen.context();
  const offers = model.offers!.map((offer) => ({ ...offer, summary: "more … to the →" }));
  const drawn = gridText(drawScreen({ ...screen.context(), model: { ...model, offers }, ascii: true }));
  assert.match(drawn, /more \.\.\. to the Right/);
  assert.doesNotMatch(drawn, /[^\x20-\x7e\n]/);
});

Deno.test("d numbers the samples of a table's row by its ticks, so that its graphs keep their groups", () => {
  const screen = new TestScreen().tick(9).press("d").tick(5);
  const newest = (screen.arranged().text?.lines ?? []).flatMap((line) =>
    "newest" in line ? [line.newest] : []
  );
  assert.deepEqual([...new Set(newest)], [screen.monitor.model().tools[0]!.tickCount]);
  assert.equal(newest[0], 15);
});
