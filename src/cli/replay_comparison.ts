/**
 * `ktop replay FILE TOOL --compare A B`: two ranges side by side.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import {
  comparedBy,
  Comparison,
  type Grouping,
  groupingBy,
  groupingNamed,
  type Side,
  type ToolInfo,
} from "../model/mod.ts";
import type { Recording } from "../recording/mod.ts";
import { shownValue } from "../text/mod.ts";
import { comparedRanges, type ReplayTimesOptions } from "./replay_times.ts";

/** How the rows are divided; null: counters are not. Throws UsageError. */
function groupingOf(tool: ToolInfo, by: string | undefined): Grouping | null {
  if (by !== undefined) return groupingNamed(tool, by);
  if (tool.view === "histogram") {
    throw new UsageError(`${tool.name} counted histograms, which --compare does not compare.`, {
      remedy: `ktop replay FILE ${tool.name} --json --from … --to … prints those of a range.`,
    });
  }
  const column = comparedBy(tool);
  return column === null ? null : groupingBy(tool, column);
}

/** Adds up a tool's ticks in two ranges of a recording. Throws UsageError if one has none. */
export async function compare(
  recording: Recording,
  { tool, by, ranges, times }: {
    readonly tool: ToolInfo;
    readonly by: string | undefined;
    readonly ranges: readonly string[];
    readonly times: ReplayTimesOptions;
  },
): Promise<Comparison> {
  const comparison = new Comparison(tool, groupingOf(tool, by));
  if (comparison.isEmpty) {
    throw new UsageError(`${tool.name} counted nothing that can be added up by ${comparison.by?.key}.`);
  }
  const parts = await comparedRanges(recording, ranges, times);
  for (const [i, side] of (["a", "b"] as const).entries()) {
    await addTicks(comparison, side, parts[i]!);
    if (comparison.range(side).ticks > 0) continue;
    throw new UsageError(
      `--compare ${shownValue(ranges[i]!)}: no tick of ${tool.name} is recorded in this range.`,
    );
  }
  return comparison;
}

async function addTicks(comparison: Comparison, side: Side, part: Recording): Promise<void> {
  for await (const { tick: { toolTicks } } of part.ticks()) {
    const tick = toolTicks.get(comparison.tool.name);
    if (tick) comparison.add(side, tick);
  }
}
