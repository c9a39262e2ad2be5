import assert from "node:assert/strict";
import { diff } from "./diff.ts";
import { Grid } from "./grid.ts";
import { makePalette } from "./palette.ts";
import { Region } from "./region.ts";
import { Style } from "./style.ts";
import { THEMES } from "./theme.ts";

const palette = makePalette(THEMES.mono, "mono");

/** What is sent for a row of `text` and, after cells that stay blank, a border. */
function sent(text: string): string {
  const grid = new Grid(30, 1);
  const line = new Region(grid).line(0);
  line.put(0, text, Style.text);
  line.put(29, "|", Style.text);
  return diff(new Grid(30, 1), grid, palette).replaceAll("\x1b", "ESC");
}

Deno.test("diff() moves to an absolute column after characters of uncertain width, and relatively after others", () => {
  for (const text of ["plain", "日本", "каталог", "─█▲", "한글", "ファイル"]) {
    assert.match(sent(text), /ESC\[\d+C\|/, text);
  }
  for (const text of ["\u2630", "\ud7b0", "\ud7a4", "\u3248", "\u0cf3", "\u{1f389}", "e\u0301", "\u268a"]) {
    assert.match(sent(text), /ESC\[1;30H\|/, `U+${text.codePointAt(0)!.toString(16)}`);
  }
});
