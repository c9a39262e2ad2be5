/**
 * What the file tools report for ways.c: each way to open, create, remove and rename, and on which tiers each tool reports it.
 *
 * @module
 */
import type { TierName } from "../../src/model/mod.ts";
import type { Abilities, Seen } from "./ways.ts";

/** Tools by how they observe what happens to names of files. */
export const NAME_GROUPS = {
  "opensnoop": ["opensnoop"],
  "vfsstat": ["vfsstat"],
  "filelife": ["filelife"],
  "filegone": ["filegone"],
} as const;

/** A way to open, create, remove or rename. */
export interface NameWay {
  readonly way: string;
  /** How often ways.c opens in this way, and the path that opensnoop shows; DIR is the workload's directory. */
  readonly opens?: readonly [count: number, path: string];
  readonly seen: Readonly<Record<keyof typeof NAME_GROUPS, Seen | "not its kind">>;
  readonly caveat?: string;
  readonly note?: string;
}

/** The tool does not report what this way does. */
export const ELSEWHERE = "not its kind";

/** The ways to open, create, remove and rename. */
export const NAME_WAYS: readonly NameWay[] = [
  {
    way: "open, creat, openat, openat2",
    seen: { opensnoop: "all", vfsstat: "all", filelife: "all", filegone: ELSEWHERE },
    note: "vfsstat counts failed opens only on the upper tiers",
  },
  {
    way: "open with O_TMPFILE",
    opens: [1, "."],
    seen: { opensnoop: "all", vfsstat: "all", filelife: ELSEWHERE, filegone: ELSEWHERE },
    note: "vfsstat since 6.1 only on the tracepoint tier",
  },
  {
    way: "open_by_handle_at",
    opens: [1, "DIR/handle"],
    seen: { opensnoop: "all", vfsstat: "all", filelife: ELSEWHERE, filegone: ELSEWHERE },
  },
  {
    way: "unlink, unlinkat, rmdir, rename, renameat, renameat2",
    seen: { opensnoop: ELSEWHERE, vfsstat: "all", filelife: "all", filegone: "all" },
    note: "vfsstat has no counter of renames",
  },
  {
    way: "mknod, mknodat of a regular file",
    seen: { opensnoop: ELSEWHERE, vfsstat: "all", filelife: "upper", filegone: ELSEWHERE },
    caveat: "mknod",
  },
  {
    way: "io_uring: OPENAT, UNLINKAT, RENAMEAT, LINKAT, MKDIRAT",
    opens: [181, "uring"],
    seen: { opensnoop: "none", vfsstat: "upper", filelife: "upper", filegone: "upper" },
    caveat: "io_uring",
  },
  {
    way: "any of these by a 32-bit program",
    opens: [191, "compat"],
    seen: { opensnoop: "all", vfsstat: "all", filelife: "all", filegone: "all" },
  },
  {
    way: "mq_open, mq_unlink",
    opens: [193, "/ktop-ways"],
    seen: { opensnoop: "none", vfsstat: "upper", filelife: "none", filegone: "upper" },
    caveat: "message queues",
    note: "vfsstat counts no opens where the compiler inlined vfs_open into dentry_open (5.10, 6.1)",
  },
  {
    way: "memfd_create",
    seen: { opensnoop: "none", vfsstat: "none", filelife: "none", filegone: "none" },
    note: "opens no path",
  },
  {
    way: "the kernel itself: exec, core dumps, nfsd, overlayfs",
    seen: { opensnoop: "none", vfsstat: "upper", filelife: "upper", filegone: "upper" },
    caveat: "the kernel itself",
  },
];

/** Opens of ways.c that a tool reports on this tier, by path. */
export function expectedOpens(
  tool: "opensnoop" | "vfsstat",
  tier: TierName,
  { compat }: Abilities,
): Record<string, number> {
  const reported = NAME_WAYS.filter(({ seen, opens }) =>
    (seen[tool] === "all" || (seen[tool] === "upper" && tier !== "tracepoint")) &&
    (opens?.[1] !== "compat" || compat === 1)
  );
  return Object.fromEntries(reported.flatMap(({ opens }) => opens ? [[opens[1], opens[0]]] : []));
}
