import assert from "node:assert/strict";
import { gridText, Person } from "../../../tests/support/person.ts";
import { loadPatterns } from "../../text/mod.ts";
import { detailsLines } from "../layout/mod.ts";
import { openMenu, relatedBy, withPaneCount } from "../state/mod.ts";
import { view } from "../view/mod.ts";

await loadPatterns();

/** Moves the open menu to the entry with this name. */
function goTo(person: Person, name: string): Person {
  const at = (person.monitor.model().offers ?? []).findIndex((offer) => offer.name === name);
  person.press("Home");
  for (let i = 0; i < at; i++) person.press("Down");
  return person;
}

Deno.test("t shows the selected tool in the focused pane and keeps the others as they are", () => {
  const person = new Person().press("s", "Down", "Enter", "Tab", "t");
  assert.equal(openMenu(person.ui.overlay)?.selected, 1);
  const [filetop] = person.ui.panes;
  goTo(person, "opensnoop").press("Enter");
  assert.equal(person.ui.overlay, null);
  assert.deepEqual(person.tools, ["filetop", "opensnoop", "dcstat", "runqslower"]);
  assert.equal(person.ui.panes[0], filetop);
  assert.equal(person.ui.focus, 1);
  assert.deepEqual(person.actions.map(({ kind }) => kind), ["listTools", "setTools"]);
});

Deno.test("t lets two panes change places when the tool is in another pane, with what was chosen in them", () => {
  const person = new Person().press("/", "x", "Enter", "t");
  goTo(person, "runqslower").press("Enter");
  assert.deepEqual(person.tools, ["runqslower", "vfsstat", "dcstat", "filetop"]);
  assert.deepEqual(person.ui.panes.map(({ filter }) => filter), ["", "", "", "x"]);
});

Deno.test("t and Enter on the tool that is there changes nothing", () => {
  const person = new Person().press("t", "Enter");
  assert.deepEqual(person.actions.map(({ kind }) => kind), ["listTools"]);
});

Deno.test("a and x in the menu of tools add and remove panes, from one to nine, and the menu stays", () => {
  const person = goTo(new Person().press("t"), "opensnoop").press("a");
  assert.deepEqual(person.tools.at(-1), "opensnoop");
  assert.equal(person.ui.focus, 4);
  assert.equal(person.ui.overlay?.kind, "tools");
  goTo(person, "vfsstat").press("a");
  assert.deepEqual([person.tools.length, person.ui.focus], [5, 1]);
  person.press("x", "x");
  assert.deepEqual(person.tools, ["filetop", "runqslower", "opensnoop"]);
  person.press("x", "x", "x", "x");
  assert.equal(person.tools.length, 1);
  for (const name of ["vfsstat", "runqlat", "execsnoop", "vfscount"]) goTo(person, name).press("a");
  assert.equal(person.ui.panes.length, person.tools.length);
});

Deno.test("digits in the menu of tools set the number of panes; new ones show what can run and no pane shows", () => {
  const person = new Person().press("t", "6");
  assert.deepEqual(person.tools, ["filetop", "vfsstat", "dcstat", "runqslower", "opensnoop", "runqlat"]);
  person.press("Esc", "6", "t", "2");
  assert.deepEqual(person.tools, ["filetop", "runqlat"]);
  assert.equal(person.ui.focus, 1);
  person.press("1");
  assert.deepEqual(person.tools, ["runqlat"]);
  assert.equal(person.ui.focus, 0);
});

Deno.test("a change of panes ends the pause, whose screen had other panes", () => {
  const person = new Person().press(" ", "t", "x");
  assert.equal(person.ui.paused, null);
  assert.equal(person.ui.panes.length, 3);
});

Deno.test("x ends the pause, whose past it takes away", () => {
  const person = new Person().press(" ", "x");
  assert.equal(person.ui.paused, null);
  assert.deepEqual(person.actions, [{ kind: "clear" }]);
});

Deno.test("c ends the pause, whose screen had no pane of probes", () => {
  const person = new Person().press(" ", "c");
  assert.equal(person.ui.paused, null);
  person.ui = withPaneCount(person.ui, person.tools.length);
  assert.match(person.screen(), /5 probes/);
});

