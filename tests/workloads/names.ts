/**
 * What filelife, filegone and vfsstat report for names.c. On which tiers: the second table of ways.ts.
 *
 * @module
 */
import type { TierName } from "../../src/model/mod.ts";
import type { Counts, Row } from "../support/ticks.ts";
import { NAME_GROUPS, NAME_WAYS } from "./name_ways.ts";
import type { Seen } from "./ways.ts";

/** A way of names.c. The parts of a count are absent if the way has no such call. */
interface Names {
  /** Its name in the second table of ways.ts. */
  readonly way: string;
  /** Files that are created and removed. */
  readonly files: number;
  readonly renames?: number;
  /** Files that are created, linked to a second name, and removed under both names. */
  readonly links?: number;
  readonly directories?: number;
  /** Whether the files are message queues. */
  readonly queues?: true;
}

/** By prefix of the file names. */
const NAMES: Readonly<Record<string, Names>> = {
  plain: {
    way: "unlink, unlinkat, rmdir, rename, renameat, renameat2",
    files: 3,
    renames: 5,
    links: 7,
    directories: 2,
  },
  uring: {
    way: "io_uring: OPENAT, UNLINKAT, RENAMEAT, LINKAT, MKDIRAT",
    files: 11,
    renames: 13,
    links: 17,
    directories: 19,
  },
  compat: { way: "any of these by a 32-bit program", files: 23, renames: 29, links: 31, directories: 37 },
  compatat: { way: "any of these by a 32-bit program", files: 59, renames: 61, links: 67, directories: 71 },
  queue: { way: "mq_open, mq_unlink", files: 41, queues: true },
  queue32: { way: "mq_open, mq_unlink", files: 43, queues: true },
};

/** How often names.c executes itself: opens by the kernel itself. */
const EXECUTIONS = 53;

/** Which calls of a way this kernel has, and its version, as names.c prints them: `uring_rename 1`, `major 6`. */
export type Calls = Readonly<Record<string, number>>;

/** Whether the kernel's compiler inlined vfs_open into dentry_open, through which mq_open goes: of the lab's, 5.10 and 6.1. */
const inlinesOpen = ({ major, minor }: Calls): boolean => major! < 6 || (major === 6 && minor! < 12);

type Tool = keyof typeof NAME_GROUPS;

function isSeen(way: string, tool: Tool, tier: TierName): boolean {
  const seen = NAME_WAYS.find((one) => one.way === way)!.seen[tool] as Seen;
  return seen === "all" || (seen === "upper" && tier !== "tracepoint");
}

/** The ways that a tool sees, without the calls that this kernel does not have. */
function seenNames(tool: Tool, tier: TierName, calls: Calls): [prefix: string, Required<Names>][] {
  return Object.entries(NAMES).filter(([, { way }]) => isSeen(way, tool, tier)).map(([prefix, names]) => {
    const count = (name: string, value: number | undefined): number => {
      const group = prefix === "queue32" || prefix === "compatat" ? "compat" : prefix;
      return calls[`${group}_${name}`] === 0 ? 0 : value ?? 0;
    };
    return [prefix, {
      ...names,
      files: count("unlink", names.files),
      renames: count("rename", names.renames),
      links: count("link", names.links),
      directories: count("mkdir", names.directories),
    } as Required<Names>];
  });
}

/** The start of a name, which is its way. */
const prefixOf = (name: unknown): string => String(name).split("_")[0]!;

/** Files that filelife reports, by the start of their names; files with two names under their last one. */
export function filelifeRows(tier: TierName, calls: Calls): Counts {
  const linked = tier === "tracepoint" ? 0 : 1;
  return Object.fromEntries(
    seenNames("filelife", tier, calls).map(([prefix, { files, links }]) => [prefix, files + linked * links]),
  );
}

/** The name in {@linkcode filelifeRows} of a row of filelife. */
export const filelifeName = ({ file }: Row): string =>
  String(file).includes("_first") ? `${file}` : prefixOf(file);

/** Rows of filegone by the start of the name and the action. */
export function filegoneRows(tier: TierName, calls: Calls): Counts {
  return Object.fromEntries(
    seenNames("filegone", tier, calls).flatMap(([prefix, { files, renames, links, directories }]) => [
      [`${prefix} DELETE`, files + 2 * links],
      [`${prefix} RENAME`, renames],
      [`${prefix} RMDIR`, directories],
    ]),
  );
}

/** The name in {@linkcode filegoneRows} of a row of filegone. */
export const filegoneName = ({ name, action }: Row): string => `${prefixOf(name)} ${action}`;

/** The counters of vfsstat. */
export function vfsstatCounts(tier: TierName, calls: Calls): Counts {
  const seen = seenNames("vfsstat", tier, calls).map(([, names]) => names);
  const total = (count: (names: Required<Names>) => number): number =>
    seen.reduce((sum, names) => sum + count(names), 0);
  return {
    open: total(({ files, links, queues }) => queues && inlinesOpen(calls) ? 0 : files + links) +
      (tier === "tracepoint" ? 0 : EXECUTIONS),
    create: total(({ files, links, queues }) => queues ? 0 : files + links),
    unlink: total(({ files, links }) => files + 2 * links),
    mkdir: total(({ directories }) => directories),
    rmdir: total(({ directories }) => directories),
  };
}
