/**
 * Changes values in the text of a configuration file and keeps everything else: comments, order, spelling.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "smol-toml";
import { type TomlValue, tomlValue } from "./render.ts";
import { findPositions, type Positions } from "./toml_positions.ts";

/** Sets a value, or removes it if `value` is undefined. */
export interface Change {
  readonly path: readonly string[];
  readonly value: TomlValue | undefined;
}

/** An edited text. */
export interface Edited {
  readonly text: string;
  /** False: it was written from scratch, without the comments of the old text. */
  readonly inPlace: boolean;
}

type Tree = Record<string, unknown>;

/** A changed copy of the tree. `structuredClone` removes the parser's null prototypes. */
function changed(tree: unknown, changes: readonly Change[]): Tree {
  const copy = structuredClone(tree) as Tree;
  for (const { path, value } of changes) {
    const last = path.at(-1) as string;
    let table = copy;
    for (const part of path.slice(0, -1)) {
      if (table[part] === undefined && value === undefined) break;
      table = (table[part] ??= {}) as Tree;
    }
    if (value === undefined) delete table[last];
    else table[last] = value;
  }
  return copy;
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Tree | undefined)?.[part], tree);
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

const key = (part: string): string => /^[\w-]+$/.test(part) ? part : JSON.stringify(part);

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** The offset for a new statement of a table: after its last one; null if there is no such table. */
function insertionPoint(
  text: string,
  table: readonly string[],
  { statements, headers }: Positions,
): number | null {
  const header = headers.find(({ path }) => same(path, table));
  if (!header && table.length > 0) return null;
  const start = header?.end ?? 0;
  const next = headers.find(({ end }) => end > start);
  const last = statements.findLast(({ keyStart }) => keyStart >= start && (!next || keyStart < next.end));
  if (last) return afterLine(text, last.valueEnd);
  return header ? start : /^(#[^\n]*(\n|$))*/.exec(text)![0].length;
}

function splicesOf(text: string, changes: readonly Change[]): Splice[] {
  const positions = findPositions(text);
  const tree = parse(text);
  const newTables = new Map<string, string>();
  const splices = changes.flatMap(({ path, value }): Splice[] => {
    if (isDeepStrictEqual(valueAt(tree, path), value)) return [];
    const at = positions.statements.find((statement) => same(statement.path, path));
    if (at && value !== undefined) return [{ from: at.valueStart, to: at.valueEnd, text: tomlValue(value) }];
    if (at) {
      return [{ from: text.lastIndexOf("\n", at.keyStart) + 1, to: afterLine(text, at.valueEnd), text: "" }];
    }
    if (value === undefined) return [];
    const table = path.slice(0, -1);
    const statement = `${key(path.at(-1) as string)} = ${tomlValue(value)}\n`;
    const place = insertionPoint(text, table, positions);
    if (place !== null) return [{ from: place, to: place, text: statement }];
    const name = table.map(key).join(".");
    newTables.set(name, (newTables.get(name) ?? "") + statement);
    return [];
  });
  // A blank line between an inserted statement and the header that follows it.
  const places = new Set(
    splices.filter(({ from, to }) => from === to && text[from] === "[").map(({ from }) => from),
  );
  for (const from of places) splices.push({ from, to: from, text: "\n" });
  const added = [...newTables].map(([name, body]) => `\n[${name}]\n${body}`).join("");
  return added === "" ? splices : [...splices, { from: text.length, to: text.length, text: added }];
}

function splice(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.map((part, i) => ({ part, i })).sort((a, b) =>
    a.part.from - b.part.from || a.i - b.i
  );
  let out = "";
  let at = 0;
  for (const { part } of inOrder) {
    out += text.slice(at, part.from);
    if (part.text !== "" && part.from === part.to && out !== "" && !out.endsWith("\n")) out += "\n";
    out += part.text;
    at = part.to;
  }
  return out + text.slice(at);
}

/** Edits a valid TOML document. */
export function editToml(text: string, changes: readonly Change[]): Edited {
  const wanted = changed(parse(text), changes);
  try {
    const edited = splice(text, splicesOf(text, changes));
    if (isDeepStrictEqual(structuredClone(parse(edited)), wanted)) return { text: edited, inPlace: true };
  } catch {
    // The edited text does not parse: the old one uses a syntax that cannot be changed in place (an inline table).
  }
  return { text: stringify(wanted), inPlace: false };
}
