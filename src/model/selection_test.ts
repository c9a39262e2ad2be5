import assert from "node:assert/strict";
import { ALL_TOOLS as TOOLS } from "../../tests/support/tool_infos.ts";
import { durationOrder, keptOrders } from "./selection.ts";

Deno.test("durationOrder() is the main duration of a tool of events", () => {
  const found = TOOLS.flatMap((tool) => {
    const order = durationOrder(tool);
    return order && !tool.aliasOf ? [`${tool.name} ${order.key}`] : [];
  });
  assert.deepEqual(found.sort(), [
    "biosnoop lat_ms",
    "filelife age_s",
    "fileslower lat_ms",
    "fsslower lat_ms",
    "runqslower lat_us",
    "tcpconnect lat_ms",
  ]);
});

Deno.test("keptOrders() has the order of durations once, before another that was chosen", () => {
  const tool = TOOLS.find(({ name }) => name === "biosnoop")!;
  const longest = { key: "lat_ms", descending: true };
  const other = { key: "bytes", descending: true };
  const shortest = { ...longest, descending: false };
  assert.deepEqual(keptOrders(tool, null), [longest]);
  assert.deepEqual(keptOrders(tool, longest), [longest]);
  assert.deepEqual(keptOrders(tool, other), [longest, other]);
  assert.deepEqual(keptOrders(tool, shortest), [longest, shortest]);
});
