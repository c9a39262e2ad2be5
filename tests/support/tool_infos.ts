/**
 * Every tool that a pane can show, as data.
 *
 * @module
 */
import type { ToolInfo } from "../../src/model/mod.ts";
import { probes } from "../../src/monitor/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";

/** The tools of the registry under each of their names, and the probes pane. */
export const ALL_TOOLS: readonly ToolInfo[] = [...TOOLS, probes];
