/**
 * The keys: what each is called, what it does, where it works. Help and footer are made from this list, so a key
 * that is shown works, and one that works is shown.
 *
 * @module
 */
import type { Context, KeyMap, Overlay } from "../state/mod.ts";
import { type Binding, rebind } from "./binding.ts";
import { MAIN } from "./main_keys.ts";
import { COLUMNS, DETAILS, FILTER, HELP, SORT, TOOLS } from "./overlay_keys.ts";
import { withReplayKeys } from "./replay_keys.ts";

const REPLAY = withReplayKeys(MAIN);

/** Every mode's bindings: the panes first. */
export const MODES: Readonly<Record<"main" | "replay" | Overlay["kind"], readonly Binding[]>> = {
  main: MAIN,
  replay: REPLAY,
  help: HELP,
  sort: SORT,
  filter: FILTER,
  tools: TOOLS,
  columns: COLUMNS,
  details: DETAILS,
};

/** Keys over the panes, by name of binding. */
const USUAL: KeyMap = new Map([...MAIN, ...REPLAY].map(({ name, keys }) => [name, keys]));

/** The keys that work now. */
export function bindingsFor(context: Context): readonly Binding[] {
  const mode = context.ui.overlay?.kind ?? (context.model.replay ? "replay" : "main");
  const { keys } = context.ui;
  const bindings = rebind(MODES[mode], { keys, usual: USUAL, typing: mode === "filter" });
  return bindings.filter(({ when }) => when?.(context) ?? true);
}

/** The keys of the panes that work for the focused one: what the help lists. */
export function paneBindings(context: Context): readonly Binding[] {
  return bindingsFor({ ...context, ui: { ...context.ui, overlay: null } });
}