Deno.test("x in the menu of tools removes the pane of probes too, and is not offered for the last tool beside it", () => {
  const person = new Person().press("c");
  person.ui = withPaneCount(person.ui, person.tools.length);
  person.press("t", "x");
  assert.deepEqual(person.tools, ["filetop", "vfsstat", "dcstat", "runqslower"]);
  const last = new Person().press("t", "1", "Esc", "c");
  last.ui = { ...withPaneCount(last.ui, last.tools.length), focus: 0 };
  last.press("t");
  assert.doesNotMatch(last.screen(), /x Remove pane/);
  last.press("Tab");
  assert.match(last.screen(), /x Remove pane/);
});

Deno.test("C shows and hides columns, which sorting and filtering then know, until the tool leaves the pane", () => {
  const person = new Person().press("C", "End", " ", "Enter");
  assert.deepEqual(person.pane.columns, { inode: true });
  assert.match(person.screen(), /FILE +INODE/);
  person.press("/", ..."5003");
  assert.deepEqual(person.column("inode"), [5003]);
  person.press("Esc", "Esc", "s", "Down", "Down", "Enter");
  assert.equal(person.pane.sort, "reads");
  person.press("C", "Home", "Down", "Down", " ", "Esc");
  assert.equal(person.pane.sort, null);
  assert.doesNotMatch(person.screen(), /READS/);
  goTo(person.press("t"), "opensnoop").press("Enter");
  assert.deepEqual(person.pane.columns, {});
});

Deno.test("C never hides the last column", () => {
  const person = new Person().press("4", "C");
  for (let i = 0; i < 5; i++) person.press(" ", "Down");
  assert.match(person.screen(), /\[x\] +PREV COMM/);
  assert.equal(Object.values(person.pane.columns).filter((on) => on).length, 0);
});

Deno.test("p narrows to the row's process, says so in the header, and widens again", () => {
  const person = new Person();
  const tid = person.column("tid")[0];
  assert.match(person.press("p").screen().split("\n")[0]!, new RegExp(` pid ${tid} \\S+`));
  person.monitor.endPivot();
  assert.match(person.screen().split("\n")[0]!, new RegExp(` pid ${tid} \\S+ ended`));
  person.press("p");
  assert.deepEqual(person.actions, [{ kind: "setPivot", id: tid }, { kind: "setPivot", id: null }]);
  assert.doesNotMatch(person.screen(), / pid \d/);
});

Deno.test("the header keeps the id of the process when there is no room for its name, and when paused", () => {
  for (const [width, keys] of [[20, ["p"]], [20, ["p", " "]], [40, ["p", " "]], [120, ["p", " "]]] as const) {
    const person = new Person([width, 12]).press(...keys);
    const { pid } = person.monitor.model().pivot!;
    const header = person.screen().split("\n")[0]!;
    assert.match(header, new RegExp(` ${pid}\\b`), `${width}`);
    if (keys.length > 1 && width > 20) assert.match(header, /PAUSED/);
    person.monitor.endPivot();
    assert.match(person.screen().split("\n")[0]!, new RegExp(` ${pid} .*ended`), `${width}`);
  }
});

Deno.test("p does nothing where no row names a process", () => {
  assert.deepEqual(new Person().press("2", "p").actions, []);
});

Deno.test("p says so when the process had ended before, and Esc takes the words away", () => {
  const person = new Person();
  person.monitor.setPivot(1);
  assert.match(person.screen(), / pid 1 has ended: not narrowed/);
  assert.doesNotMatch(person.press("Esc").screen(), /has ended/);
});

Deno.test("Esc closes what is open, clears the filter, leaves the pivot, leaves the zoom, in this order", () => {
  const person = new Person().press("z", "p", "/", "n", "Enter", "d");
  const seen = Array.from({ length: 5 }, () => {
    const { ui } = person.press("Esc");
    return [ui.overlay, person.pane.filter, person.monitor.model().pivot !== null, ui.zoom];
  });
  assert.deepEqual(seen, [
    [null, "n", true, true],
    [null, "", true, true],
    [null, "", false, true],
    [null, "", false, false],
    [null, "", false, false],
  ]);
});

