/**
 * The named sets of panes: those of ktop and the user's own.
 *
 * @module
 */
import type { PaneSet } from "../model/mod.ts";
import { PANE_SETS } from "../tools/mod.ts";
import type { Settings } from "./settings.ts";

/** ktop's sets, then the user's own; an own set replaces one of ktop's with the same name. */
export function allPaneSets({ screens }: Pick<Settings, "screens">): PaneSet[] {
  const own = [...screens].map(([name, { value }]): PaneSet => ({
    name,
    summary: "from the configuration",
    tools: value,
    spares: [],
  }));
  return [...PANE_SETS.filter(({ name }) => !screens.has(name)), ...own];
}
