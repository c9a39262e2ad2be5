/**
 * The paths that tools show with --full-path beside full_paths.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** The files of a letter: how many, and their directory; `%` is the workload's base. */
interface Kind {
  readonly count: number;
  readonly directory: string;
  /** On tmpfs. */
  readonly tmpfs?: true;
  /** On overlayfs. */
  readonly overlay?: true;
}

const KINDS: Readonly<Record<string, Kind>> = {
  a: { count: 151, directory: "%/plain" },
  b: { count: 149, directory: "%/bound" },
  m: { count: 103, directory: "%/bound/mount", tmpfs: true },
  o: { count: 151, directory: "%/merged", overlay: true },
  l: { count: 53, directory: "%/merged", overlay: true },
  d: { count: 101, directory: `%/deep${"/deep-directory".repeat(100)}` },
  x: { count: 103, directory: "%/plain" },
  c: { count: 113, directory: "" },
  e: { count: 107, directory: "/mount", tmpfs: true },
  u: { count: 97, directory: "(unreachable)%/plain" },
};

const countsOf = (kinds: [string, Kind][]): Counts =>
  Object.fromEntries(kinds.map(([letter, { count }]) => [letter, count]));

/** Files by letter. */
export const files: Counts = countsOf(Object.entries(KINDS));

/** The files that are used without an overlay, by letter. */
export const filesWithoutOverlay: Counts = countsOf(
  Object.entries(KINDS).filter(([, { overlay }]) => !overlay),
);

/** The files on tmpfs, by letter. */
export const tmpfsFiles: Counts = countsOf(Object.entries(KINDS).filter(([, { tmpfs }]) => tmpfs));

/** The letter of a row whose path is right; otherwise file and path. */
export const letterAt = (base: string) => ({ file, path }: Row): string => {
  const letter = String(file)[0]!;
  const kind = KINDS[letter];
  const expected = `${kind?.directory.replace("%", base)}/${file}${letter === "x" ? " (deleted)" : ""}`;
  return kind && path === expected ? letter : `${file}: ${path}`;
};