Deno.test("d shows the whole row, its process, and its numbers in each interval since", () => {
  const person = new Person([100, 60]).press("d").tick(4);
  const screen = person.screen();
  assert.match(screen, /FILE +\/|FILE +evil/);
  assert.match(screen, /INODE +\d+ +What INODE says/);
  assert.match(screen, /Command +\/usr\/sbin\/nginx -g 'daemon off;'/);
  assert.match(screen, /User id +33/);
  assert.match(screen, /Over time +5 intervals[^]*READS +\d+, max \d+/);
  const details = person.ui.overlay;
  assert.ok(details?.kind === "details");
  assert.deepEqual(details.samples.map((row) => row?.["tid"]), Array(5).fill(details.row["tid"]));
  assert.deepEqual(person.press("Esc").actions.map(({ kind }) => kind), ["watch", "watch"]);
});

Deno.test("d says so when the row is not in the last interval, and counts that as nothing", () => {
  const person = new Person().press("d");
  person.monitor.change((tool) => ({ ...tool, tick: tool.tick && { ...tool.tick, time: 1, rows: [] } }));
  assert.match(person.screen(), /filetop +not in the last interval/);
  const details = person.ui.overlay;
  assert.ok(
    details?.kind === "details" && details.samples.at(-1) === null && details.row["tid"] !== undefined,
  );
});

Deno.test("d opened while paused shows that moment, and not what goes on meanwhile", () => {
  const person = new Person().press(" ", "d");
  const before = person.ui.overlay;
  person.tick(3);
  assert.deepEqual(person.ui.overlay, before);
  assert.match(person.screen(), /Over time +1 interval since this was opened/);
});

Deno.test("relatedBy() is the thread where a row tells one, else the process", () => {
  assert.equal(relatedBy({ tid: 7, pid: 3 }), "tid");
  assert.equal(relatedBy({ tid: null, pid: 3 }), "pid");
  assert.equal(relatedBy({ pid: 3 }), "pid");
});

Deno.test("d keeps an event as it was, and graphs the events of its thread", () => {
  const person = new Person().tick(40).press("4", "d");
  const before = person.ui.overlay;
  person.tick(5);
  assert.deepEqual(person.ui.overlay, before);
  assert.match(person.screen(), /the (only event kept|last \d+ events) of the same thread[^]*LAT\(us\) +\d+/);
});

Deno.test("d shows every cell of a long path, however narrow the screen", () => {
  const path = `/${"deep/".repeat(60)}the end`;
  for (const size of [[20, 5], [40, 12], [120, 40]] as const) {
    const person = new Person([...size]);
    person.monitor.change((tool) =>
      tool.tick ? { ...tool, tick: { ...tool.tick, rows: [{ ...tool.tick.rows[0], file: path }] } } : tool
    );
    let text = person.press("d").screen();
    for (let i = 0; i < 60; i++) text += person.press("Down").screen();
    for (const piece of ["/deep/", "the end"]) {
      assert.ok(text.replaceAll("\n", "").includes(piece), `${size}`);
    }
  }
});

Deno.test("the arrow keys reach every column of a narrow pane, then the end of the longest name, and come back", () => {
  const person = new Person([40, 12]);
  const first = person.screen();
  const titles = new Set<string>();
  for (let i = 0; i < 40; i++) {
    for (const title of person.screen().split("\n")[2]!.trim().split(/\s+/)) titles.add(title);
    person.press("Right");
  }
  for (const title of ["TID", "COMM", "READS", "WRITES", "R_Kb", "W_Kb", "T", "FILE"]) {
    assert.ok(titles.has(title), title);
  }
  assert.match(person.screen(), /2619|index\.json|system\.journal/);
  const { skip, shift } = person.pane;
  assert.ok(skip < 8 && shift < 60);
  for (let i = 0; i < 20; i++) person.press("Left");
  assert.equal(person.screen(), first);
});

Deno.test("a click in a menu selects, a click on the selected entry takes it, the wheel scrolls", () => {
  const person = new Person().press("s");
  const lines = person.screen().split("\n");
  const y = lines.findIndex((line) => /│ +WRITES +What/.test(line));
  assert.ok(y > 0);
  person.mouse(12, y);
  assert.equal(openMenu(person.ui.overlay)?.selected, 3);
  person.mouse(12, y);
  assert.deepEqual([person.ui.overlay, person.pane.sort], [null, "writes"]);
  person.press("t").mouse(10, 10, "wheel-down");
  assert.equal(openMenu(person.ui.overlay)?.selected, 1);
  const { ui } = person;
  assert.equal(person.mouse(119, 39).ui, ui);
});

