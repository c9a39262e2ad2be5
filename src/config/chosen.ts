/**
 * What was chosen on the screen, as changes of the configuration.
 *
 * @module
 */
import type { ToolInfo, ToolModel } from "../model/mod.ts";
import type { Chosen, PaneStart } from "../tui/setup.ts";
import type { PaneUi } from "../tui/state/mod.ts";
import type { Change } from "./edit.ts";
import { flagsOf } from "./parse_tool.ts";
import type { Settings } from "./settings.ts";

/** A list, or nothing where it is empty. */
const listed = (list: readonly string[]): readonly string[] | undefined => list.length > 0 ? list : undefined;

function toolChanges({ tool, flags }: ToolModel, pane: PaneUi & PaneStart): Change[] {
  const top = ["tools", tool.name];
  const columns = Object.entries(pane.columns ?? {});
  const own: Record<string, Change["value"]> = {
    sort: pane.sort ?? undefined,
    reverse: pane.reverse || undefined,
    shown: listed(columns.filter(([, on]) => on).map(([key]) => key)),
    hidden: listed(columns.filter(([, on]) => !on).map(([key]) => key)),
    filter: pane.filter || undefined,
  };
  const changes = Object.entries(own).map(([name, value]): Change => ({ path: [...top, name], value }));
  if (flags === undefined) return changes;
  const flagChanges = flagsOf(tool).map(({ name, kind, default: usual }): Change => {
    const value = flags[name];
    const isUsual = value === usual || (kind === "switch" && value === false && usual === undefined);
    return { path: [...top, "flags", name], value: isUsual ? undefined : value };
  });
  return [...changes, ...flagChanges];
}

/** Everything that the file shall say from now on; the rest of it stays. */
export function changesFor(
  { ui, model, theme }: Chosen,
  { general }: Settings,
  tools: readonly ToolInfo[],
): Change[] {
  const known = new Set(tools.map(({ name }) => name));
  const panes = model.tools.map((tool, i) => ({ tool, pane: ui.panes[i] })).filter(({ tool }) =>
    known.has(tool.tool.name)
  );
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
