/**
 * What restricts the rows of a pane beside its filter: the flags of its tool.
 *
 * @module
 */
import { flagsOf, type FlagValue, type ToolModel } from "../../model/mod.ts";

/** A threshold such as `min-us`. */
const THRESHOLD = /^min-(us|ms)$/;

function threshold(unit: string, value: number): string[] {
  if (value <= 0) return [];
  return unit === "us" && value % 1000 === 0 ? [`>=${value / 1000}ms`] : [`>=${value}${unit}`];
}

function badge(name: string, value: FlagValue): string {
  return value === true ? name : `${name}=${value}`;
}

/** The flags that differ from their defaults, and the threshold, a word each: `failed`, `name=nginx`, `>=10ms`. */
export function flagBadges({ tool, flags }: Pick<ToolModel, "tool" | "flags">): readonly string[] {
  return flagsOf(tool).flatMap(({ name, default: usual, printOnly }) => {
    const value = flags?.[name];
    if (value === undefined || printOnly) return [];
    const unit = THRESHOLD.exec(name)?.[1];
    if (unit !== undefined && typeof value === "number") return threshold(unit, value);
    return value === false || value === usual ? [] : [badge(name, value)];
  });
}
