/**
 * Edits the text in a prompt: the filter, a search, the value of a flag, a time.
 *
 * @module
 */
import { escapeText } from "../../text/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";

const isVisible = (char: string): boolean => char === "\\" || escapeText(char) === char;

/** Pasted text as it is inserted into a prompt: newlines and tabs become blanks, invisible characters are removed. */
export function promptText(text: string): string {
  return [...text.trimEnd().replaceAll(/\s/g, " ")].filter(isVisible).join("");
}

/** The first characters of a text, at most `most`. */
export const limitedText = (text: string, most: number): string => [...text].slice(0, most).join("");

/** The text after an editing key; null for other keys. */
export function editedText(before: string, { key, text }: KeyEvent): string | null {
  if (key === "Backspace") return [...before].slice(0, -1).join("");
  if (key === "Ctrl-U") return "";
  if (key === "Ctrl-W") return before.replace(/\S+\s*$/, "");
  if (text === undefined) return null;
  return isVisible(text) ? before + text : before; // escaped names contain no invisible characters
}
