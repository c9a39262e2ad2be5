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
  const { pid, cgroup, comm } = request?.options.filters ?? {};
  const tier = request?.options.tier;
  return {
    ...(pid === undefined ? {} : { pid }),
    ...(cgroup === undefined ? {} : { cgroup: escapeText(cgroup) }),
    ...(comm === undefined ? {} : { comm: escapeText(comm) }),
    ...(tier === undefined ? {} : { tier }),
  };
}
