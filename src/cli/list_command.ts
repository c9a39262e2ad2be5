/**
 * `ktop list`: the tools, and the tier each would use on this kernel.
 *
 * @module
 */
import { Command } from "commander";
import { type Features, type Plan, planTool, probeFeatures } from "../bpf/mod.ts";
import { StandardOutput } from "../output/mod.ts";
import { displayWidth } from "../text/mod.ts";
import { hooksOf } from "../tools/hooks.ts";
import { type Tool, TOOLS } from "../tools/mod.ts";
import { type CommonOptions, defaultToolOptions } from "./options.ts";

/** Rows as a table: each column as wide as its widest cell, the last one free. */
export function alignTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => displayWidth(row[i] ?? ""))));
  const cell = (text: string, i: number): string =>
    text + " ".repeat(Math.max(0, widths[i]! - displayWidth(text)));
  return rows.map((row) => row.map(cell).join("  ").trimEnd() + "\n").join("");
}

/** What attaching a tool with none of its own flags would come to. */
export function planDefault(tool: Tool, features: Features, common: CommonOptions): Plan {
  return planTool(hooksOf(tool, defaultToolOptions(tool, common)), features, common.tier);
}

/** A plan in a few words: the tier, or why there is none. */
function planText(plan: Plan): string {
  return plan.tier ?? "unavailable";
}

function listJson(plans: readonly { tool: Tool; plan: Plan }[]): string {
  const tools = plans.map(({ tool, plan }) => ({
    tool: tool.name,
    tier: plan.tier,
    summary: tool.summary,
    reason: plan.reason || null,
    remedy: plan.remedy || null,
  }));
  return JSON.stringify({ v: 1, tools }) + "\n";
}

function listText(plans: readonly { tool: Tool; plan: Plan }[]): string {
  const rows = plans.map(({ tool, plan }) => [
    tool.name,
    planText(plan),
    plan.tier === null ? `${tool.summary} (${plan.reason})` : tool.summary,
  ]);
  return alignTable([["TOOL", "TIER", "MEASURES"], ...rows]);
}

/** The command `list`. */
export function listCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("list").description("the tools, and the tier each would use on this kernel");
  command.option("--json", "as one JSON object").action(async (own: { json?: boolean }) => {
    const common = programOptions();
    const features = await probeFeatures();
    const plans = TOOLS.map((tool) => ({ tool, plan: planDefault(tool, features, common) }));
    const json = own.json ?? common.json ?? false;
    await new StandardOutput(() => {}).write(json ? listJson(plans) : listText(plans));
  });
  return command;
}
