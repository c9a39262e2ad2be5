/**
 * A terminal's screen as an SVG: text as text; frames and bars as shapes, so that they join in every font.
 *
 * @module
 */
import { xml } from "../../text/mod.ts";
import { type Cell, type CellStyle, gridCells } from "./cells.ts";
import type { Grid } from "./grid.ts";
import { colors, type PictureColors, runsOf } from "./picture.ts";
import type { TerminalColors } from "./theme.ts";

/** Text in the file beside the screen. */
export interface Caption {
  readonly title: string;
  /** For screen readers. */
  readonly description: string;
}

/** A cell, and the margin around the screen; in the units of the SVG. */
const CELL = { width: 8.4, height: 18 } as const;
const MARGIN = 12;
const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";
const FONT_SIZE = 14;
/** Baseline of text, from the upper edge of a cell. */
const BASELINE = 13.5;
const FAINT = 0.6;

const number = (value: number): string => String(Math.round(value * 100) / 100);

/** Lines of a frame from the middle of a cell, as a path: right, down, left, up; rounded where two meet. */
const FRAMES: Readonly<Record<string, string>> = {
  "─": "M0 .5H1",
  "│": "M.5 0V1",
  "╭": "M1 .5Q.5 .5 .5 1",
  "╮": "M0 .5Q.5 .5 .5 1",
  "╰": "M.5 0Q.5 .5 1 .5",
  "╯": "M.5 0Q.5 .5 0 .5",
  "├": "M.5 0V1M.5 .5H1",
  "┤": "M.5 0V1M0 .5H.5",
  "┬": "M0 .5H1M.5 .5V1",
  "┴": "M0 .5H1M.5 0V.5",
  "┼": "M0 .5H1M.5 0V1",
};

/** A block element as the part of the cell that it fills: x, y, width, height; null for other characters. */
export function blockOf(text: string): readonly [number, number, number, number] | null {
  const code = text.codePointAt(0) ?? 0;
  if (code >= 0x2581 && code <= 0x2588) {
    const eighths = code - 0x2580;
    return [0, 1 - eighths / 8, 1, eighths / 8];
  }
  if (code >= 0x2589 && code <= 0x258f) return [0, 0, (0x2590 - code) / 8, 1];
  return code === 0x2580 ? [0, 0, 1, 0.5] : null;
}

/** How a cell is drawn: neighbours of one kind and style are drawn as one. */
function kindOf({ text, width }: Cell): "blank" | "block" | "frame" | "text" | "wide" {
  if (text.trim() === "") return "blank";
  if (blockOf(text)) return "block";
  if (text in FRAMES) return "frame";
  return width > 1 ? "wide" : "text";
}

/** Cells that are drawn as one. */
interface Run {
  readonly kind: ReturnType<typeof kindOf>;
  readonly cells: readonly Cell[];
}

/** Whether two neighbours are drawn as one. */
function drawnAsOne(first: Cell, next: Cell): boolean {
  const kind = kindOf(first);
  if (kind !== kindOf(next) || first.style !== next.style || kind === "wide") return false;
  return kind !== "block" || first.text === next.text;
}

const runs = (cells: readonly Cell[]): Run[] =>
  runsOf(cells, drawnAsOne).map((run) => ({ kind: kindOf(run[0]!), cells: run }));

const left = (x: number): number => MARGIN + x * CELL.width;
const top = (y: number): number => MARGIN + y * CELL.height;
const widthOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { width }) => sum + width, 0) * CELL.width;

function rect(box: { x: number; y: number; width: number; height: number }, fill: string): string {
  const { x, y, width, height } = box;
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${
    number(height)
  }" fill="${fill}"/>`;
}

function drawBlock(cells: readonly Cell[], y: number, ink: string): string {
  const [x, from, width, height] = blockOf(cells[0]!.text)!;
  // A bar that ends within its cell is one rectangle; full cells join.
  const boxes = width === 1 ? [cells] : cells.map((cell) => [cell]);
  return boxes.map((group) =>
    rect({
      x: left(group[0]!.x + x),
      y: top(y + from),
      width: width === 1 ? widthOf(group) : width * CELL.width,
      height: height * CELL.height,
    }, ink)
  ).join("");
}

