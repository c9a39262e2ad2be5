/**
 * Looks as the configuration spells them: `#6cb6ff`, `bold bright-blue on 236`.
 *
 * @module
 */
import { ANSI_NAMES, type Color, parseColor, type StyleSpec } from "../tui/mod.ts";

const ATTRIBUTES = ["bold", "underline", "reverse"] as const;

/** Known words, for suggestions. */
export const LOOK_WORDS: readonly string[] = [...ATTRIBUTES, "plain", "on", ...ANSI_NAMES];

/** An invalid look. */
export class LookError extends Error {
  /** The unknown word; null: the look is incomplete. */
  readonly word: string | null;

  constructor(word: string | null) {
    super("not a look");
    this.word = word;
  }
}

/**
 * Parses a look: a colour, `on` and a background, and the attributes `bold`, `underline`, `reverse`; `plain` removes the
 * theme's attributes. Absent attributes are the theme's. Throws LookError.
 */
export function parseLook(text: string): StyleSpec {
  const look: { fg?: Color; bg?: Color; bold?: boolean; underline?: boolean; reverse?: boolean } = {};
  const words = text.trim().split(/\s+/).filter((word) => word !== "");
  let background = false;
  for (const word of words) {
    const color = parseColor(word);
    const attribute = ATTRIBUTES.find((name) => name === word);
    if (color && (background ? look.bg : look.fg) === undefined) {
      look[background ? "bg" : "fg"] = color;
      continue;
    }
    if (word === "on" && !background) background = true;
    else if (word === "plain") Object.assign(look, { bold: false, underline: false, reverse: false });
    else if (attribute) look[attribute] = true;
    else throw new LookError(word);
  }
  if (words.length === 0 || (background && look.bg === undefined)) throw new LookError(null);
  return look;
}
