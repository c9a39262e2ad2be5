import assert from "node:assert/strict";
import { drawScreen, gridText, TestScreen } from "../../../tests/support/test_screen.ts";
import { INITIAL_PANE, openMenu, withPaneCount } from "../state/mod.ts";

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

Deno.test("a tool chosen while paused is shown live, and a message says so", () => {
  const screen = new TestScreen().press(" ", "t", ..."opens", "Enter");
  assert.equal(screen.ui.paused, null);
  assert.match(
    screen.text(),
    /1 opensnoop[^]*\n Resumed: the panes have changed; @ \d\d:\d\d:\d\d goes back\n/,
  );
  assert.equal(new TestScreen().press("t", ..."opens", "Enter").ui.message, null);
  assert.equal(new TestScreen().press(" ", "x").ui.message?.text, "Resumed: the history is cleared");
  assert.equal(new TestScreen().press(" ", "c").ui.message?.text, "Resumed");
});

Deno.test("a tool that returns to a pane has its sort order, filter and columns again, and another tool has not", () => {
  const screen = new TestScreen().press(
    "s",
    "Down",
    "Down",
    "Down",
    "Enter",
    "r",
    "/",
    "a",
    "Enter",
    "C",
    "End",
    " ",
    "Enter",
  );
  const { sort, reverse, filter, columns } = screen.pane;
  assert.deepEqual([sort, reverse, filter, columns], ["reads", true, "a", { inode: true }]);
  goTo(screen.press("t"), "opensnoop").press("Enter");
  assert.deepEqual([screen.pane.sort, screen.pane.filter, screen.pane.columns], [null, "", {}]);
  screen.press("Down", "Down");
  goTo(screen.press("t"), "filetop").press("Enter");
  assert.equal(screen.tools[0], "filetop");
  assert.deepEqual(screen.pane, { ...INITIAL_PANE, sort, reverse, filter, recentFilters: ["a"], columns });
  goTo(screen.press("t", "Ctrl-X"), "filetop").press("Ctrl-N");
  assert.deepEqual([screen.tools.at(-1), screen.pane.filter], ["filetop", "a"]);
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

Deno.test("x says that it has cleared the history", () => {
  assert.equal(
    new TestScreen().press("x").ui.message?.text,
    "Counters, events and history are cleared",
  );
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
  assert.match(screen.text(), /\n vfsstat is shown already, in pane 2\n Enter Show/);
});

Deno.test("the search of a menu without a frame is in the footer", () => {
  const screen = new TestScreen([20, 5]).press("t", ..."exec");
  assert.match(screen.text(), /execsnoop[^]*\n exec█ /);
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

Deno.test("the menu of tools spells out in ASCII what only UTF-8 can show", () => {
  const screen = new TestScreen().press("t");
  const { model } = screen.context();
  const offers = model.offers!.map((offer) => ({ ...offer, summary: "more … to the →" }));
  const drawn = gridText(drawScreen({ ...screen.context(), model: { ...model, offers }, ascii: true }));
  assert.match(drawn, /more \.\.\. to the Right/);
  assert.doesNotMatch(drawn, /[^\x20-\x7e\n]/);
});

Deno.test("the message that a pause has ended disappears with the next pause", () => {
  for (const key of [" ", "["]) {
    const screen = new TestScreen().tick(3).press(" ");
    goTo(screen.press("t"), "opensnoop").press("Enter");
    assert.match(screen.ui.message?.text ?? "", /^Resumed: /);
    assert.equal(screen.press(key).ui.message, null);
  }
});
