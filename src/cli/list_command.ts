/**
 * `ktop list`: the tools, and the tier each would use on this kernel.
 *
 * @module
 */
import { Command } from "commander";
import { type Features, type Plan, planTool, probeFeatures } from "../bpf/mod.ts";
import { displayWidth } from "../text/mod.ts";
import { aliasesOf, DISTINCT_TOOLS, hooksOf, type Tool } from "../tools/mod.ts";
import { type CommonOptions, defaultToolOptions } from "./options.ts";
import { warn, withProgress } from "./notices.ts";
import { standardOutput } from "./standard_streams.ts";

/** Formats rows as a table: each column as wide as its widest cell, the last one as long as its text. */
export function alignTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => displayWidth(row[i] ?? ""))));
  const cell = (text: string, i: number): string =>
    text + " ".repeat(Math.max(0, widths[i]! - displayWidth(text)));
  return rows.map((row) => row.map(cell).join("  ").trimEnd() + "\n").join("");
}

/** A tool and the plan for attaching it. */
export interface PlannedTool {
  readonly tool: Tool;
  readonly plan: Plan;
}

/** Plans attaching each tool with its default flags. */
export function planTools(features: Features, common: CommonOptions): PlannedTool[] {
  return DISTINCT_TOOLS.map((tool) => ({
    tool,
    plan: planTool(hooksOf(tool, defaultToolOptions(tool, common)), features, common.tier),
  }));
}

/** The other names of a tool: "also ext4slower, xfsslower"; empty when it has none. */
export function aliasText(tool: Tool): string {
  const aliases = aliasesOf(tool);
  return aliases.length === 0 ? "" : `also ${aliases.join(", ")}`;
}

/** A suffix of the non-empty parts, each in brackets. */
function bracketed(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").map((part) => ` (${part})`).join("");
}

function listJson(plans: readonly PlannedTool[], assumed: boolean): string {
  const tools = plans.map(({ tool, plan }) => ({
    tool: tool.name,
    aliases: aliasesOf(tool),
    tier: plan.tier,
    summary: tool.summary,
    reason: plan.reason || null,
    remedy: plan.remedy || null,
  }));
  return JSON.stringify({ v: 1, assumed, tools }) + "\n";
}

function listText(plans: readonly PlannedTool[]): string {
  const rows = plans.map(({ tool, plan }) => [
    tool.name,
    plan.tier ?? "unavailable",
    tool.summary + bracketed(aliasText(tool), plan.tier === null ? plan.reason : ""),
  ]);
  return alignTable([["TOOL", "TIER", "MEASURES"], ...rows]);
}

/** The command `list`. */
export function listCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("list").description(
    "list the tools and the tier each would use on this kernel",
  );
  command.option("--json", "print one JSON object").action(async (own: { json?: boolean }) => {
    const common = programOptions();
    const features = await withProgress("probing kernel features", probeFeatures());
    const plans = planTools(features, common);
    const json = own.json ?? common.json ?? false;
    const { missing } = features.capabilities;
    await standardOutput().write(json ? listJson(plans, missing.length > 0) : listText(plans));
    if (missing.length > 0) {
      warn(
        `kernel features cannot be probed without ${missing.join(" and ")}: the tiers are assumed.`,
      );
    }
  });
  return command;
}
