/**
 * The theme for dark backgrounds, and the default: its colours are readable on most light ones too.
 *
 * @module
 */
import type { Color } from "../color.ts";
import type { Theme } from "../style.ts";

const color = (rgb: number, c256: number, c16: number): Color => ({ rgb, c256, c16 });

const ink = color(0xe4e4e4, 254, 15);
// Not ANSI colour 8, which is too dark to read on the Linux console.
const grey = color(0x8691a0, 246, 7);
const slate = color(0x4a5364, 239, 8);
const night = color(0x1d232e, 235, 0);
const sky = color(0x6cb6ff, 75, 14);
const azure = color(0x3d8fd9, 68, 6);
const deep = color(0x1f4468, 24, 4);
const mint = color(0x7fd6b5, 79, 10);
const amber = color(0xf2b866, 215, 11);
const coral = color(0xf47067, 203, 9);
const violet = color(0xb7a3f5, 141, 13);
const black = color(0x0c1016, 233, 0);

/** For dark terminals. */
export const darkTheme: Theme = {
  text: {},
  dim: { fg: grey },
  strong: { bold: true },
  bar: { fg: ink, bg: night },
  barStrong: { fg: sky, bg: night, bold: true },
  barDim: { fg: grey, bg: night },
  brand: { fg: black, bg: sky, bold: true },
  banner: { fg: black, bg: amber, bold: true },
  border: { fg: slate },
  borderFocus: { fg: azure },
  title: { fg: grey, bold: true },
  titleFocus: { fg: sky, bold: true },
  key: { fg: amber, bold: true },
  keyLabel: { fg: grey },
  column: { fg: grey },
  columnSort: { fg: sky, bold: true },
  comm: { fg: mint },
  id: { fg: grey },
  selected: { fg: ink, bg: deep, bold: true },
  badge: { fg: violet },
  warn: { fg: amber, bold: true },
  bad: { fg: coral, bold: true },
  filter: { fg: amber },
  barLow: { fg: azure },
  barMiddle: { fg: sky },
  barHigh: { fg: mint },
  barNone: { fg: slate },
  heat1: { fg: color(0x3b5b8c, 60, 4) },
  heat2: { fg: color(0x3fa0a8, 37, 6) },
  heat3: { fg: color(0x7fbf6a, 107, 2) },
  heat4: { fg: color(0xf2c14e, 221, 11) },
  heat5: { fg: color(0xf0563f, 203, 9), bold: true },
  flameThread: { fg: ink, bg: color(0x3a4354, 238, 4) },
  flameUser: { fg: black, bg: amber },
  flameKernel: { fg: black, bg: sky },
  flameFound: { fg: black, bg: violet, bold: true },
};
