/**
 * Whether a file can be trusted: a file that other users can change must not control a ktop that runs as root.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";

/** The system calls used; tests replace them. */
export interface TrustSystem {
  /** Throws Deno.errors.NotFound if the path does not exist. */
  lstat(path: string): Pick<Deno.FileInfo, "isFile" | "isDirectory" | "isSymlink" | "mode" | "uid">;
  readLink(path: string): string;
  /** The user ktop runs as. */
  uid(): number;
}

const system: TrustSystem = {
  lstat: Deno.lstatSync,
  readLink: Deno.readLinkSync,
  uid: () => Deno.uid() ?? 0,
};

/** Maximum number of symbolic links the kernel follows in one path (MAXSYMLINKS, include/linux/namei.h). */
const MAX_LINKS = 40;

/** Bits of st_mode: writable by group or others; sticky directory: only owners remove or rename entries. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

const NO_CONFIG = "run with --no-config";

/** The error for a part of a path that other users can change; null: only the user and root can. */
function trustProblem(
  path: string,
  info: ReturnType<TrustSystem["lstat"]>,
  me: number,
): UsageError | null {
  const name = shownValue(path);
  if (info.uid !== me && info.uid !== 0) {
    const whose = me === 0 ? "root" : `user ${me} or root`;
    return new UsageError(
      `The configuration is not trusted: ${name} belongs to user ${info.uid}, not to ${whose}.`,
      {
        remedy: me === 0
          ? `Use sudo -H for root's own configuration, or ${NO_CONFIG}.`
          : `Change its owner, or ${NO_CONFIG}.`,
      },
    );
  }
  const mode = info.mode ?? 0o777;
  // In a sticky directory (/tmp) other users cannot rename, remove or replace entries of the user or root.
  const guarded = info.isSymlink || (info.isDirectory && (mode & STICKY) !== 0);
  if ((mode & WRITABLE_BY_OTHERS) === 0 || guarded) return null;
  return new UsageError(`The configuration is not trusted: others can write ${name}.`, {
    remedy: `Run chmod go-w ${name}, or ${NO_CONFIG}.`,
  });
}

/** A path after following it. */
export interface Followed {
  /** The path without symbolic links. */
  readonly real: string;
  /** False if the file, or a directory on the way, is missing or cannot be reached. */
  readonly exists: boolean;
  /** Why the path cannot be trusted; null: it can. */
  readonly problem: UsageError | null;
}

/**
 * Follows a path from the root, link by link, and checks every directory, link and the file: each must belong to the user
 * or to root, and no directory and no file may be writable by group or others. Throws UsageError if the path does not
 * lead to a regular file.
 */
export function followPath(path: string, trust: TrustSystem = system): Followed {
  const me = trust.uid();
  let parts = resolve(path).split("/").filter((part) => part !== "");
  let real = "/";
  let problem = trustProblem(real, trust.lstat(real), me);
  for (let links = 0; parts.length > 0;) {
    const [part, ...rest] = parts as [string, ...string[]];
    if (part === "..") {
      [real, parts] = [dirname(real), rest];
      continue;
    }
    const next = join(real, part);
    let info: ReturnType<TrustSystem["lstat"]>;
    try {
      info = trust.lstat(next);
    } catch (error) {
      const unreachable = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.PermissionDenied;
      if (unreachable) return { real: join(real, ...parts), exists: false, problem };
      throw error;
    }
    problem ??= trustProblem(next, info, me);
    if (info.isSymlink) {
      if (++links > MAX_LINKS) throw new UsageError(`${shownValue(path)} has too many links.`);
      const target = trust.readLink(next);
      if (target.startsWith("/")) real = "/";
      parts = [...target.split("/").filter((word) => word !== "" && word !== "."), ...rest];
      continue;
    }
    if (rest.length > 0 && !info.isDirectory) throw new UsageError(`${shownValue(next)} is not a directory.`);
    if (rest.length === 0 && !info.isFile) throw new UsageError(`${shownValue(next)} is not a file.`);
    [real, parts] = [next, rest];
  }
  return { real, exists: true, problem };
}
