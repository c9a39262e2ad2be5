import assert from "node:assert/strict";
import { filetop } from "../../tests/support/fake_tools.ts";
import { limitRows, type Tick, type ToolModel } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { NO_HISTORY, toolModel } from "./history/history.ts";
import { narrowToGroups, narrowTools, scopedTools } from "./narrow.ts";

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

Deno.test("rows that a recording summed may be of any process: they are dropped rows of a narrowed pane", () => {
  const rows = [1, 2, 3].map((pid) => ({ pid, tid: pid, comm: "c", reads: pid }));
  const lost = { events: 0, keys: 0, runs: 0 };
  const whole: Tick = { tool: "filetop", time: 1, intervalS: 1, tier: "fentry", rows, lost };
  const modelOf = (tick: Tick): ToolModel => ({
    ...toolModel({
      tool: filetop,
      state: { kind: "running", tier: "fentry", missing: [] },
      tick,
      history: NO_HISTORY,
    }),
    flags: {},
  });
  const limited = modelOf(limitRows(whole, filetop, 1));
  for (
    const [narrowed] of [
      narrowTools([limited], 1),
      narrowToGroups([limited], [{ key: "comm", title: "COMM", value: "c" }], null),
    ]
  ) {
    assert.deepEqual(narrowed!.tick!.rows, rows.slice(0, 1));
    assert.deepEqual([narrowed!.droppedRows, narrowed!.droppedOfAny], [2, true]);
  }
  const [all] = narrowTools([modelOf(whole)], 1);
  assert.deepEqual([all!.droppedRows, all!.droppedOfAny], [0, undefined]);
});
