/**
 * Text with SGR sequences, as `tmux capture-pane -e` prints it, as characters with a look.
 *
 * @module
 */
import { glyphs } from "../../src/text/width.ts";

/** A colour: `#rrggbb`; null is the terminal's own. */
export type Color = string | null;

/** How characters look. */
export interface Look {
  readonly fg: Color;
  readonly bg: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
}

/** A character and where it stands. */
export interface Cell {
  readonly text: string;
  /** Column, from 0. */
  readonly x: number;
  /** Columns it takes: 1 or 2. */
  readonly width: number;
  readonly look: Look;
}

/** The look of a terminal that was told nothing. */
export const PLAIN: Look = { fg: null, bg: null, bold: false, dim: false, underline: false, reverse: false };

/** The 16 colours of ANSI as a dark terminal shows them. */
const ANSI = [
  "#1c2129",
  "#f47067",
  "#57ab5a",
  "#c69026",
  "#539bf5",
  "#b083f0",
  "#39c5cf",
  "#adbac7",
  "#636e7b",
  "#ff938a",
  "#6bc46d",
  "#daaa3f",
  "#6cb6ff",
  "#dcbdfb",
  "#56d4dd",
  "#e6edf3",
] as const;

const hex = (red: number, green: number, blue: number): string =>
  `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** Colour n of xterm's 256: 16 of ANSI, a cube of 6×6×6, 24 greys. */
export function color256(n: number): string {
  if (n < 16) return ANSI[n] ?? ANSI[7];
  if (n >= 232) return hex(8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232));
  const part = (value: number): number => value === 0 ? 0 : 55 + 40 * value;
  return hex(part(Math.floor((n - 16) / 36)), part(Math.floor((n - 16) / 6) % 6), part((n - 16) % 6));
}

/** The colour that parameters from `at` on name (38 or 48 stands before them), and how many they are. */
function extendedColor(params: readonly number[], at: number): { color: Color; used: number } {
  if (params[at] === 5) return { color: color256(params[at + 1] ?? 0), used: 2 };
  if (params[at] !== 2) return { color: null, used: 1 };
  const [red = 0, green = 0, blue = 0] = params.slice(at + 1, at + 4);
  return { color: hex(red, green, blue), used: 4 };
}

/** Parameters that switch one property: ECMA-48 8.3.117. */
const SWITCHES: Readonly<Record<number, Partial<Look>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  4: { underline: true },
  7: { reverse: true },
  22: { bold: false, dim: false },
  24: { underline: false },
  27: { reverse: false },
  39: { fg: null },
  49: { bg: null },
};

/** The look after an SGR sequence with these parameters. What is not known changes nothing. */
export function applySgr(look: Look, params: readonly number[]): Look {
  let now = look;
  for (let i = 0; i < params.length; i++) {
    const param = params[i]!;
    if (param === 38 || param === 48) {
      const { color, used } = extendedColor(params, i + 1);
      now = { ...now, [param === 38 ? "fg" : "bg"]: color };
      i += used;
    } else if (param >= 30 && param <= 37) now = { ...now, fg: color256(param - 30) };
    else if (param >= 40 && param <= 47) now = { ...now, bg: color256(param - 40) };
    else if (param >= 90 && param <= 97) now = { ...now, fg: color256(param - 82) };
    else if (param >= 100 && param <= 107) now = { ...now, bg: color256(param - 92) };
    else now = { ...now, ...SWITCHES[param] };
  }
  return now;
}

/** Lines of cells. Sequences that are no SGR are left out. */
export function parseScreen(screen: string): Cell[][] {
  let look = PLAIN;
  return screen.replace(/\n$/, "").split("\n").map((line) => {
    const cells: Cell[] = [];
    let x = 0;
    // deno-lint-ignore no-control-regex -- escape sequences are what is read here
    for (const [, params, final, text] of line.matchAll(/\x1b\[([\d;:]*)([A-Za-z])|([^\x1b]+|\x1b)/g)) {
      if (final === "m") look = applySgr(look, params!.split(/[;:]/).map(Number));
      for (const glyph of glyphs((text ?? "").replaceAll(/\p{Cc}/gu, ""))) {
        cells.push({ text: glyph.text, x, width: glyph.cells, look });
        x += glyph.cells;
      }
    }
    return cells;
  });
}
