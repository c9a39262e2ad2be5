/**
 * The restrictions that the command line sets for every tool.
 *
 * @module
 */
import type { Restrictions } from "../model/mod.ts";
import { escapeText } from "../text/mod.ts";
import type { ToolRequest } from "./slot.ts";

const LISTS = ["container", "unit", "pod", "cgroup"] as const;

/** Reads the restrictions from the first tool; all tools have the same. */
export function restrictionsOf([request]: readonly ToolRequest[]): Restrictions {
  const { pid, ppid, user, comm, followed, ...filters } = request?.options.filters ?? { self: false };
  const tier = request?.options.tier;
  return {
    ...(pid === undefined ? {} : { pid }),
    ...(ppid === undefined ? {} : { ppid }),
    ...(user === undefined ? {} : { user: escapeText(user) }),
    ...(comm === undefined ? {} : { comm: escapeText(comm) }),
    ...Object.fromEntries(LISTS.flatMap((name) => {
      const values = filters[name];
      return values === undefined ? [] : [[name, values.map(escapeText)]];
    })),
    ...(followed === undefined ? {} : { command: followed.words.map(escapeText) }),
    ...(tier === undefined ? {} : { tier }),
  };
}
