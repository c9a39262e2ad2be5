import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/terminal/fake_monitor.ts";
import { screenText } from "../setup.ts";
import { type Grid, Style } from "../canvas/mod.ts";
import { initialUi, type Ui } from "../state/mod.ts";
import { view } from "./view.ts";

function draw(change: Partial<Ui>, [width, height]: readonly [number, number]): Grid {
  const monitor = new FakeMonitor();
  const ui = { ...initialUi(4), ...change };
  return view({ ui, model: monitor.model(), size: { width, height }, canToggleAll: true, ascii: false });
}

const footerOf = (grid: Grid): string => screenText(grid).trimEnd().split("\n").at(-1) ?? "";
const message = { text: "Wrote ktop-20261120-180000.txt", kind: "info" } as const;

Deno.test("view() shows a message in place of the keys, cut where there is no room", () => {
  assert.equal(footerOf(draw({ message }, [120, 40])), " Wrote ktop-20261120-180000.txt");
  assert.equal(footerOf(draw({ message }, [20, 5])), "Wrote ktop-20261120…");
  assert.match(footerOf(draw({}, [120, 40])), /\? Help/);
});

Deno.test("view() shows an error as one, and no control of its text", () => {
  const grid = draw({ message: { text: "Not written: \x1b[2J\n", kind: "error" } }, [120, 40]);
  assert.equal(footerOf(grid), " Not written: \\x1b[2J\\n");
  assert.equal(grid.style(39 * 120 + 1), Style.bad);
});

Deno.test("view() leaves the filter that is being typed in the footer when there is a message", () => {
  assert.match(footerOf(draw({ message, overlay: { kind: "filter" } }, [120, 40])), /^ Filter /);
});
