/**
 * The named sets of panes: those of ktop and the user's own.
 *
 * @module
 */
import type { PaneSet } from "../model/mod.ts";
import { PANE_SETS } from "../tools/mod.ts";
import type { Settings } from "./settings.ts";

/** ktop's sets, then the user's own; an own set takes the place of one of ktop's with the same name. */
export function allPaneSets({ screens }: Pick<Settings, "screens">): PaneSet[] {
  const sets = new Map(PANE_SETS.map((set) => [set.name, set]));
  for (const [name, { value }] of screens) {
    sets.set(name, { name, summary: "from the configuration", tools: value, spares: [] });
  }
  return [...sets.values()];
}
