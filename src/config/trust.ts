/**
 * Whether a file may be believed: what others can change must not decide what a root's ktop does.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { escapeText } from "../text/mod.ts";

/** What is asked of the system; tests bring their own. */
export interface TrustSystem {
  /** Throws Deno.errors.NotFound where there is nothing. */
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

/** As many links as the kernel follows in one path (MAXSYMLINKS, include/linux/namei.h). */
const MAX_LINKS = 40;

/** Bits of st_mode: writable by the group or by others; only owners may remove or rename what is inside. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

const REMEDY = "Or run with --no-config.";

/** Whether somebody else than the user and root can change this part of a path, and what to do about it; null: nobody. */
function distrust(
  path: string,
  info: ReturnType<TrustSystem["lstat"]>,
  me: number,
): UsageError | null {
  const name = escapeText(path);
  if (info.uid !== me && info.uid !== 0) {
    const whose = me === 0 ? "root" : `user ${me} or root`;
    return new UsageError(
      `The configuration is not trusted: ${name} belongs to user ${info.uid}, not to ${whose}.`,
      {
        remedy: me === 0 ? `Under sudo, sudo -H takes root's own. ${REMEDY}` : REMEDY,
      },
    );
  }
  const mode = info.mode ?? 0o777;
  // In a sticky directory (/tmp) nobody else can rename, remove or replace what is ours or root's.
  const guarded = info.isSymlink || (info.isDirectory && (mode & STICKY) !== 0);
  if ((mode & WRITABLE_BY_OTHERS) === 0 || guarded) return null;
  return new UsageError(`The configuration is not trusted: others can write ${name}.`, {
    remedy: `chmod go-w ${name} changes that. ${REMEDY}`,
  });
}

/** What became of following a path. */
export interface Followed {
  /** The path without links. */
  readonly real: string;
  /** False where the file, or a directory on the way, is missing or cannot be reached. */
  readonly exists: boolean;
  /** Why what is there may not be trusted; null: it may. */
  readonly problem: UsageError | null;
}

/**
 * Follows a path from the root, link by link, and checks every directory, every link and the file: each must belong
 * to the user or to root, and no directory and no file may be writable by others. Throws UsageError where the path
 * does not lead to a file at all.
 */
export function followPath(path: string, trust: TrustSystem = system): Followed {
  const me = trust.uid();
  let parts = resolve(path).split("/").filter((part) => part !== "");
  let real = "/";
  let problem = distrust(real, trust.lstat(real), me);
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
      const away = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied;
      if (away) return { real: join(real, ...parts), exists: false, problem };
      throw error;
    }
    problem ??= distrust(next, info, me);
    if (info.isSymlink) {
      if (++links > MAX_LINKS) throw new UsageError(`${escapeText(path)} has too many links.`);
      const target = trust.readLink(next);
      if (target.startsWith("/")) real = "/";
      parts = [...target.split("/").filter((word) => word !== "" && word !== "."), ...rest];
      continue;
    }
    if (rest.length > 0 && !info.isDirectory) throw new UsageError(`${escapeText(next)} is not a directory.`);
    if (rest.length === 0 && !info.isFile) throw new UsageError(`${escapeText(next)} is not a file.`);
    [real, parts] = [next, rest];
  }
  return { real, exists: true, problem };
}
