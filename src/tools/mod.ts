/**
 * The tools: what each measures, what it attaches to and what its rows hold. A tool is a folder here and a line in
 * {@linkcode TOOLS}. Nothing in this room draws, prints or handles pointers.
 *
 * @module
 */
import type { PaneSet } from "../model/mod.ts";
import { biolatency } from "./biolatency/mod.ts";
import { biosnoop } from "./biosnoop/mod.ts";
import { biotop } from "./biotop/mod.ts";
import { cachestat } from "./cachestat/mod.ts";
import { dcsnoop } from "./dcsnoop/mod.ts";
import { dcstat } from "./dcstat/mod.ts";
import { dirtop } from "./dirtop/mod.ts";
import { execsnoop } from "./execsnoop/mod.ts";
import { filegone } from "./filegone/mod.ts";
import { filelife } from "./filelife/mod.ts";
import { fileslower } from "./fileslower/mod.ts";
import { filetop } from "./filetop/mod.ts";
import { fsdist, fsdistAliases } from "./fsdist/mod.ts";
import { fsslower, fsslowerAliases } from "./fsslower/mod.ts";
import { mountsnoop } from "./mountsnoop/mod.ts";
import { nettop } from "./nettop/mod.ts";
import { offcputime } from "./offcputime/mod.ts";
import { opensnoop } from "./opensnoop/mod.ts";
import { paneSetsOf } from "./pane_sets.ts";
import { profile } from "./profile/mod.ts";
import { readpath } from "./readpath/mod.ts";
import { runqlat } from "./runqlat/mod.ts";
import { runqslower } from "./runqslower/mod.ts";
import { statsnoop } from "./statsnoop/mod.ts";
import { syscount } from "./syscount/mod.ts";
import { tcpaccept } from "./tcpaccept/mod.ts";
import { tcpconnect } from "./tcpconnect/mod.ts";
import { tcplife } from "./tcplife/mod.ts";
import { tcpretrans } from "./tcpretrans/mod.ts";
import type { Tool } from "./tool.ts";
import { vfscount } from "./vfscount/mod.ts";
import { vfsstat } from "./vfsstat/mod.ts";

export { withColumnsFor } from "./lib/columns_for.ts";
export type { QueueLimits } from "./lib/event_queue.ts";
export type { OnArrival } from "./lib/watched_queue.ts";
export type { Clock } from "./lib/events.ts";
export { hasTerms } from "./lib/cgroup_terms.ts";
export { endTest, locateFilters } from "./lib/filter.ts";
export { hooksOf } from "./lib/hooks.ts";
export {
  describeCgroup,
  followCgroups,
  type Following,
  hasWho,
  passesCgroupFilter,
  userName,
  withWho,
} from "./lib/who.ts";
export type * from "./tool.ts";

/** Every tool under each of its names, in the order of `ktop list`. */
export const TOOLS: readonly Tool[] = [
  filetop,
  vfsstat,
  dcstat,
  runqslower,
  fileslower,
  fsslower,
  ...fsslowerAliases,
  fsdist,
  ...fsdistAliases,
  opensnoop,
  execsnoop,
  statsnoop,
  syscount,
  mountsnoop,
  runqlat,
  biolatency,
  biosnoop,
  biotop,
  cachestat,
  dirtop,
  filelife,
  filegone,
  dcsnoop,
  vfscount,
  readpath,
  profile,
  offcputime,
  nettop,
  tcplife,
  tcpretrans,
  tcpconnect,
  tcpaccept,
];

/** Every tool once, under its own name. */
export const DISTINCT_TOOLS: readonly Tool[] = TOOLS.filter(({ aliasOf }) => aliasOf === undefined);

/** The other names of a tool: ext4slower and its siblings are fsslower for one file system each. */
export function aliasesOf({ name }: Tool): string[] {
  return TOOLS.filter(({ aliasOf }) => aliasOf === name).map((alias) => alias.name);
}

/** The named sets of panes. */
export const PANE_SETS: readonly PaneSet[] = paneSetsOf(TOOLS);

/** The tools of the default screen. */
export const DEFAULT_PANES: readonly string[] = ["filetop", "vfsstat", "dcstat", "runqslower"];

/**
 * The first of these that runs takes the place of a default pane that the kernel cannot run. biolatency shows whether a disk
 * is slow, and costs nothing while no disk works.
 */
export const FALLBACK_PANES: readonly string[] = ["biolatency", "opensnoop"];
