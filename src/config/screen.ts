/**
 * Converts between configuration and screen: the screen's initial state, and the changes that its choices make to the
 * file.
 *
 * @module
 */
import { flagsOf, type ToolInfo, type ToolModel } from "../model/mod.ts";
import type { PaneStart, PaneUi, ScreenChoices, Setup } from "../tui/mod.ts";
import type { Change } from "./edit.ts";
import { changedKeys } from "./keys.ts";
import { allPaneSets } from "./pane_sets.ts";
import { NO_TOOL_SETTINGS, type Settings, type ToolSettings } from "./settings.ts";

function paneStart({ sort, reverse, filter, by, shown, hidden }: ToolSettings): PaneStart {
  const columns = [
    ...shown?.value.map((key) => [key, true] as const) ?? [],
    ...hidden?.value.map((key) => [key, false] as const) ?? [],
  ];
  return {
    ...(sort ? { sort: sort.value } : {}),
    ...(reverse ? { reverse: reverse.value } : {}),
    ...(filter ? { filter: filter.value } : {}),
    ...(by ? { by: by.value } : {}),
    ...(columns.length > 0 ? { columns: Object.fromEntries(columns) } : {}),
  };
}

/** The settings in the form that the screen takes. */
export function screenSetup({ general, colors, keys, screens, tools }: Settings): Setup {
  return {
    theme: general.theme.value,
    overrides: Object.fromEntries([...colors].map(([name, { value }]) => [name, value.look])),
    keys: changedKeys(new Map([...keys].map(([name, { value }]) => [name, value]))),
    mouse: general.mouse.value,
    panes: general.panes.value.map((name) => paneStart(tools.get(name) ?? NO_TOOL_SETTINGS)),
    paneSets: allPaneSets({ screens }),
  };
}

const undefinedIfEmpty = (list: readonly string[]): readonly string[] | undefined =>
  list.length > 0 ? list : undefined;

function toolChanges({ tool, flags }: ToolModel, pane: PaneUi & PaneStart): Change[] {
  const table = ["tools", tool.name];
  const columns = Object.entries(pane.columns ?? {});
  const values: Record<string, Change["value"]> = {
    // Groups can be sorted by columns that the tool does not have.
    sort: tool.columns.some(({ key }) => key === pane.sort) ? pane.sort ?? undefined : undefined,
    reverse: pane.reverse || undefined,
    shown: undefinedIfEmpty(columns.filter(([, on]) => on).map(([key]) => key)),
    hidden: undefinedIfEmpty(columns.filter(([, on]) => !on).map(([key]) => key)),
    filter: pane.filter || undefined,
    by: pane.by ?? undefined,
  };
  const changes = Object.entries(values).map(([name, value]): Change => ({ path: [...table, name], value }));
  if (flags === undefined) return changes;
  const flagChanges = flagsOf(tool).map(({ name, kind, default: defaultValue }): Change => {
    const value = flags[name];
    const isDefault = value === defaultValue ||
      (kind === "switch" && value === false && defaultValue === undefined);
    return { path: [...table, "flags", name], value: isDefault ? undefined : value };
  });
  return [...changes, ...flagChanges];
}

/** The edits that save the screen's choices; everything else in the file stays. */
export function changesFor(
  { ui, model, theme }: ScreenChoices,
  { general }: Settings,
  tools: readonly ToolInfo[],
): Change[] {
  const known = new Set(tools.map(({ name }) => name));
  const panes = model.tools.map((tool, i) => ({ tool, pane: ui.panes[i] })).filter(({ tool }) =>
    known.has(tool.tool.name)
  );
  // If two panes show the same tool, the first one wins.
  const byTool = new Map(panes.toReversed().map((pane) => [pane.tool.tool.name, pane]));
  const ascii: Change[] = general.ascii.origin.kind === "command line"
    ? [{ path: ["ascii"], value: general.ascii.value }]
    : [];
  return [
    { path: ["panes"], value: panes.map(({ tool }) => tool.tool.name) },
    { path: ["interval"], value: model.intervalS },
    { path: ["theme"], value: theme },
    ...ascii,
    { path: ["mouse"], value: ui.mouse },
    ...[...byTool.values()].toReversed().flatMap(({ tool, pane }) => pane ? toolChanges(tool, pane) : []),
  ];
}
