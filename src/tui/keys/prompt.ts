/**
 * Editing of the text in a prompt: the filter, a search, the value of a flag.
 *
 * @module
 */
import { escapeText } from "../../text/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";

const isVisible = (char: string): boolean => char === "\\" || escapeText(char) === char;

/** Text as a prompt takes it: newlines and tabs are blanks, invisible characters are left out. */
export function promptText(text: string): string {
  return [...text.trimEnd().replaceAll(/\s/g, " ")].filter(isVisible).join("");
}

/** The text after a key; null if it is not an editing key. */
export function editedText(before: string, { key, text }: KeyEvent): string | null {
  if (key === "Backspace") return [...before].slice(0, -1).join("");
  if (key === "Ctrl-U") return "";
  if (key === "Ctrl-W") return before.replace(/\S+\s*$/, "");
  if (text === undefined) return null;
  return isVisible(text) ? before + text : before; // no escaped name contains what is invisible
}
