/**
 * The tools: what each measures, how it is attached, what its rows hold. One file a tool, one line here. Nothing in
 * this room draws, prints or knows a pointer.
 *
 * @module
 */
import { biolatency } from "./biolatency.ts";
import { biosnoop } from "./biosnoop.ts";
import { dcsnoop } from "./dcsnoop.ts";
import { dcstat } from "./dcstat.ts";
import { dirtop } from "./dirtop.ts";
import { filegone } from "./filegone.ts";
import { filelife } from "./filelife.ts";
import { fileslower } from "./fileslower.ts";
import { filetop } from "./filetop.ts";
import { fsslower, fsslowerAliases } from "./fsslower.ts";
import { fsdist, fsdistAliases } from "./fsdist.ts";
import { execsnoop } from "./execsnoop.ts";
import { mountsnoop } from "./mountsnoop.ts";
import { opensnoop } from "./opensnoop.ts";
import { readpath } from "./readpath.ts";
import { runqlat } from "./runqlat.ts";
import { runqslower } from "./runqslower.ts";
import { statsnoop } from "./statsnoop.ts";
import type { Tool } from "./tool.ts";
import { vfscount } from "./vfscount.ts";
import { vfsstat } from "./vfsstat.ts";

export type * from "./tool.ts";

/** Every tool by every name it has, in the order in which they are listed. */
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
  mountsnoop,
  runqlat,
  biolatency,
  biosnoop,
  dirtop,
  filelife,
  filegone,
  dcsnoop,
  vfscount,
  readpath,
];

/** Every tool once, under its own name. */
export const DISTINCT_TOOLS: readonly Tool[] = TOOLS.filter(({ aliasOf }) => aliasOf === undefined);

/** The other names of a tool: those of fsslower for one file system each. */
export function aliasesOf({ name }: Tool): string[] {
  return TOOLS.filter(({ aliasOf }) => aliasOf === name).map((alias) => alias.name);
}

/** The tools of the default screen. */
export const DEFAULT_PANES: readonly string[] = ["filetop", "vfsstat", "dcstat", "runqslower"];
