/**
 * The bindings of every mode. Help and footer are generated from them, so they show exactly the keys that work.
 *
 * @module
 */
import {
  answered,
  arrange,
  type Arrangement,
  type KeyHint,
  type Keys,
  type Question,
  type Screen,
} from "../layout/mod.ts";
import { type Context, isTyping, type KeyMap, type Overlay } from "../state/mod.ts";
import { type Binding, rebind, rememberLast, withKeys, withoutTakenKeys } from "./binding.ts";
import { MAIN } from "./main_keys.ts";
import { COLUMNS, DETAILS, FILTER, FLAGS, GROUP, HELP, SETS, SORT, TIME, TOOLS } from "./overlay_keys.ts";
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
  sets: SETS,
  flags: FLAGS,
  columns: COLUMNS,
  details: DETAILS,
  time: TIME,
};

/** Keys over the panes, by name of binding. */
const USUAL: KeyMap = new Map([...MAIN, ...REPLAY].map(({ name, keys }) => [name, keys]));

/** Characters that a mode does not take as text. */
const KEPT: Readonly<Partial<Record<Overlay["kind"] | "main" | "replay", string>>> = {
  columns: " ",
  flags: " ",
  tools: "123456789",
};

/** The bindings of a mode in which characters are typed, without the keys that type one. */
function typeless(bindings: readonly Binding[], mode: keyof typeof MODES): readonly Binding[] {
  return bindings.flatMap((binding) => {
    const keys = binding.keys.filter((key) => [...key].length > 1 || KEPT[mode]?.includes(key));
    if (keys.length === binding.keys.length) return binding;
    if (keys.length === 0) return [];
    const kept = withKeys(binding, keys, (key) => key);
    const { footer } = binding;
    return footer === undefined || binding.keys.includes(footer.key) ? kept : { ...kept, footer };
  });
}

/** The configured keys do not change from frame to frame. */
const rebound = rememberLast((bindings: readonly Binding[], keys: KeyMap, typing: boolean) =>
  rebind(bindings, { keys, usual: USUAL, typing })
);

/** The bindings of the mode that the monitor can perform. */
function supportedBindings(now: Arrangement): readonly Binding[] {
  const mode = now.ui.overlay?.kind ?? (now.capabilities.has("togglePlayback") ? "replay" : "main");
  const { keys } = now.ui;
  const typing = isTyping(now.ui.overlay);
  const bindings = rebound(typing ? typeless(MODES[mode], mode) : MODES[mode], keys, typing);
  return bindings.filter(({ needs }) => needs === undefined || now.capabilities.has(needs));
}

/** From frame to frame the same bindings work. */
const withoutTaken = rememberLast((...bindings: Binding[]) => withoutTakenKeys(bindings));

/** The bindings that work now. */
export function bindingsFor(now: Arrangement): readonly Binding[] {
  return withoutTaken(...supportedBindings(now).filter(({ when }) => when?.(now) ?? true));
}

/** Why a key that works in this mode does nothing now; null if that needs no words. */
export function refusalOf(now: Arrangement, key: string): string | null {
  return supportedBindings(now).find(({ keys }) => keys.includes(key))?.refusal?.(now) ?? null;
}

/** The hints of bindings without the labels that depend on the state. */
const usualHints = new WeakMap<Binding, KeyHint>();

function usualHint(binding: Binding): KeyHint {
  let hint = usualHints.get(binding);
  if (hint === undefined) {
    const { name, shown, help, footer } = binding;
    hint = footer === undefined ? { name, shown, help } : {
      name,
      shown,
      help,
      footer: { key: footer.key, label: footer.label },
    };
    usualHints.set(binding, hint);
  }
  return hint;
}

function hintOf(binding: Binding, now: Arrangement): KeyHint {
  const hint = usualHint(binding);
  const label = binding.footer?.labelNow?.(now);
  return typeof label === "string" ? { ...hint, footer: { ...hint.footer!, label } } : hint;
}

/** The key of a binding in a sentence: the one that the footer shows, else the first one. */
function keyName({ shown, footer }: Binding): string {
  const keys = shown.split("  ");
  return keys.find((key) => key === footer?.key) ?? keys[0]!;
}

/** The keys that work, as help and footer show them. */
const hints: Keys["hints"] = (now, overlay) => {
  const of = overlay === now.ui.overlay ? now : { ...now, ui: { ...now.ui, overlay } };
  return bindingsFor(of).map((binding) => hintOf(binding, of));
};

/** Names of all keys over the panes that the monitor supports. */
const keyNames: Keys["names"] = ({ capabilities, ui: { keys } }) => {
  const bindings = rebound(capabilities.has("togglePlayback") ? REPLAY : MAIN, keys, false);
  const offered = bindings.filter(({ needs }) => needs === undefined || capabilities.has(needs));
  return new Map(offered.map((binding) => [binding.name, keyName(binding)]));
};

/** The questions of the help with the default keys. */
export const answeredQuestions = (): readonly Question[] =>
  answered(new Map(MAIN.map((binding) => [binding.name, keyName(binding)])));

/** Arranges a screen with the keys that work on it; see {@linkcode arrange}. */
export function arrangeScreen(context: Context, previous?: Screen): Screen {
  return arrange(context, { hints, names: keyNames }, previous);
}
