import assert from "node:assert/strict";
import { type Cell, type CellStyle, gridCells } from "./cells.ts";
import { Grid } from "./grid.ts";
import { Style } from "./style.ts";
import { blockOf, gridSvg, screenSvg } from "./svg.ts";
import { TERMINAL_COLORS, THEMES } from "./theme.ts";

const PLAIN: CellStyle = { fg: null, bg: null, bold: false, dim: false, underline: false, reverse: false };

/** A line of cells from texts and their styles, one column a character. */
function line(...parts: readonly [string, Partial<CellStyle>][]): Cell[] {
  let x = 0;
  return parts.flatMap(([text, change]) => {
    const style = { ...PLAIN, ...change };
    return [...text].map((character) => {
      const width = character > "\u2e80" ? 2 : 1;
      const cell = { text: character, x, width, style };
      x += width;
      return cell;
    });
  });
}

const svg = (cells: readonly Cell[]): string =>
  screenSvg([cells], { ...TERMINAL_COLORS.dark, columns: 20 }, { title: "t", description: "d" });

Deno.test("blockOf() returns the part of the cell that a block fills", () => {
  assert.deepEqual(blockOf("▂"), [0, 0.75, 1, 0.25]);
  assert.deepEqual(blockOf("█"), [0, 0, 1, 1]);
  assert.deepEqual(blockOf("▏"), [0, 0, 0.125, 1]);
  assert.equal(blockOf("a"), null);
});

Deno.test("gridCells() returns each character with its column, width and the colours of its style", () => {
  const grid = new Grid(6, 1);
  grid.put(0, "a資b", { room: 6, style: Style.brand });
  const cells = gridCells(grid, THEMES.dark)[0]!.slice(0, 3);
  assert.deepEqual(cells.map(({ text, x, width }) => [text, x, width]), [["a", 0, 1], ["資", 1, 2], [
    "b",
    3,
    1,
  ]]);
  const { fg, bg, bold } = cells[0]!.style;
  assert.deepEqual([fg, bg, bold], ["#0c1016", "#6cb6ff", true]);
});

Deno.test("screenSvg() draws words as text of their width, escaped, in their colours", () => {
  const text = svg(
    line(["x ", {}], ['<&"', { fg: "#010203", bold: true }], ["資", { fg: "#010203", bold: true }]),
  );
  assert.match(text, /<text x="12" y="25.5" textLength="8.4" fill="#d7dde5">x<\/text>/);
  assert.match(
    text,
    /<text x="28.8" [^>]*textLength="25.2" fill="#010203" font-weight="bold">&lt;&amp;&quot;<\/text>/,
  );
  assert.match(text, /<text x="54" [^>]*textLength="16.8" [^>]*>資<\/text>/);
});

Deno.test("screenSvg() draws bars as one rectangle, frames as one path, backgrounds and reverse below them", () => {
  const red = { ...PLAIN, fg: "#f47067" };
  const bar = line(["██", {}]).map((cell) => ({ ...cell, style: red }));
  const frame = line(["..──", {}], ["a", { reverse: true }]).slice(2);
  const text = svg([...bar, ...frame]);
  assert.match(text, /<rect x="12" y="12" width="16.8" height="18" fill="#f47067"\/>/);
  assert.match(text, /<path d="M28.8 21H45.6" fill="none" stroke="#d7dde5"\/>/);
  assert.match(text, /<rect x="45.6" y="12" width="8.4" height="18" fill="#d7dde5"\/>/);
  assert.match(text, /fill="#0c1016">a<\/text>/);
});

Deno.test("screenSvg() escapes title and description", () => {
  const text = screenSvg([], { ...TERMINAL_COLORS.dark, columns: 1 }, { title: "a<b", description: "c&d" });
  assert.match(text, /<title>a&lt;b<\/title>\n<desc>c&amp;d<\/desc>/);
});

Deno.test("gridSvg() is well-formed XML without control characters, whatever the cells hold", () => {
  const grid = new Grid(60, 2);
  const hostile = `</text><script>x()</script>&amp;"'\x1b[31m\x00\x9b\u202e\ufffe\uffff\ud800]]>`;
  grid.put(0, hostile, { room: 60, style: Style.text });
  [0x1b, 0x00ad, 0x85, 0xfffe, 0xffff, 0xd800, 0x7f].forEach((code, x) => grid.set(60 + x, code, Style.bad));
  const text = gridSvg(grid, { theme: THEMES.dark, terminal: TERMINAL_COLORS.dark });
  // deno-lint-ignore no-control-regex -- what must not be there
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]/);
  assert.equal(text.isWellFormed(), true);
  assert.doesNotMatch(text.replace(/<\/?(svg|title|desc|style|rect|path|text)\b[^<>]*>/g, ""), /[<>]/);
  assert.equal(text.match(/<text\b/g)?.length, text.match(/<\/text>/g)?.length);
  assert.doesNotMatch(text.replace(/&(amp|lt|gt|quot);/g, ""), /&/);
  assert.match(text, /&lt;\/text&gt;&lt;script&gt;x\(\)&lt;\/script&gt;&amp;amp;/);
});

Deno.test("gridSvg() draws the theme on a terminal of its kind", () => {
  const grid = new Grid(4, 1);
  grid.put(0, "a", { room: 4, style: Style.text });
  const light = gridSvg(grid, { theme: THEMES.light, terminal: TERMINAL_COLORS.light });
  assert.match(light, /rx="8" fill="#ffffff"\/>\n<text [^>]*fill="#1f2328">a</);
  const dark = gridSvg(grid, { theme: THEMES.dark, terminal: TERMINAL_COLORS.dark });
  assert.match(dark, /rx="8" fill="#0c1016"\/>\n<text [^>]*fill="#d7dde5">a</);
});
