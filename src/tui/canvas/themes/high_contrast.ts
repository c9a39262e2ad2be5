/**
 * The theme with high contrast, for black backgrounds: at least 7 for all text, and each colour with a meaning also has
 * bold, underline or a background.
 *
 * @module
 */
import type { Color } from "../color.ts";
import type { Theme } from "../style.ts";

const color = (rgb: number, c256: number, c16: number): Color => ({ rgb, c256, c16 });

const white = color(0xffffff, 231, 15);
const silver = color(0xd8d8d8, 253, 7);
const grey = color(0x9e9e9e, 247, 8);
const black = color(0x000000, 16, 0);
const yellow = color(0xffff00, 226, 11);
const blue = color(0x0000aa, 19, 4);
const cyan = color(0x00ffff, 51, 14);
const rose = color(0xff9c9c, 217, 11);
const green = color(0x5fff5f, 83, 10);
const lilac = color(0xe0b0ff, 183, 15);

/** For black terminals. */
export const highContrastTheme: Theme = {
  text: {},
  dim: { fg: silver },
  strong: { fg: white, bold: true },
  bar: { fg: black, bg: white },
  barStrong: { fg: black, bg: white, bold: true },
  barDim: { fg: black, bg: white },
  brand: { fg: black, bg: yellow, bold: true },
  banner: { fg: white, bg: blue, bold: true },
  border: { fg: silver },
  borderFocus: { fg: yellow, bold: true },
  title: { fg: white, bold: true },
  titleFocus: { fg: yellow, bold: true, underline: true },
  key: { fg: yellow, bold: true },
  keyLabel: { fg: white },
  column: { fg: white, underline: true },
  columnSort: { fg: yellow, bold: true, underline: true },
  comm: { fg: green },
  id: { fg: silver },
  selected: { fg: black, bg: cyan, bold: true },
  badge: { fg: lilac },
  warn: { fg: yellow, bold: true },
  bad: { fg: black, bg: rose, bold: true },
  filter: { fg: yellow, underline: true },
  barLow: { fg: cyan },
  barMiddle: { fg: white },
  barHigh: { fg: yellow },
  barNone: { fg: grey },
  heat1: { fg: color(0x5f87ff, 69, 12) },
  heat2: { fg: cyan },
  heat3: { fg: green },
  heat4: { fg: yellow },
  heat5: { fg: white, bold: true },
  flameThread: { fg: black, bg: silver },
  flameUser: { fg: black, bg: yellow },
  flameKernel: { fg: black, bg: cyan },
  flameFound: { fg: white, bg: blue, bold: true },
};
