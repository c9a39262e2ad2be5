import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { FilterPrompt } from "../state/mod.ts";
import { TestScreen } from "../../../tests/support/test_screen.ts";

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";

Deno.test("Esc in the filter prompt restores the filter and the selected row from before", () => {
  const screen = new TestScreen().press("/", ..."nginx", "Enter", "j", "j");
  const before = screen.pane;
  assert.equal(before.filter, "nginx");
  screen.press("/", "Ctrl-U", ..."comm=redis");
  assert.equal(screen.pane.filter, "comm=redis");
  screen.press("Esc");
  assert.deepEqual([screen.pane, screen.ui.overlay], [before, null]);
  assert.equal(new TestScreen().press("/", "x", "F1", "Esc", "Esc").pane.filter, "");
});

Deno.test("Enter keeps the filter prompt open while the filter is invalid, and shows the problem", () => {
  for (const invalid of ["foo>3", "writes>lots", "comm=x &&", "a || b"]) {
    const screen = new TestScreen().press("/", ..."nginx", "Enter", "/", "Ctrl-U", ...invalid, "Enter");
    assert.equal(screen.ui.overlay?.kind, "filter", invalid);
    const { problem } = screen.ui.overlay as FilterPrompt;
    assert.ok(problem !== null && screen.text().includes(problem), `${problem}: ${lastLine(screen)}`);
    assert.match(problem, /^not applied: /);
    assert.doesNotMatch(lastLine(screen), /Keep/);
    assert.equal(screen.press("Esc").pane.filter, "nginx");
  }
  const screen = new TestScreen().press("/", ..."foo>3", "Enter", "Ctrl-U", ..."writes>3", "Enter");
  assert.deepEqual([screen.pane.filter, screen.ui.overlay], ["writes>3", null]);
});

Deno.test("Enter keeps the filter prompt of counters open for a comparison, which they do not have", () => {
  const screen = new TestScreen().press("2", "/", ..."read>3", "Enter");
  assert.equal(screen.ui.overlay?.kind, "filter");
  assert.equal(screen.press("Esc").pane.filter, "");
});

Deno.test("a click on another pane closes the filter prompt; a valid filter stays, an invalid one does not", () => {
  const click = (...keys: readonly string[]): TestScreen =>
    new TestScreen().press("/", ...keys).mouse(100, 10);
  const valid = click(..."nginx");
  assert.deepEqual([valid.ui.focus, valid.ui.overlay, valid.ui.panes[0]?.filter], [1, null, "nginx"]);
  const invalid = click(..."foo>3");
  assert.deepEqual([invalid.ui.focus, invalid.ui.overlay, invalid.ui.panes[0]?.filter], [1, null, ""]);
});

Deno.test("a filter is cut at whole characters, whether it is pasted or typed", () => {
  const screen = new TestScreen().press("/").paste("😀".repeat(200)).press("x");
  assert.deepEqual([...screen.pane.filter].length, 201);
  screen.paste("😀".repeat(100)).press("x");
  assert.equal(screen.pane.filter, `${"😀".repeat(200)}x${"😀".repeat(54)}`);
});

Deno.test("while a filter is half typed, the rows of the last valid filter stay, and Enter does not keep it", () => {
  for (
    const [valid, rest] of [["nginx ", "writes>"], ["nginx ", "writes>="], ["nginx ", "!"], [
      "nginx ",
      '"redis',
    ]] as const
  ) {
    const screen = new TestScreen().press("/", ..."nginx");
    const rows = screen.column("tid");
    assert.ok(rows.length > 0);
    screen.press(" ");
    assert.deepEqual(screen.column("tid"), rows);
    screen.press(...rest);
    const { text } = screen.ui.overlay as FilterPrompt;
    assert.equal(text, valid + rest);
    assert.match(screen.text(), /not applied: (value|condition|closing quote) missing/);
    screen.press("Enter");
    assert.equal(screen.ui.overlay?.kind, "filter", rest);
    assert.doesNotMatch(screen.pane.filter, /[>!"]/, rest);
  }
});

Deno.test("/ starts an empty filter: the rows keep the old one until something is typed, and Enter keeps it", () => {
  const screen = new TestScreen().press("/", ..."nginx", "Enter", "/");
  assert.equal((screen.ui.overlay as FilterPrompt).text, "");
  assert.equal(screen.pane.filter, "nginx");
  assert.deepEqual([screen.press("Enter").pane.filter, screen.ui.overlay], ["nginx", null]);
  assert.equal(screen.press("/", ..."redis", "Enter").pane.filter, "redis");
  assert.equal(screen.press("/", "Backspace", "Enter").pane.filter, "");
});

Deno.test("Up recalls the filters from before, also one that Esc has cleared, until something is typed", () => {
  const screen = new TestScreen().press("/", ..."nginx", "Enter", "/", ..."redis", "Enter", "Esc");
  assert.equal(screen.pane.filter, "");
  assert.match(lastLine(screen.press("/")), /↑ Earlier/);
  assert.equal(screen.press("Up").pane.filter, "redis");
  assert.equal(screen.press("Up").pane.filter, "nginx");
  assert.equal(screen.press("Up").pane.filter, "nginx");
  assert.equal(screen.press("Down").pane.filter, "redis");
  assert.equal(screen.press("Down").pane.filter, "");
  screen.press("Up", "Backspace");
  assert.equal((screen.ui.overlay as FilterPrompt).text, "redi");
  assert.doesNotMatch(lastLine(screen), /Earlier/);
  screen.press("Down");
  assert.deepEqual([screen.pane.filter, (screen.ui.overlay as FilterPrompt).text], ["redi", "redi"]);
  assert.equal(screen.press("Enter", "t", ..."vfscount", "Enter").pane.filter, "");
});

Deno.test("a filter with a path says that whole paths are not collected, unless they are", () => {
  const row = {
    tid: 1,
    pid: 1,
    comm: "dd",
    reads: 1,
    writes: 0,
    read_bytes: 1,
    write_bytes: 0,
    type: "R",
    file: "fresh",
  };
  const text = (filter: string, name = "filetop"): string =>
    new OneTool(name).tick([row]).press("/", ...filter, "Enter").lines.join("\n");
  assert.match(text("/tmp/fresh"), /whole paths are not collected: e, full-path \(or directory\)/);
  assert.match(text("/tmp"), /whole paths are not collected/);
  assert.match(text("file=tmp/x"), /whole paths are not collected/);
  assert.match(text("fresher"), /no row matches the filter/);
  assert.match(text("/tmp/x", "opensnoop"), /no row matches the filter/);
});
