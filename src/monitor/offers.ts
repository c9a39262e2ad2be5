/**
 * The tools that panes may show, and whether they can run here.
 *
 * @module
 */
import { planTool, probeFeatures } from "../bpf/mod.ts";
import type { Offer } from "../model/mod.ts";
import { hooksOf } from "../tools/mod.ts";
import type { ToolRequest } from "./slot.ts";

/** Offers of which only the names are known. */
export function unknownOffers(requests: readonly ToolRequest[]): readonly Offer[] {
  return requests.map(({ tool: { name, summary } }) => ({ name, summary, reason: "" }));
}

/** Finds out which tools can run, from the kernel's features alone: nothing is loaded. Never rejects. */
export async function planOffers(requests: readonly ToolRequest[]): Promise<readonly Offer[]> {
  const features = await probeFeatures();
  return requests.map(({ tool, options }) => {
    const { tier, reason } = planTool(hooksOf(tool, options), features, options.tier);
    return { name: tool.name, summary: tool.summary, tier, reason: tier === null ? reason : "" };
  });
}
