/**
 * The bindings of every mode. Help and footer are generated from them, so they show exactly the keys that work.
 *
 * @module
 */
import { arrange, type Arrangement, type Hints, type KeyHint, type Screen } from "../layout/mod.ts";
import type { Context, KeyMap, Overlay } from "../state/mod.ts";
import { type Binding, rebind, withoutTakenKeys } from "./binding.ts";
import { MAIN } from "./main_keys.ts";
import { COLUMNS, DETAILS, FILTER, FLAGS, GROUP, HELP, SORT, TIME, TOOLS } from "./overlay_keys.ts";
import { withReplayKeys } from "./replay_keys.ts";

const REPLAY = withReplayKeys(MAIN);

/** Every mode's bindings: the panes first. */
export const MODES: Readonly<Record<"main" | "replay" | Overlay["kind"], readonly Binding[]>> = {
  main: MAIN,
  replay: REPLAY,
  help: HELP,
  sort: SORT,
  group: GROUP,
  filter: FILTER,
  tools: TOOLS,
  flags: FLAGS,
  columns: COLUMNS,
  details: DETAILS,
  time: TIME,
};

/** Modes in which characters are typed. */
const TYPING: ReadonlySet<string> = new Set(["filter", "flags", "tools", "time"]);

/** Keys over the panes, by name of binding. */
const USUAL: KeyMap = new Map([...MAIN, ...REPLAY].map(({ name, keys }) => [name, keys]));

/** The bindings that work now. */
export function bindingsFor(now: Arrangement): readonly Binding[] {
  const mode = now.ui.overlay?.kind ?? (now.capabilities.has("togglePlayback") ? "replay" : "main");
  const { keys } = now.ui;
  const bindings = rebind(MODES[mode], { keys, usual: USUAL, typing: TYPING.has(mode) });
  return withoutTakenKeys(
    bindings.filter(({ needs, when }) =>
      (needs === undefined || now.capabilities.has(needs)) && (when?.(now) ?? true)
    ),
  );
}

function hintOf({ name, shown, help, footer }: Binding, now: Arrangement): KeyHint {
  if (!footer) return { name, shown, help };
  const label = footer.labelNow?.(now);
  const [long, short = long] = typeof label === "string" ? [label] : [footer.label, footer.short];
  return { name, shown, help, footer: { key: footer.key, label: long, short } };
}

/** The keys that work, as help and footer show them. */
const hints: Hints = (now, overlay) => {
  const of = overlay === now.ui.overlay ? now : { ...now, ui: { ...now.ui, overlay } };
  return bindingsFor(of).map((binding) => hintOf(binding, of));
};

/** Arranges a screen with the keys that work on it; see {@linkcode arrange}. */
export function arrangeScreen(context: Context, previous?: Screen): Screen {
  return arrange(context, hints, previous);
}
