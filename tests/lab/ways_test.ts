import assert from "node:assert/strict";
import type { TierName } from "../../src/model/mod.ts";
import { DISTINCT_TOOLS } from "../../src/tools/mod.ts";
import { NAME_GROUPS } from "../workloads/name_ways.ts";
import * as ways from "../workloads/ways.ts";
import { caveatWords } from "../workloads/ways_tables.ts";

const TIERS: readonly TierName[] = ["fentry", "kprobe", "tracepoint"];

/** The tools in the tables of ways. */
const tools = [...Object.values(ways.GROUPS), ...Object.values(NAME_GROUPS)].flat();

Deno.test("each way that a tool does not see on a tier is in its caveat of that tier", () => {
  for (const name of new Set<string>(tools)) {
    const { caveats, hooks } = DISTINCT_TOOLS.find((tool) => tool.name === name)!;
    const list = typeof hooks === "function"
      ? hooks({ filters: { self: false }, flags: { type: "ext4" } })
      : hooks;
    for (const tier of TIERS.filter((tier) => list.some((hook) => hook.tiers[tier]))) {
      const missing = caveatWords(name, tier).filter((word) => !caveats[tier]?.includes(word));
      assert.deepEqual(missing, [], `${name} on ${tier}: ${caveats[tier]}`);
    }
  }
});
