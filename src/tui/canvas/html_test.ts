import assert from "node:assert/strict";
import { Grid } from "./grid.ts";
import { gridHtml } from "./html.ts";
import { Style } from "./style.ts";
import { TERMINAL_COLORS, THEMES } from "./theme.ts";

const page = (grid: Grid, name: "dark" | "light" = "dark"): string =>
  gridHtml(grid, { theme: THEMES[name], terminal: TERMINAL_COLORS[name] });

/** The text of the page, without markup. */
const textOf = (html: string): string =>
  /<pre>\n([^]*)\n<\/pre>/.exec(html)![1]!.replaceAll(/<[^>]*>/g, "").replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

Deno.test("gridHtml() has the lines of the screen as text, and their colours as classes", () => {
  const grid = new Grid(12, 2);
  grid.put(0, "plain", { room: 12, style: Style.text });
  grid.put(12, "ktop", { room: 12, style: Style.brand });
  const html = page(grid);
  assert.equal(textOf(html), "plain\nktop");
  assert.match(html, /<span class="s\d">ktop<\/span>/);
  assert.match(html, /\.s\d\{color:#0c1016;background:#6cb6ff;font-weight:bold\}/);
  assert.match(html, /body\{margin:0;background:#0c1016;color:#d7dde5\}/);
  assert.match(page(grid, "light"), /background:#ffffff;color:#1f2328/);
});

Deno.test("gridHtml() keeps wide characters in two columns", () => {
  const grid = new Grid(6, 1);
  grid.put(0, "a資b", { room: 6, style: Style.text });
  assert.match(page(grid), /a<span class="wide">資<\/span>b/);
});

Deno.test("gridHtml() escapes what the cells hold, has no script, and nothing that a browser loads", () => {
  const grid = new Grid(100, 3);
  const hostile = `</pre></style><script>x()</script><img src=x onerror=x()>&amp;"'\x1b[31m\x00\u202e]]><!--`;
  grid.put(0, hostile, { room: 100, style: Style.text });
  grid.put(100, hostile, { room: 100, style: Style.bad });
  [0x1b, 0x00ad, 0x85, 0xfffe, 0xffff, 0xd800, 0x7f].forEach((code, x) => grid.set(200 + x, code, Style.bad));
  const html = page(grid);
  const tags = [...html.matchAll(/<\/?([a-z]+)[^<>]*>/gi)].map(([, name]) => name!.toLowerCase());
  const allowed = ["html", "head", "meta", "title", "style", "body", "pre", "span"];
  assert.deepEqual([...new Set(tags)].filter((name) => !allowed.includes(name)), []);
  assert.doesNotMatch(html.replace(/<!DOCTYPE html>|<\/?[a-z]+(?: [a-z-]+="[^"<>]*")*>/g, ""), /[<>]/);
  assert.doesNotMatch(html.replace(/&(amp|lt|gt|quot);/g, ""), /&/);
  assert.equal(html.match(/<span\b/g)?.length, html.match(/<\/span>/g)?.length);
  // deno-lint-ignore no-control-regex -- what must not be there
  assert.doesNotMatch(html, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ufffe\uffff]/);
  assert.equal(html.isWellFormed(), true);
  assert.match(html, /default-src 'none'/);
  assert.match(textOf(html), /^<\/pre><\/style><script>x\(\)<\/script><img src=x onerror=x\(\)>&amp;"'\\x1b/);
});
