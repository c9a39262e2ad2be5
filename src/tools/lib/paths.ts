/**
 * Paths made of the names that the BPF side walked, last name first (bpf/lib/path.bpf.h).
 *
 * @module
 */

/** How the walk ended: enum walk_result in bpf/lib/path.bpf.h. */
export const Walked = {
  /** There was no walk. */
  none: 0,
  /** It reached the root. */
  root: 1,
  /** It stopped at the depth limit: the start of the path is unknown. */
  cut: 2,
  /** It ended at an entry outside any directory: a pipe, a socket, a memfd. */
  unreachable: 3,
} as const;

/** Replaces the unknown start of a path. It is unique: backslashes in names are doubled. */
const UNKNOWN_PART = "\\…";

/**
 * The path of walked names.
 *
 * @param walked one of {@linkcode Walked}
 * @param names escaped, last name first
 * @returns `/a/b`; null for an entry without a name, such as a pipe
 */
export function walkedPath(walked: number, names: readonly string[]): string | null {
  const start = walked === Walked.root ? [""] : walked === Walked.cut ? [UNKNOWN_PART] : [];
  const parts = names.length > 0 ? [...start, ...names.toReversed()] : [...start, ""];
  // join() makes one flat string; concatenated names would be kept as a tree of their parts.
  const path = parts.join("/");
  return path === "" ? null : path;
}

/** A path joined with its starting directory; without one, the path itself. */
export function joinPath(directory: string | null, path: string): string {
  if (directory === null) return path;
  const rest = path.startsWith("/") ? path.replace(/^\/+/, "") : path;
  if (rest === "") return directory;
  return directory.endsWith("/") ? directory + rest : `${directory}/${rest}`;
}
