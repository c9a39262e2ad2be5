/**
 * Colours at the three depths of terminals, and parsing them from text.
 *
 * @module
 */

/** A colour for each depth. */
export interface Color {
  /** 0xRRGGBB. */
  readonly rgb: number;
  /** Number in xterm's 256. */
  readonly c256: number;
  /** Number in the 16 of ANSI. */
  readonly c16: number;
  /** Given as a number: a terminal with 2^24 colours shows its own colour of that number. */
  readonly numbered?: boolean;
}

/** Names of the 16 colours of ANSI, by number. */
export const ANSI_NAMES = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "bright-black",
  "bright-red",
  "bright-green",
  "bright-yellow",
  "bright-blue",
  "bright-magenta",
  "bright-cyan",
  "bright-white",
] as const;

/** xterm's own values of the first 16 (XTerm-col.ad): other terminals differ, so these are approximations. */
// deno-fmt-ignore
const ANSI_RGB = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
  0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
] as const;

/** Steps of the 6×6×6 cube that xterm's colours 16 to 231 are (256colres.pl). */
const CUBE = [0, 0x5f, 0x87, 0xaf, 0xd7, 0xff] as const;

/** What xterm shows for a number from 0 to 255, as 0xRRGGBB. */
export function xtermRgb(number: number): number {
  if (number < 16) return ANSI_RGB[number] as number;
  if (number >= 232) return (8 + (number - 232) * 10) * 0x010101;
  const place = number - 16;
  const step = (size: number): number => CUBE[Math.floor(place / size) % 6] as number;
  return step(36) << 16 | step(6) << 8 | step(1);
}

/** Distance of two colours, roughly weighted by perception: green counts most. */
function distance(a: number, b: number): number {
  const part = (shift: number): number => ((a >> shift & 0xff) - (b >> shift & 0xff)) ** 2;
  return 3 * part(16) + 6 * part(8) + part(0);
}

/** The nearest of xterm's colours from 16 on. */
function nearest256(rgb: number): number {
  let best = 16;
  for (let number = 17; number < 256; number++) {
    if (distance(rgb, xtermRgb(number)) < distance(rgb, xtermRgb(best))) best = number;
  }
  return best;
}

/** A colour whose components differ by less than this is a grey. */
const GREY_SPREAD = 0x30;

/** The ANSI colour with the same hue; the nearest by distance often has another hue. */
function nearest16(rgb: number): number {
  const parts = [rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff];
  const high = Math.max(...parts);
  const low = Math.min(...parts);
  if (high - low < GREY_SPREAD) return high < 0x40 ? 0 : high < 0xa8 ? 8 : high < 0xf0 ? 7 : 15;
  const middle = (high + low) / 2;
  const hue = parts.reduce((bits, part, i) => part > middle ? bits | 1 << i : bits, 0);
  return high > 0xd7 ? hue + 8 : hue;
}

/** The colour of a number from 0 to 255. */
function numberedColor(number: number): Color {
  const rgb = xtermRgb(number);
  return { rgb, c256: number, c16: number < 16 ? number : nearest16(rgb), numbered: true };
}

/**
 * Parses `#6cb6ff`, `#6bf`, a number from 0 to 255, or an ANSI name. Lower depths get their nearest colour. null: none of
 * these.
 */
export function parseColor(text: string): Color | null {
  const word = text.toLowerCase();
  const name = (ANSI_NAMES as readonly string[]).indexOf(word);
  if (name >= 0) return numberedColor(name);
  if (/^\d{1,3}$/.test(word)) return Number(word) <= 255 ? numberedColor(Number(word)) : null;
  const hex = /^#([0-9a-f]{6}|[0-9a-f]{3})$/.exec(word)?.[1];
  if (hex === undefined) return null;
  const rgb = parseInt(hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex, 16);
  return { rgb, c256: nearest256(rgb), c16: nearest16(rgb) };
}
