/**
 * Tools and ticks for tests of code that takes any; they belong to no tool.
 *
 * @module
 */
import type { Column, Row, Tick, ToolInfo } from "../../src/model/mod.ts";

/** A tool with these columns. */
export const demoTool = (view: ToolInfo["view"], columns: readonly Column[]): ToolInfo => ({
  name: "demo",
  summary: "",
  view,
  columns,
  flags: [],
  graph: [],
  caveats: {},
});

/** A tick of two seconds at 2026-11-20 18:00 UTC without losses; `rest` overrides its members. */
export const demoTick = (rows: readonly Row[], rest: Partial<Tick> = {}): Tick => ({
  tool: "demo",
  time: Date.parse("2026-11-20T18:00:00.000Z"),
  intervalS: 2,
  tier: "fentry",
  rows,
  lost: { events: 0, keys: 0, runs: 0 },
  ...rest,
});
