/**
 * Positions of the statements in a TOML document. The parser returns values without them, but errors must name a line, and
 * edits must leave the rest of the file alone.
 *
 * @module
 */
import { parse } from "smol-toml";

/** `key = value`, with offsets into the text. */
export interface Statement {
  /** Table and key together: `["tools", "filetop", "sort"]`. */
  readonly path: readonly string[];
  /** Line of the key, from 1. */
  readonly line: number;
  readonly keyStart: number;
  readonly valueStart: number;
  /** After the last character of the value. */
  readonly valueEnd: number;
}

/** `[table]`. */
export interface Header {
  readonly path: readonly string[];
  readonly line: number;
  /** After its line, where the first statement can be inserted. */
  readonly end: number;
}

/** All positions in a document. */
export interface Positions {
  readonly statements: readonly Statement[];
  readonly headers: readonly Header[];
}

/** The end of the string that starts at `at`, after its closing quote. */
function stringEnd(text: string, at: number): number {
  const quote = text[at] as string;
  const long = text.startsWith(quote.repeat(3), at);
  const mark = long ? quote.repeat(3) : quote;
  let i = at + mark.length;
  while (i < text.length && !text.startsWith(mark, i)) i += quote === '"' && text[i] === "\\" ? 2 : 1;
  i += mark.length;
  while (long && text[i] === quote) i++; // up to two quotes may be part of the string
  return i;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

const isBlank = (char: string | undefined): boolean => char === " " || char === "\t" || char === "\r";

function skipBlanks(text: string, at: number): number {
  let i = at;
  while (isBlank(text[i])) i++;
  return i;
}

/** The dotted key at `at`. */
function readKey(text: string, at: number): { path: string[]; end: number } {
  const path: string[] = [];
  let i = at;
  while (true) {
    i = skipBlanks(text, i);
    const start = i;
    if (text[i] === '"' || text[i] === "'") {
      i = stringEnd(text, i);
      path.push(String(parse(`key = ${text.slice(start, i)}`)["key"]));
    } else {
      while (/[\w-]/.test(text[i] ?? "")) i++;
      path.push(text.slice(start, i));
    }
    i = skipBlanks(text, i);
    if (text[i] !== ".") return { path, end: i };
    i++;
  }
}

/** The end of the value at `at`, without the blanks and the comment after it. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  let i = at;
  let end = at;
  while (i < text.length) {
    const char = text[i] as string;
    if (char === '"' || char === "'") {
      i = end = stringEnd(text, i);
      continue;
    }
    if (depth === 0 && (char === "#" || char === "\n")) break;
    if (char === "#") {
      i = lineEnd(text, i);
      continue;
    }
    if (char === "[" || char === "{") depth++;
    if (char === "]" || char === "}") depth--;
    i++;
    if (!isBlank(char)) end = i;
  }
  return end;
}

/** Finds all statements and headers of a valid TOML document. */
export function findPositions(text: string): Positions {
  const statements: Statement[] = [];
  const headers: Header[] = [];
  let table: readonly string[] = [];
  let line = 1;
  let counted = 0;
  for (let i = 0; i < text.length;) {
    i = skipBlanks(text, i);
    while (counted < i) if (text[counted++] === "\n") line++;
    if (text[i] === "\n") i++;
    else if (text[i] === "#") i = lineEnd(text, i);
    else if (text[i] === "[") {
      const { path, end } = readKey(text, text[i + 1] === "[" ? i + 2 : i + 1);
      table = path;
      i = lineEnd(text, end);
      headers.push({ path, line, end: Math.min(text.length, i + 1) });
    } else if (i < text.length) {
      const { path, end } = readKey(text, i);
      const start = skipBlanks(text, end + 1);
      const stop = valueEnd(text, start);
      statements.push({ path: [...table, ...path], line, keyStart: i, valueStart: start, valueEnd: stop });
      i = lineEnd(text, stop);
    }
  }
  return { statements, headers };
}

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.length <= path.length && start.every((part, i) => path[i] === part);

/** The line of a value or table: its own, else that of the innermost table around it, else 1. */
export function lineOf({ statements, headers }: Positions, path: readonly string[]): number {
  let best: { path: readonly string[]; line: number } = { path: [], line: 1 };
  for (const place of [...headers, ...statements]) {
    if (startsWith(path, place.path) && place.path.length > best.path.length) best = place;
  }
  if (best.path.length === path.length) return best.line;
  // A table that exists only through its sub-tables: [tools.x] implies "tools".
  return [...headers, ...statements].find((place) => startsWith(place.path, path))?.line ?? best.line;
}