Deno.test("the help explains the filters that work in the focused pane", () => {
  assert.match(
    new Person([120, 200]).press("?").screen(),
    /Filters\s[^]*writes>100 +Rows whose column is greater/,
  );
  const counters = new Person([120, 200]).press("2", "?").screen();
  assert.match(counters, /Filters\s[^]*Those with this text in their name/);
  assert.doesNotMatch(counters, /writes>100/);
});

Deno.test("a filter that cannot be read says so where it is typed and beside the pane's name, and hides nothing", () => {
  const person = new Person().press("/", ..."/(/");
  assert.equal(person.column("tid").length, 24);
  assert.match(person.screen(), /1 filetop ─ \/\/\(\/ ─ not a pattern: missing closing \)/);
  assert.match(person.screen().split("\n").at(-1)!, /Filter \/\(\/█ not a pattern: missing closing \)/);
});

Deno.test("t and Enter on the pane of the probes adds a pane with the tool, and closes the menu", () => {
  const person = new Person().press("c");
  person.ui = withPaneCount(person.ui, 5);
  person.press("5", "t");
  goTo(person, "opensnoop").press("Enter");
  assert.equal(person.ui.overlay, null);
  assert.deepEqual(person.actions.at(-1), {
    kind: "setTools",
    names: ["filetop", "vfsstat", "dcstat", "runqslower", "opensnoop"],
  });
});

Deno.test("C takes the reversed order away with the column that rows were sorted by", () => {
  const person = new Person().press("s", "Down", "Down", "Enter", "r", "C", "Down", "Down", " ");
  assert.deepEqual([person.pane.sort, person.pane.reverse], [null, false]);
});

Deno.test("s, p and d do nothing on a pane that cannot run, though its events are kept", () => {
  const person = new Person().tick(5).press("4");
  assert.notEqual(person.column("comm").length, 0);
  person.monitor.change((tool) =>
    tool.tool.name === "runqslower"
      ? { ...tool, tick: null, state: { kind: "unavailable", reason: "gone", remedy: "" } }
      : tool
  );
  assert.equal(person.press("s", "d", "p").ui.overlay, null);
  assert.deepEqual(person.actions, []);
});

Deno.test("PgDn moves by what is seen at once: rows while a filter is typed, lines of help and menus", () => {
  const rows = (...keys: string[]): number =>
    new Person([120, 40], { rows: 200 }).press(...keys).pane.selected;
  assert.equal(rows("/", "PgDn"), rows("PgDn"));
  const help = new Person([40, 12]).press("?", "PgDn").ui.overlay;
  assert.equal(help?.kind === "help" && help.top, 12 - 2 - 2); // header and footer, frame
});

Deno.test("counters are scrolled no further than to where the last is seen, so that each k moves", () => {
  const person = new Person([30, 7]).press("2", "G");
  const atEnd = person.screen();
  assert.notEqual(person.press("k").screen(), atEnd);
  assert.equal(person.press("j").screen(), atEnd);
});

Deno.test("Esc leaves no zoom of a single pane, and the footer does not offer it", () => {
  const person = new Person().press("z", "t", "1", "Esc");
  assert.equal(person.tools.length, 1);
  assert.doesNotMatch(person.screen(), /Esc Back/);
});

Deno.test("PgDn in a menu moves by as many entries as are seen", () => {
  const person = new Person([40, 10]).press("t", "PgDn");
  assert.equal(openMenu(person.ui.overlay)?.selected, 10 - 2 - 2); // screen without header, footer and frame
});

Deno.test("the menu of tools spells out in ASCII what only UTF-8 can show", () => {
  const person = new Person().press("t");
  const { model } = person.context();
  const offers = model.offers!.map((offer) => ({ ...offer, summary: "more … to the →" }));
  const drawn = gridText(view({ ...person.context(), model: { ...model, offers }, ascii: true }));
  assert.match(drawn, /more \.\.\. to the Right/);
  assert.doesNotMatch(drawn, /[^\x20-\x7e\n]/);
});

Deno.test("d numbers the samples of a table's row by its ticks, so that its graphs keep their groups", () => {
  const person = new Person().tick(9).press("d").tick(5);
  const newest = detailsLines(person.context(), 80).flatMap((line) =>
    line.kind === "graph" ? [line.newest] : []
  );
  assert.deepEqual([...new Set(newest)], [person.monitor.model().tools[0]!.tickCount]);
  assert.equal(newest[0], 15);
});
