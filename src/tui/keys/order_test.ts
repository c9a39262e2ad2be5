import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

Deno.test("the menu of sort columns starts with the tool's own order, which Enter restores", () => {
  const screen = new TestScreen();
  const own = screen.column("tid");
  screen.press("s");
  assert.deepEqual(screen.arranged().menu?.entries.slice(0, 2).map(({ name }) => name), [
    "default",
    "TID",
  ]);
  assert.equal(screen.arranged().menu?.selected, 0);
  screen.press("Down", "Enter");
  assert.notDeepEqual(screen.column("tid"), own);
  screen.press("s");
  assert.equal(screen.arranged().menu?.selected, 1);
  screen.press("Home", "Enter");
  assert.equal(screen.pane.sort, null);
  assert.deepEqual(screen.column("tid"), own);
});

Deno.test("< and > pass through the tool's own order", () => {
  const screen = new TestScreen().press(">");
  assert.equal(screen.pane.sort, "tid");
  assert.equal(screen.press("<").pane.sort, null);
  assert.equal(screen.press("<").pane.sort, "file");
  assert.equal(screen.press(">").pane.sort, null);
});

Deno.test("an order by the sum of columns is in words, and a chosen column is marked", () => {
  const screen = new TestScreen([80, 24]);
  const header = (): string => screen.text().split("\n")[2]!;
  const style = (title: string): number => screen.grid().style(2 * 80 + header().indexOf(title));
  assert.match(header(), / READS WRITES .*FILE {2}sort: sum$/);
  assert.equal(style("READS"), style("COMM"));
  assert.match(screen.press("r").text().split("\n")[2]!, / READS WRITES .*FILE {2}sort: smallest sum$/);
  assert.match(new TestScreen().text(), /╰─ sort: sum of READS, WRITES ─/);
  assert.match(new TestScreen().press("r").text(), /╰─ sort: smallest sum of READS, WRITES ─/);
  screen.press("s", "Home", "Down", "Down", "Down", "Enter");
  assert.match(header(), /▼READS WRITES /);
  assert.notEqual(style("READS"), style("COMM"));
  screen.press("s", "Home", "Enter", "4");
  assert.match(screen.text(), /TIME▼/);
});

Deno.test("the header line says the order in words where no column shows it", () => {
  const screen = new TestScreen([120, 24]);
  screen.monitor.setTools(["opensnoop"]);
  screen.ui = { ...screen.ui, panes: screen.ui.panes.slice(0, 1) };
  screen.monitor.mapTools((tool) => ({
    ...tool,
    tool: { ...tool.tool, columns: tool.tool.columns.filter(({ key }) => key !== "time") },
  }));
  screen.tick();
  assert.match(screen.text().split("\n")[2]!, / {2}newest first/);
  assert.match(screen.press("r").text().split("\n")[2]!, / {2}oldest first/);
});

Deno.test("the arrow keys choose the histogram of a heat map, and the footer shows them", () => {
  const screen = new TestScreen([80, 24]);
  screen.monitor.setTools(["runqlat"]);
  screen.ui = { ...screen.ui, panes: screen.ui.panes.slice(0, 1) };
  screen.tick(20);
  assert.doesNotMatch(screen.text().split("\n").at(-1)!, /Histogram/);
  screen.monitor.mapTools((tool) => ({
    ...tool,
    histograms: ["read", "write"].map((label) => ({ ...tool.histograms[0]!, label })),
  }));
  const label = (): string | undefined => screen.arranged().focused?.heat?.label;
  assert.equal(label(), "read");
  assert.match(screen.text().split("\n").at(-1)!, /v View {1,2}← → Histogram/);
  assert.equal((screen.press("Right"), label()), "write");
  assert.match(screen.text(), /write {2}2\/2/);
  assert.equal((screen.press("Left"), label()), "read");
  assert.equal((screen.press("Down"), label()), "write");
  assert.match(screen.press("?", "PgDn").text(), /← {2}→ +The previous or the next histogram/);
});

Deno.test("the sort menu opens at the order in use and marks it, also in a search", () => {
  const screen = new TestScreen().press(">", "s");
  const used = () => screen.arranged().menu!.entries.filter((entry) => entry.used).map(({ name }) => name);
  assert.deepEqual([screen.arranged().menu!.selected, used()], [1, ["TID"]]);
  assert.match(screen.text(), /│\* ?TID /);
  assert.deepEqual([screen.press("/", "r").arranged().menu!.entries.length > 1, used()], [true, ["TID"]]);
  assert.deepEqual(new TestScreen().press("s").arranged().menu!.entries[0]!.used, true);
});

Deno.test("a leading / is not part of a search in a menu or in the help", () => {
  for (const keys of [["s", "/"], ["t"], ["C", "/"]]) {
    const names = (...typed: string[]) =>
      new TestScreen().press(...keys, ...typed).arranged().menu!.entries.map(({ name }) => name);
    assert.deepEqual(names("/", ..."file"), names(..."file"), keys.join(" "));
    assert.notEqual(names("/", ..."file").length, 0);
    assert.deepEqual(names("/"), names());
  }
  const { overlay } = new TestScreen().press("?", "/", "/", "f").ui;
  assert.equal(overlay?.kind === "help" && overlay.search, "f");
});
