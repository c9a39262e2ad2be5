/**
 * The tools that panes may show, and whether each can run on this kernel.
 *
 * @module
 */
import { planTool, probeFeatures } from "../bpf/mod.ts";
import type { Offer } from "../model/mod.ts";
import { hooksOf } from "../tools/mod.ts";
import type { ToolRequest } from "./slot.ts";

const described = (
  { tool: { name, summary, searchWords } }: ToolRequest,
): Omit<Offer, "tier" | "reason"> => ({
  name,
  summary,
  ...(searchWords === undefined ? {} : { searchWords }),
});

/** Offers before features were probed. */
export function unknownOffers(requests: readonly ToolRequest[]): readonly Offer[] {
  return requests.map((request) => ({ ...described(request), reason: "" }));
}

/** Plans each tool from the kernel's features, without loading it. Never rejects. */
export async function planOffers(requests: readonly ToolRequest[]): Promise<readonly Offer[]> {
  const features = await probeFeatures().catch((error) =>
    String(error instanceof Error ? error.message : error)
  );
  if (typeof features === "string") {
    return unknownOffers(requests).map((offer) => ({ ...offer, reason: features }));
  }
  return requests.map((request) => {
    const { tool, options } = request;
    const { tier, reason } = planTool(hooksOf(tool, options), features, options.tier);
    return { ...described(request), tier, reason: tier === null ? reason : "" };
  });
}
