/**
 * Words for looks: `#6cb6ff`, `bold bright-blue on 236`.
 *
 * @module
 */
import { ANSI_NAMES, type Color, type Look, parseColor } from "../tui/canvas/mod.ts";

const ATTRIBUTES = ["bold", "underline", "reverse"] as const;

/** Words that can be meant, for suggestions. */
export const LOOK_WORDS: readonly string[] = [...ATTRIBUTES, "plain", "on", ...ANSI_NAMES];

/** What is wrong with a look: the word that nobody understands, or null where it is incomplete. */
export class LookError extends Error {
  readonly word: string | null;

  constructor(word: string | null) {
    super("not a look");
    this.word = word;
  }
}

/**
 * Reads a look: a colour, `on` and a background, and the attributes `bold`, `underline`, `reverse`; `plain` takes the
 * theme's attributes away. What is not named stays as the theme has it. Throws LookError.
 */
export function parseLook(text: string): Look {
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
