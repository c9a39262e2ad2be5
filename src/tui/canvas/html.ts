/**
 * A terminal's screen as an HTML page: text that can be selected and searched. No scripts, no links, nothing is loaded.
 *
 * @module
 */
import { xml } from "../../text/mod.ts";
import { type Cell, type CellStyle, gridCells } from "./cells.ts";
import type { Grid } from "./grid.ts";
import { colors, type PictureColors, runsOf } from "./picture.ts";
import type { TerminalColors } from "./theme.ts";

const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/** Browsers load and run nothing for this page, even if a name of a file got into it unescaped. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The declarations of a style. */
function declarations(style: CellStyle, terminal: TerminalColors): string {
  const { ink, paper } = colors(style, terminal);
  return [
    ...(ink === terminal.ink ? [] : [`color:${ink}`]),
    ...(paper === null ? [] : [`background:${paper}`]),
    ...(style.bold ? ["font-weight:bold"] : []),
    ...(style.dim ? ["opacity:.6"] : []),
    ...(style.underline ? ["text-decoration:underline"] : []),
  ].join(";");
}

/** Classes of the styles that a page uses. */
class Classes {
  readonly #names = new Map<string, string>();

  /** The class with these declarations. */
  named(text: string): string {
    const name = this.#names.get(text) ?? `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** The rules of all classes. */
  rules(): string {
    return [...this.#names].map(([text, name]) => `.${name}{${text}}`).join("\n");
  }
}

/** A character that is two columns wide takes exactly two, whatever the font. */
const cellHtml = ({ text, width }: Cell): string =>
  width > 1 ? `<span class="wide">${xml(text)}</span>` : xml(text);

function lineHtml(cells: readonly Cell[], terminal: TerminalColors, classes: Classes): string {
  return runsOf(cells, (first, next) => first.style === next.style).map((run) => {
    const text = run.map(cellHtml).join("");
    const look = declarations(run[0]!.style, terminal);
    return look === "" ? text : `<span class="${classes.named(look)}">${text}</span>`;
  }).join("").trimEnd();
}

/** The HTML page of a grid in the colours of a theme. */
export function gridHtml(grid: Grid, { theme, terminal }: PictureColors): string {
  const classes = new Classes();
  const lines = gridCells(grid, theme).map((cells) => lineHtml(cells, terminal, classes));
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    "<title>ktop</title>",
    "<style>",
    `body{margin:0;background:${terminal.paper};color:${terminal.ink}}`,
    // Letters that are written from right to left stay in their cells.
    `pre{margin:0;padding:12px;font:14px/18px ${FONT};direction:ltr;unicode-bidi:bidi-override}`,
    ".wide{display:inline-block;width:2ch}",
    classes.rules(),
    "</style>",
    "</head>",
    "<body>",
    `<pre>\n${lines.join("\n")}\n</pre>`,
    "</body>",
    "</html>\n",
  ].join("\n");
}
