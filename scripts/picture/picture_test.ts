import assert from "node:assert/strict";
import { applySgr, color256, parseScreen, PLAIN } from "./sgr.ts";
import { blockOf, screenSvg } from "./svg.ts";

Deno.test("color256() is xterm's table", () => {
  assert.deepEqual([16, 21, 196, 231, 232, 255].map(color256), [
    "#000000",
    "#0000ff",
    "#ff0000",
    "#ffffff",
    "#080808",
    "#eeeeee",
  ]);
});

Deno.test("applySgr() knows 16, 256 and true colours, attributes, and their ends", () => {
  assert.equal(applySgr(PLAIN, [38, 5, 75]).fg, "#5fafff");
  assert.equal(applySgr(PLAIN, [48, 2, 1, 2, 255]).bg, "#0102ff");
  assert.equal(applySgr(PLAIN, [94]).fg, color256(12));
  assert.equal(applySgr(PLAIN, [107]).bg, color256(15));
  const all = applySgr(PLAIN, [1, 2, 4, 7, 31, 38, 5, 16, 3]);
  assert.deepEqual(all, { fg: "#000000", bg: null, bold: true, dim: true, underline: true, reverse: true });
  assert.deepEqual(applySgr(all, [22, 24, 27, 39]), PLAIN);
  assert.deepEqual(applySgr(all, [0]), PLAIN);
  assert.deepEqual(applySgr(all, [38]), { ...all, fg: null });
});

Deno.test("parseScreen() carries looks over lines, counts wide characters twice, and drops other sequences", () => {
  const [first, second] = parseScreen("a\x1b[1m資\x1b[Kb\nc\x1b[m\x07d\n");
  assert.deepEqual(first!.map(({ text, x, width }) => [text, x, width]), [["a", 0, 1], ["資", 1, 2], [
    "b",
    3,
    1,
  ]]);
  assert.deepEqual(first!.map(({ look }) => look.bold), [false, true, true]);
  assert.deepEqual(second!.map(({ text, look }) => [text, look.bold]), [["c", true], ["d", false]]);
});

Deno.test("blockOf() gives the part of the cell that a block fills", () => {
  assert.deepEqual(blockOf("▂"), [0, 0.75, 1, 0.25]);
  assert.deepEqual(blockOf("█"), [0, 0, 1, 1]);
  assert.deepEqual(blockOf("▏"), [0, 0, 0.125, 1]);
  assert.equal(blockOf("a"), null);
});

const caption = { title: "t", description: "d", metadata: "m" };
const svg = (screen: string): string => screenSvg(parseScreen(screen), 20, caption);

Deno.test("screenSvg() draws words as text of their width, escaped, in their colours", () => {
  const text = svg('x \x1b[1;38;2;1;2;3m<&"資');
  assert.match(text, /<text x="12" y="25.5" textLength="8.4" fill="#d7dde5">x<\/text>/);
  assert.match(
    text,
    /<text x="28.8" [^>]*textLength="25.2" fill="#010203" font-weight="bold">&lt;&amp;&quot;<\/text>/,
  );
  assert.match(text, /<text x="54" [^>]*textLength="16.8" [^>]*>資<\/text>/);
});

Deno.test("screenSvg() draws bars as one rectangle, frames as one path, backgrounds and reverse below them", () => {
  const text = svg("\x1b[31m██\x1b[0m──\x1b[7ma");
  assert.match(text, new RegExp(`<rect x="12" y="12" width="16.8" height="18" fill="${color256(1)}"/>`));
  assert.match(text, /<path d="M28.8 21H45.6" fill="none" stroke="#d7dde5"\/>/);
  assert.match(text, /<rect x="45.6" y="12" width="8.4" height="18" fill="#d7dde5"\/>/);
  assert.match(text, /fill="#0c1016">a<\/text>/);
});

Deno.test("screenSvg() keeps what it is told of itself, escaped", () => {
  const text = screenSvg([], 1, { title: "a<b", description: "c&d", metadata: '{"e":"<"}' });
  assert.match(
    text,
    /<title>a&lt;b<\/title>\n<desc>c&amp;d<\/desc>\n<metadata>{&quot;e&quot;:&quot;&lt;&quot;}<\/metadata>/,
  );
});
