/**
 * The restrictions that the command line sets for every tool.
 *
 * @module
 */
import type { Restrictions } from "../model/mod.ts";
import { escapeText } from "../text/mod.ts";
import type { ToolRequest } from "./slot.ts";

/** Reads the restrictions from the first tool; all tools have the same. */
export function restrictionsOf([request]: readonly ToolRequest[]): Restrictions {
  const { pid, ppid, user, comm, cgroup } = request?.options.filters ?? {};
  const tier = request?.options.tier;
  return {
    ...(pid === undefined ? {} : { pid }),
    ...(ppid === undefined ? {} : { ppid }),
    ...(user === undefined ? {} : { user: escapeText(user) }),
    ...(comm === undefined ? {} : { comm: escapeText(comm) }),
    ...(cgroup === undefined ? {} : { cgroup: escapeText(cgroup) }),
    ...(tier === undefined ? {} : { tier }),
  };
}
