/**
 * Styles as SGR sequences for a terminal's colour depth (ECMA-48 8.3.117; xterm's 38;5 and 38;2).
 *
 * @module
 */
import type { Color } from "./color.ts";
import { Style, STYLE_COUNT, type StyleName, type StyleSpec, type Theme } from "./style.ts";

/** Colours a terminal can show: none, 16, 256, or 2^24. */
export type ColorDepth = "mono" | "16" | "256" | "true";

function colorCodes(color: Color, depth: ColorDepth, base: 30 | 40): string[] {
  if (depth === "16") return [String(color.c16 < 8 ? base + color.c16 : base + 52 + color.c16)];
  if (depth === "256" || color.numbered) return [`${base + 8};5;${color.c256}`];
  return [`${base + 8};2;${color.rgb >> 16};${color.rgb >> 8 & 0xff};${color.rgb & 0xff}`];
}

/** The SGR parameters of a style: a string for each property, in a fixed order: attributes, foreground, background. */
interface Codes {
  readonly attributes: string;
  readonly fg: string;
  readonly bg: string;
}

function codesOf(spec: StyleSpec, depth: ColorDepth): Codes {
  const attributes: string[] = [];
  if (spec.bold) attributes.push("1");
  if (spec.faint) attributes.push("2");
  if (spec.underline) attributes.push("4");
  if (spec.reverse) attributes.push("7");
  const color = (value: Color | undefined, base: 30 | 40): string =>
    value && depth !== "mono" ? colorCodes(value, depth, base).join(";") : "";
  return { attributes: attributes.join(";"), fg: color(spec.fg, 30), bg: color(spec.bg, 40) };
}

/** The shortest sequence that turns one style into another. */
function transition(from: Codes, to: Codes): string {
  const parts: string[] = [];
  const reset = from.attributes !== to.attributes && from.attributes !== "";
  if (reset) parts.push("");
  if (to.attributes !== "" && (reset || from.attributes === "")) parts.push(to.attributes);
  const carried = reset ? { fg: "", bg: "" } : from;
  if (carried.fg !== to.fg) parts.push(to.fg === "" ? "39" : to.fg);
  if (carried.bg !== to.bg) parts.push(to.bg === "" ? "49" : to.bg);
  return parts.length === 0 ? "" : `\x1b[${parts.join(";")}m`;
}

/** The SGR sequences of a theme at one colour depth. */
export class Palette {
  readonly #codes: readonly Codes[];
  readonly #transitions: (string | undefined)[] = new Array(STYLE_COUNT * STYLE_COUNT);

  constructor(codes: readonly Codes[]) {
    this.#codes = codes;
  }

  /** The sequence that turns style `from` into style `to`; empty if both look the same. */
  change(from: number, to: number): string {
    if (from === to) return "";
    const key = from * STYLE_COUNT + to;
    return this.#transitions[key] ??= transition(this.#codes[from] as Codes, this.#codes[to] as Codes);
  }
}

/** Makes the palette of a theme. */
export function makePalette(theme: Theme, depth: ColorDepth): Palette {
  const codes: Codes[] = [];
  for (const [name, id] of Object.entries(Style)) codes[id] = codesOf(theme[name as StyleName], depth);
  return new Palette(codes);
}
