/**
 * Paths made of the names that the BPF side walked, last name first (bpf/lib/path.bpf.h).
 *
 * @module
 */
import { CUT } from "./struct.ts";

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
  /** It ended at a root that is not the process's: outside a chroot, or unmounted. */
  outside: 4,
} as const;

/** Limits of the walk (PATH_DEPTH of bpf/lib/path.bpf.h, STRING_OFFSETS of bpf/lib/strings.bpf.h). */
const CUT_PATHS = "with more than 256 names and mount points, or 8191 bytes, as cut";

/** What becomes of long paths of directories. */
export const CUT_DIRECTORIES = `marks directories ${CUT_PATHS}`;

/** The start of a path outside the root of its process, as in getcwd(2). */
const OUTSIDE = "(unreachable)";

/** The first parts of a path, by how the walk ended. */
const STARTS: Readonly<Record<number, readonly string[]>> = {
  [Walked.root]: [""],
  [Walked.cut]: [CUT],
  [Walked.outside]: [OUTSIDE],
};

/** What is known of the path of a call, as bits: enum path_part in bpf/lib/path.bpf.h. */
export const PathPart = {
  /** The first string is the path as passed. */
  given: 1,
  /** It was longer. */
  cut: 2,
  /** It starts at a directory, whose names follow unless the directory is unknown. */
  relative: 4,
} as const;

/**
 * The path of walked names.
 *
 * @param walked one of {@linkcode Walked}
 * @param names escaped, last name first
 * @returns `/a/b`; null for an entry without a name, such as a pipe
 */
export function walkedPath(walked: number, names: readonly string[]): string | null {
  const start = STARTS[walked] ?? [];
  const parts = names.length > 0 ? [...start, ...names.toReversed()] : [...start, ""];
  // join() makes one flat string; concatenated names would be kept as a tree of their parts.
  const path = parts.join("/");
  // A file opened by handle may have no known directory; the kernel then calls it "/".
  return path === "" || (path === "/" && walked !== Walked.root) ? null : path;
}

/** How the walk from an open file ended, and whether its name has been removed: members of a BPF struct. */
export interface WalkedFile {
  readonly walked: number;
  readonly deleted: number;
}

/**
 * The path of an open file, as readlink(2) of /proc/PID/fd shows it to the process.
 *
 * @param names escaped, the last first
 * @returns null for a file without a name, and without a walk
 */
export function openFilePath({ walked, deleted }: WalkedFile, names: readonly string[]): string | null {
  const path = walkedPath(walked, names);
  return path !== null && deleted === 1 ? `${path} (deleted)` : path;
}

/**
 * The path of a call.
 *
 * @param parts bits of {@linkcode PathPart}
 * @param walked one of {@linkcode Walked}
 * @param texts escaped: the path as given, if `parts` has it, then the names of the directory it starts at, last name first;
 *   without a given path the names of the open file
 */
export function callPath(parts: number, walked: number, texts: readonly string[]): string | null {
  if ((parts & PathPart.given) === 0) return walked === Walked.none ? null : walkedPath(walked, texts);
  const [first, ...names] = texts;
  const given = parts & PathPart.cut ? first! + CUT : first!;
  return parts & PathPart.relative ? joinPath(walkedPath(walked, names) ?? CUT, given) : given;
}

/** A path joined with its starting directory. */
export function joinPath(directory: string, path: string): string {
  const rest = path.startsWith("/") ? path.replace(/^\/+/, "") : path;
  if (rest === "") return directory;
  return directory.endsWith("/") ? directory + rest : `${directory}/${rest}`;
}

/** Where a file is, or was. */
export interface Place {
  /** Its directory; null: not known. */
  readonly dir: string | null;
  /** The last component of its path. */
  readonly name: string;
}

/**
 * The place of a file.
 *
 * @param parts bits of {@linkcode PathPart}
 * @param walked one of {@linkcode Walked}
 * @param text escaped: the path as given, if `parts` has it, otherwise the file's name
 * @param names escaped, the last first: those of the directory that the path starts at, otherwise of the file's directory
 */
export function placeOf(parts: number, walked: number, text: string, names: readonly string[]): Place {
  if ((parts & PathPart.given) === 0) return { dir: walkedPath(walked, names), name: text };
  const given = text.split("/").filter((name) => name !== "" && name !== ".");
  const name = given.pop() ?? "";
  if ((parts & PathPart.relative) === 0) return { dir: `/${given.join("/")}`, name };
  if (walked === Walked.none) return { dir: [CUT, ...given].join("/"), name };
  // A walked name is no symbolic link: ".." undoes it.
  let up = 0;
  while (given[up] === ".." && (up < names.length || walked === Walked.root)) up++;
  return { dir: walkedPath(walked, [...given.slice(up).toReversed(), ...names.slice(up)]), name };
}

/** The whole path of a place; null if its directory is not known. */
export function pathOfPlace({ dir, name }: Place): string | null {
  return dir === null ? null : joinPath(dir, name);
}
