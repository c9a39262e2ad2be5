/**
 * Named sets of panes that belong together (`--screen`, key T).
 *
 * @module
 */
import { MAX_SET_PANES, type PaneSet } from "../model/mod.ts";
import type { Tool } from "./tool.ts";

/** A set, with its tools in order of preference. */
interface Candidates extends Pick<PaneSet, "name" | "summary"> {
  readonly tools: readonly string[];
  /** The set is offered only if one of these exists; absent: any of its tools. */
  readonly needs?: readonly string[];
}

/** The sets. Tools that do not exist are skipped, so that a new tool appears where it is listed. */
const SETS: readonly Candidates[] = [
  {
    name: "files",
    summary: "which files are used, and by which programs",
    tools: [
      "filetop",
      "vfsstat",
      "opensnoop",
      "fileslower",
      "dirtop",
      "filelife",
      "filegone",
      "statsnoop",
      "dcstat",
    ],
  },
  {
    name: "disk",
    summary: "how busy the disks are, how long they take, and who waits",
    tools: ["biotop", "biolatency", "biosnoop", "fsslower", "fsdist", "fileslower", "filetop"],
  },
  {
    name: "net",
    summary: "which connections there are, and what they move",
    tools: ["nettop", "tcplife", "tcpretrans", "tcpconnect", "tcpaccept"],
  },
  {
    name: "cpu",
    summary: "what runs, and what waits for a CPU",
    tools: ["runqlat", "profile", "runqslower", "execsnoop", "offcputime", "syscount"],
  },
  {
    name: "memory",
    summary: "what the caches of the kernel hit and miss",
    tools: ["cachestat", "filetop", "dcstat", "readpath", "dcsnoop", "vfsstat"],
    needs: ["cachestat"],
  },
];

/** Panes of a set: as many as fit below each other at 80×24. The other tools replace those that cannot run. */
const SHOWN = Math.min(4, MAX_SET_PANES);

/** The sets that these tools make, each with at least one of them. */
export function paneSetsOf(tools: readonly Pick<Tool, "name">[]): PaneSet[] {
  const exists = (name: string): boolean => tools.some((tool) => tool.name === name);
  return SETS.filter((set) => (set.needs ?? set.tools).some(exists)).map(({ name, summary, tools }) => {
    const existing = tools.filter(exists);
    return { name, summary, tools: existing.slice(0, SHOWN), spares: existing.slice(SHOWN) };
  });
}
