/**
 * Messages for the user: values inside them are escaped and shortened, so that no argument, file name or environment
 * variable can control the terminal or flood it.
 *
 * @module
 */
import { escapeText, escapeUnescaped } from "./escape.ts";

/** Longest value and longest message, in characters before escaping. */
const MAX_VALUE = 200;
const MAX_MESSAGE = 2000;

/** Replaces the middle of a longer text by `...`; keeps whole code points. */
function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 3) / 2);
  const head = text.slice(0, half).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(-half).replace(/^[\udc00-\udfff]/, "");
  return `${head}...${tail}`;
}

/** A value as it appears in a message: escaped like {@linkcode escapeText}, its middle left out if it is long. */
export function shownValue(value: string): string {
  return escapeText(shorten(value, MAX_VALUE));
}

/** A whole message: what {@linkcode shownValue} has not escaped is escaped here, newlines too; escaped text is kept. */
export function messageText(message: string): string {
  return escapeUnescaped(shorten(message, MAX_MESSAGE));
}
