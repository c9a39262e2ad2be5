import assert from "node:assert/strict";
import type { ToolModel } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { scopedTools } from "./narrow.ts";

/** readpath with ticks at the seconds 1 to 4, that followed writes until the second 2. */
function followedBoth(flags: ToolModel["flags"]): ToolModel {
  const model = {
    tool: TOOLS.find(({ name }) => name === "readpath")!,
    flags,
    pastFlags: [{ until: 2500, flags: { call: "write" } }],
    times: [1000, 2000, 3000, 4000],
    series: new Map([["hits", [1, 2, 3, 4]]]),
  };
  return model as unknown as ToolModel;
}

Deno.test("scopedTools() leaves out of graphs what was measured of another call", () => {
  const [tool] = scopedTools({ tools: [followedBoth({ call: "read" })], snapshots: [] }, null);
  assert.deepEqual(tool!.series.get("hits"), [NaN, NaN, 3, 4]);
  assert.deepEqual([...tool!.otherScope!], [1000, 2000]);
});

Deno.test("scopedTools() keeps graphs whole when the flags that were changed measure the same", () => {
  const same = { tools: [followedBoth({ call: "write", folded: true })], snapshots: [] };
  assert.equal(scopedTools(same, null), same.tools);
  const byDefault = { ...followedBoth({}), pastFlags: [{ until: 2500, flags: { call: "read" } }] };
  const tools = [byDefault];
  assert.equal(scopedTools({ tools, snapshots: [] }, null), tools);
});