/** Commands of a path within a cell, moved to its place. */
function placed(path: string, x: number, y: number): string {
  return path.replace(/([MQHV])([\d. ]+)/g, (_, command: string, list: string) => {
    const values = list.trim().split(/\s+/).map(Number);
    const at = (value: number, i: number): string =>
      command === "V" || (command !== "H" && i % 2 === 1)
        ? number(top(y) + value * CELL.height)
        : number(left(x) + value * CELL.width);
    return command + values.map(at).join(" ");
  });
}

function drawFrame(cells: readonly Cell[], y: number, ink: string): string {
  const straight = cells.every(({ text }) => text === "─");
  const path = straight
    ? placed(`M0 .5H${cells.length}`, cells[0]!.x, y)
    : cells.map(({ text, x }) => placed(FRAMES[text]!, x, y)).join("");
  return `<path d="${path}" fill="none" stroke="${ink}"/>`;
}

function drawText(
  cells: readonly Cell[],
  y: number,
  { style, ink }: { style: CellStyle; ink: string },
): string {
  const attributes = [
    `x="${number(left(cells[0]!.x))}"`,
    `y="${number(top(y) + BASELINE)}"`,
    `textLength="${number(widthOf(cells))}"`,
    `fill="${ink}"`,
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.dim ? [`opacity="${FAINT}"`] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
  ];
  return `<text ${attributes.join(" ")}>${xml(cells.map(({ text }) => text).join(""))}</text>`;
}

function drawRun({ kind, cells }: Run, y: number, terminal: TerminalColors): string {
  const { style } = cells[0]!;
  const { ink } = colors(style, terminal);
  switch (kind) {
    case "blank":
      return "";
    case "block":
      return drawBlock(cells, y, ink);
    case "frame":
      return drawFrame(cells, y, ink);
    default:
      return drawText(cells, y, { style, ink });
  }
}

/** Backgrounds of a line, each as wide as its colour goes. */
function drawBackgrounds(cells: readonly Cell[], y: number, terminal: TerminalColors): string {
  const paperOf = ({ style }: Cell): string | null => colors(style, terminal).paper;
  return runsOf(cells, (first, next) => paperOf(first) === paperOf(next)).map((run) => {
    const paper = paperOf(run[0]!);
    const box = { x: left(run[0]!.x), y: top(y), width: widthOf(run), height: CELL.height };
    return paper === null ? "" : rect(box, paper);
  }).join("");
}

/** Size and colours of the terminal in a picture. */
export interface PictureTerminal extends TerminalColors {
  readonly columns: number;
}

/** The SVG of a screen. */
export function screenSvg(
  lines: readonly (readonly Cell[])[],
  terminal: PictureTerminal,
  caption: Caption,
): string {
  const width = number(2 * MARGIN + terminal.columns * CELL.width);
  const height = number(2 * MARGIN + lines.length * CELL.height);
  const drawn = lines.map((cells, y) =>
    drawBackgrounds(cells, y, terminal) + runs(cells).map((run) => drawRun(run, y, terminal)).join("")
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${FONT}" font-size="${FONT_SIZE}" xml:space="preserve">`,
    `<title>${xml(caption.title)}</title>`,
    `<desc>${xml(caption.description)}</desc>`,
    "<style>rect { shape-rendering: crispEdges }</style>",
    `<rect width="${width}" height="${height}" rx="8" fill="${terminal.paper}"/>`,
    ...drawn.filter((line) => line !== ""),
    "</svg>\n",
  ].join("\n");
}

/** The SVG of a grid in the colours of a theme. */
export function gridSvg(grid: Grid, { theme, terminal }: PictureColors): string {
  const lines = gridCells(grid, theme);
  const text = lines.map((cells) => cells.map((cell) => cell.text).join("").trimEnd()).join("\n");
  const caption = { title: "ktop", description: `The screen of ktop:\n${text}\n` };
  return screenSvg(lines, { ...terminal, columns: grid.width }, caption);
}
