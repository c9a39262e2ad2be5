/**
 * The events a second in the titles of panes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import type { Row } from "../../model/mod.ts";

const opens = (count: number): Row[] => Array.from({ length: count }, () => ({ comm: "cat", path: "/a" }));

for (const size of [[120, 40], [80, 24], [80, 12], [40, 12]] as const) {
  Deno.test(`the title of a pane with events shows their rate at ${size.join("×")}`, () => {
    assert.match(new OneTool("opensnoop", size).tick(opens(37)).title, / opensnoop ─+ .*37\/s/);
  });
}

Deno.test("the title of each pane with events shows their rate on a stacked screen of 80×24, no other does", () => {
  const titles = new TestScreen([80, 24]).text().split("\n").filter((line) => /^─+ \d \w+ ─/.test(line));
  const rates = titles.map((line) => [/\d (\w+)/.exec(line)?.[1], / \d+\/s /.test(line)]);
  assert.deepEqual(rates, [["filetop", false], ["vfsstat", false], ["dcstat", false], ["runqslower", true]]);
});

Deno.test("the rate counts events that the history did not keep, and is that of the interval that is shown", () => {
  const screen = new OneTool("opensnoop").tick(opens(300)).tick(opens(2000));
  assert.match(screen.title, / 2k\/s /);
  assert.match(screen.press("[").title, / 300\/s /);
  assert.match(screen.press("]").tick([]).press(" ").title, / 0\/s /);
});

Deno.test("the rate stays that of all events while the rows are filtered or grouped", () => {
  const screen = new OneTool("opensnoop").tick([...opens(12), { comm: "sh", path: "/b" }]).press("b");
  assert.match(screen.title, / 13\/s /);
  assert.match(screen.press("/", "s", "h", "Enter").title, / 13\/s /);
});
