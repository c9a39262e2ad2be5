import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import type { Row } from "../../model/mod.ts";
import { selectedLine, selectedRow } from "../state/mod.ts";

const selected = (screen: TestScreen): Row | null => selectedRow(screen.arranged().focused!);
const tid = (screen: TestScreen): unknown => selected(screen)?.["tid"];

/** The pane of runqslower, with events. */
const events = (): TestScreen => new TestScreen([120, 40], { load: 3 }).tick(30).press("4");

/** Replaces the rows of filetop as the next tick would. */
function setRows(screen: TestScreen, change: (rows: readonly Row[]) => readonly Row[]): void {
  screen.monitor.mapTools((tool) =>
    tool.tool.name === "filetop" && tool.tick
      ? { ...tool, tick: { ...tool.tick, rows: change(tool.tick.rows) } }
      : tool
  );
}

Deno.test("the selection stays on its event while newer ones arrive, and p acts on it", () => {
  const screen = events().press("j", "j", "j");
  const row = selected(screen);
  const { selected: before } = screen.pane;
  screen.tick(8);
  assert.deepEqual(selected(screen), row);
  assert.ok(screen.pane.selected > before);
  screen.tick(3).press("p");
  assert.deepEqual(screen.commands.at(-1), { kind: "setPivot", id: row?.["pid"] ?? row?.["tid"] });
});

Deno.test("the first place is not followed: a list that was not moved through, or is at its start again, shows the newest event", () => {
  for (const keys of [[], ["j", "j", "k", "k"], ["G", "g"]]) {
    const screen = events().press(...keys).tick(8);
    assert.deepEqual([screen.pane.selected, screen.pane.top], [0, 0], keys.join(" "));
    assert.equal(selected(screen), screen.arranged().focused!.tool.events.at(-1));
  }
});

Deno.test("a list of events that is scrolled stands still while newer ones arrive", () => {
  const screen = events().press("PgDn", "PgDn", "PgDn");
  const shown = (): readonly Row[] => {
    const { rows, first, page } = screen.arranged().focused!;
    return rows.slice(first, first + page);
  };
  const before = shown();
  assert.ok(screen.arranged().focused!.first > 0);
  screen.tick(6);
  assert.deepEqual(shown(), before);
});

Deno.test("the selection stays on the event in the past, and when another column sorts, on its place", () => {
  const screen = events().press("j", "j", "j").tick(2);
  const row = selected(screen);
  assert.deepEqual(selected(screen.press("[")), row);
  const place = screen.pane.selected;
  assert.equal(screen.press(">").pane.selected, place);
  screen.arranged();
  assert.equal(screen.pane.selected, place);
});

Deno.test("the selection stays on the row of a table that changes its place and its values", () => {
  const screen = new TestScreen().press("j", "j", "j");
  const wanted = tid(screen);
  setRows(screen, (rows) => rows.toReversed().map((row) => ({ ...row, reads: 1 })));
  assert.equal(tid(screen), wanted);
  assert.equal(screen.pane.selected, 20);
  setRows(
    screen,
    (
      rows,
    ) => [...rows.filter((row) => row["tid"] === wanted), ...rows.filter((row) => row["tid"] !== wanted)],
  );
  assert.deepEqual([tid(screen), screen.pane.selected], [wanted, 0]);
  setRows(screen, (rows) => rows.toReversed());
  assert.deepEqual([tid(screen), screen.pane.selected], [wanted, 23]);
});

Deno.test("when the selected row leaves, the selection stays at its place, and follows the row that is there now", () => {
  const screen = new TestScreen().press("j", "j", "j");
  const wanted = tid(screen);
  const after = screen.arranged().focused!.rows[4]?.["tid"];
  setRows(screen, (rows) => rows.filter((row) => row["tid"] !== wanted));
  assert.deepEqual([tid(screen), screen.pane.selected], [after, 3]);
  setRows(screen, (rows) => rows.toReversed());
  assert.equal(tid(screen), after);
  setRows(screen, (rows) => rows.slice(0, 2));
  assert.equal(screen.pane.selected === 1 || screen.arranged().focused!.selected === 1, true);
});

Deno.test("the selection stays on its group, and on a row within one", () => {
  const screen = new TestScreen().press("b", "j", "j");
  const group = (): unknown => selectedLine(screen.arranged().focused!)?.group;
  const wanted = group();
  setRows(
    screen,
    (
      rows,
    ) => [...rows, ...Array.from({ length: 9 }, (_, i) => ({ ...rows[i]!, comm: `new${i}`, reads: 1e6 }))],
  );
  assert.equal(group(), wanted);
  screen.press("Enter", "j");
  const leaf = selected(screen);
  assert.ok(leaf !== null);
  setRows(screen, (rows) => rows.slice(0, 24));
  assert.deepEqual([group(), selected(screen)?.["tid"]], [wanted, leaf?.["tid"]]);
});

Deno.test("p offers nothing to widen after a process that had ended already", () => {
  const screen = new TestScreen();
  setRows(screen, (rows) => rows.map(({ pid: _, ...row }) => row));
  screen.monitor.setPivot(1);
  assert.match(screen.text(), /has ended: all processes are shown/);
  const label = screen.arranged().hints.find(({ name }) => name === "process")?.footer?.label;
  assert.equal(label, "Narrow");
  const id = tid(screen);
  assert.deepEqual(screen.press("p").commands.at(-1), { kind: "setPivot", id });
});
