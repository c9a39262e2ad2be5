/**
 * What the tools with -d report for below.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Files by the letter of the kind of path that leads to them, all below `in`. */
const inside: Counts = { a: 3, b: 5, c: 7, d: 11, e: 13, f: 17, g: 19, m: 43, p: 53, q: 59, v: 83 };
/** Files beside it. */
const outside: Counts = { k: 37, n: 47, r: 61 };
/** Files in `in` by a path that leads through a symbolic link to it. */
const linked: Counts = { l: 41 };

/** Files 601 levels below `in`, by any operation: too deep to follow. */
export const TOO_DEEP = 67;

/** Renames from and to `in`, and removed directories in it. */
const changes: Counts = { h: 23, i: 29, o: 2 };

/** Where a file is known; elsewhere the path is compared by its text. */
const byFile = (tier: string): boolean => tier !== "tracepoint";

/** Files of `in` that are created, written and removed, by letter. */
export const files = { ...inside, ...linked } as const;

/** The same that filelife reports on a tier. */
export const lives = (tier: string): Counts => byFile(tier) ? files : inside;

/** Names of `in` that filegone reports on a tier. */
export const gone = (tier: string): Counts => ({ ...lives(tier), ...changes });

/** All names that filegone reports without -d. */
export const allGone: Counts = { ...inside, ...linked, ...outside, ...changes, j: 31, t: TOO_DEEP };

/** All files that filelife reports without -d. */
export const allLives = (): Counts => ({ ...files, ...outside, t: TOO_DEEP });

/** Failed opens of `in`. */
export const failedOpens = inside;

const twice = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([letter, count]) => [letter, 2 * count]));

/** Opens of `in`: a successful one and a failed one for each file. */
export const opens: Counts = { ...twice(inside), ...linked };

/** Calls of the stat family in `in`: a successful one and a failed one for each file, and those of an open file. */
export const stats: Counts = { ...twice(inside), s: 71 };

/** The letter of a row: the last component of its file or path starts with it. */
export const letterOf = ({ file, path }: Row): string =>
  /([a-z])-[^/]*$/.exec(String(file ?? path))?.[1] ?? `${file ?? path}`;

/** The part of a directory with more names than are shown. */
const CUT_DEEP = `\\…${"/d".repeat(256)}`;

/** Directories by letter, relative to the base. */
export const directories = (tier: string): Readonly<Record<string, string>> => ({
  a: "in",
  b: "in",
  c: "in",
  d: "in",
  e: "in",
  f: `in${"/d".repeat(60)}`,
  g: "in/bind",
  k: "out",
  m: "in",
  n: "out/real",
  q: "in",
  t: CUT_DEEP,
  v: "/",
  ...(byFile(tier)
    ? { l: "in", p: "in", r: "out" }
    : { l: "link", p: "out/../in", r: "in/deeper/../../out" }),
});

/** The same of names that are renamed, and of directories. */
export const changedDirectories: Readonly<Record<string, string>> = {
  h: "out > in",
  i: "in > out",
  j: "out",
  o: "in",
};

/** The directories of rows by letter, relative to the base; of several different ones a list. */
export function directoriesIn(rows: readonly Row[], base: string): Record<string, string> {
  const found = new Map<string, Set<string>>();
  for (const row of rows) {
    const letter = letterOf(row);
    found.set(letter, (found.get(letter) ?? new Set()).add(String(row.dir).replaceAll(`${base}/`, "")));
  }
  return Object.fromEntries([...found].map(([letter, names]) => [letter, [...names].join(" or ")]));
}
