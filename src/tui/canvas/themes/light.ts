/**
 * The theme for light backgrounds. Of the 16 colours of ANSI only black, red, blue and magenta can be read there.
 *
 * @module
 */
import type { Color } from "../color.ts";
import type { Theme } from "../style.ts";

const color = (rgb: number, c256: number, c16: number): Color => ({ rgb, c256, c16 });

const ink = color(0x1a2028, 234, 0);
const grey = color(0x56606d, 240, 0);
const fog = color(0xdde3ea, 254, 7);
const line = color(0xa0a9b4, 248, 8);
const paper = color(0xffffff, 231, 15);
const blue = color(0x0b5cad, 25, 4);
const steel = color(0x3d7fbf, 67, 4);
const green = color(0x0f6b4c, 22, 4);
const brown = color(0x8a5300, 94, 5);
const red = color(0xb3261e, 124, 1);
const violet = color(0x6b3fb8, 55, 5);
const forest = color(0x0f6b4c, 22, 5);

/** For light terminals. */
export const lightTheme: Theme = {
  text: {},
  dim: { fg: grey },
  strong: { bold: true },
  bar: { fg: ink, bg: fog },
  barStrong: { fg: blue, bg: fog, bold: true },
  barDim: { fg: grey, bg: fog },
  brand: { fg: paper, bg: blue, bold: true },
  banner: { fg: paper, bg: red, bold: true },
  border: { fg: line },
  borderFocus: { fg: blue },
  title: { fg: grey, bold: true },
  titleFocus: { fg: blue, bold: true },
  key: { fg: brown, bold: true },
  keyLabel: { fg: grey },
  column: { fg: grey },
  columnSort: { fg: blue, bold: true },
  comm: { fg: green },
  id: { fg: grey },
  selected: { fg: paper, bg: blue, bold: true },
  badge: { fg: violet },
  warn: { fg: brown, bold: true },
  bad: { fg: red, bold: true },
  filter: { fg: brown },
  barLow: { fg: steel },
  barMiddle: { fg: blue },
  barHigh: { fg: forest },
  barNone: { fg: line },
  heat1: { fg: color(0x8fb8de, 110, 6) },
  heat2: { fg: steel },
  heat3: { fg: blue },
  heat4: { fg: violet },
  heat5: { fg: red, bold: true },
  flameThread: { fg: ink, bg: fog },
  flameUser: { fg: ink, bg: color(0xf5c98a, 222, 11) },
  flameKernel: { fg: ink, bg: color(0xa9cdf2, 153, 14) },
  flameFound: { fg: paper, bg: violet, bold: true },
};
