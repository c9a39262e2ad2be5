/**
 * Settings as the screen takes them.
 *
 * @module
 */
import type { PaneStart, Setup } from "../tui/setup.ts";
import { changedKeys } from "./keys.ts";
import { NO_TOOL_SETTINGS, type Settings, type ToolSettings } from "./settings.ts";

/** What a pane begins with, as configured. */
function paneStart({ sort, reverse, filter, shown, hidden }: ToolSettings): PaneStart {
  const columns = [
    ...shown?.value.map((key) => [key, true] as const) ?? [],
    ...hidden?.value.map((key) => [key, false] as const) ?? [],
  ];
  return {
    ...(sort ? { sort: sort.value } : {}),
    ...(reverse ? { reverse: reverse.value } : {}),
    ...(filter ? { filter: filter.value } : {}),
    ...(columns.length > 0 ? { columns: Object.fromEntries(columns) } : {}),
  };
}

/** What the screen begins with. */
export function screenSetup({ general, colors, keys, tools }: Settings): Setup {
  return {
    theme: general.theme.value,
    overrides: Object.fromEntries([...colors].map(([name, { value }]) => [name, value.look])),
    keys: changedKeys(new Map([...keys].map(([name, { value }]) => [name, value]))),
    mouse: general.mouse.value,
    panes: general.panes.value.map((name) => paneStart(tools.get(name) ?? NO_TOOL_SETTINGS)),
  };
}
