import assert from "node:assert/strict";
import { flameContext, flameModel, ROWS } from "../../../tests/support/flame.ts";
import { drawScreen, gridText, pressKeys } from "../../../tests/support/test_screen.ts";
import { Style } from "../canvas/mod.ts";
import type { Context } from "../state/mod.ts";

/** What the pane says of the selected frame. */
const selection = (now: Context): string => gridText(drawScreen(now)).split("\n")[2]!;

Deno.test("a filter's text marks frames of a flame graph and names their part; a column chooses rows", () => {
  const found = pressKeys(flameContext(flameModel([ROWS])), "/", ..."read", "Enter");
  assert.match(selection(found), /^all +SAMPLES 100 +100\.0% +found 20\.0%/);
  const grid = drawScreen(found);
  const y = 2 + 5;
  assert.equal(grid.style(y * 60 + 50), Style.flameFound);
  assert.equal(grid.style(y * 60 + 31), Style.flameUser);
  assert.equal(grid.style((y + 1) * 60 + 50), Style.flameFound); // vfs_read
  const chosen = pressKeys(flameContext(flameModel([ROWS])), "/", ..."comm=db", "Enter");
  assert.match(selection(chosen), /^all +SAMPLES 50 +100\.0%/);
});

Deno.test("a flame graph distinguishes functions of the kernel, of programs, and threads", () => {
  const grid = drawScreen(pressKeys(flameContext(flameModel([ROWS])), "Down"));
  const styleAt = (x: number, line: number) => grid.style((3 + line) * 60 + x);
  assert.deepEqual([styleAt(31, 1), styleAt(31, 2), styleAt(50, 5)], [
    Style.flameThread,
    Style.flameUser,
    Style.flameKernel,
  ]);
  assert.equal(styleAt(1, 1), Style.selected);
});
