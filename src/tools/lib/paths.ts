/**
 * Paths whose names the kernel side walked from the last to the first (bpf/lib/path.bpf.h).
 *
 * @module
 */

/** How far the kernel side came: enum walked in bpf/lib/path.bpf.h. */
export const Walked = {
  /** Nothing was walked. */
  none: 0,
  /** To the root. */
  root: 1,
  /** The path begins with an unknown part. */
  cut: 2,
  /** To an entry that is in no directory: a pipe, a socket, a memfd. */
  unreachable: 3,
} as const;

/** What stands for the part of a path that is too deep to be walked. No name can be it: a backslash of a name is doubled. */
const UNKNOWN_PART = "\\…";

/**
 * The path made of walked names.
 *
 * @param walked one of {@linkcode Walked}
 * @param names escaped, the last one first
 * @returns `/a/b`; null where the entry has no name, as a pipe has none
 */
export function walkedPath(walked: number, names: readonly string[]): string | null {
  // A loop, not a reversed copy joined: a flood asks 100,000 times a second.
  let path = names.length > 0 ? names[names.length - 1]! : "";
  for (let i = names.length - 2; i >= 0; i--) path += `/${names[i]}`;
  if (walked === Walked.root) return `/${path}`;
  if (walked === Walked.cut) return `${UNKNOWN_PART}/${path}`;
  return path === "" ? null : path;
}

/** A path as given, below the directory it begins at; without one, as given. */
export function joinPath(directory: string | null, path: string): string {
  if (directory === null) return path;
  const rest = path.startsWith("/") ? path.replace(/^\/+/, "") : path;
  if (rest === "") return directory;
  return directory.endsWith("/") ? directory + rest : `${directory}/${rest}`;
}
