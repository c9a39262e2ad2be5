/**
 * Keys chosen by the configuration in place of the usual ones.
 *
 * @module
 */
import type { Binding } from "./binding.ts";

/** Keys by name of binding, as {@linkcode KeyEvent} has them. */
export type KeyMap = ReadonlyMap<string, readonly string[]>;

/** No key but the usual ones. */
export const USUAL_KEYS: KeyMap = new Map();

/** Ends the program whatever was configured, and does nothing else. */
export const ALWAYS_QUITS = "Ctrl-C";

const SHOWN: Readonly<Record<string, string>> = { " ": "Space", Up: "↑", Down: "↓", Left: "←", Right: "→" };

/** A key as help and footer show it. */
export const shownKey = (key: string): string => SHOWN[key] ?? key;

/** What a mode needs to know to give bindings other keys. */
export interface RebindInput {
  readonly keys: KeyMap;
  /** Keys each binding has over the panes: those that the configuration replaces. What a mode adds to them stays. */
  readonly usual: KeyMap;
  /** Characters are typed in this mode: only keys that write none can do anything else. */
  readonly typing: boolean;
}

function chosenKeys(binding: Binding, { keys, usual, typing }: RebindInput): readonly string[] {
  const chosen = keys.get(binding.name) as readonly string[];
  const replaced = usual.get(binding.name) ?? binding.keys;
  const added = binding.keys.filter((key) => !replaced.includes(key));
  const always = binding.name === "quit" ? [ALWAYS_QUITS] : [];
  const all = [...new Set([...chosen, ...added, ...always])];
  return typing ? all.filter((key) => [...key].length > 1) : all;
}

/**
 * A binding with other keys.
 *
 * @param usual What each key stands for: the key its handler is told.
 */
function withKeys(binding: Binding, keys: readonly string[], usual: (key: string) => string): Binding {
  const { footer, run } = binding;
  const first = keys[0];
  return {
    ...binding,
    keys,
    shown: keys.map(shownKey).join("  "),
    ...(footer && first !== undefined ? { footer: { ...footer, key: shownKey(first) } } : {}),
    run: (context, key) => run(context, usual(key)),
  };
}

function rebindOne(binding: Binding, input: RebindInput, taken: ReadonlySet<string>): Binding | null {
  const chosen = input.keys.get(binding.name);
  if (chosen === undefined) {
    const kept = binding.keys.filter((key) => !taken.has(key));
    if (kept.length === binding.keys.length) return binding;
    return kept.length > 0 ? withKeys(binding, kept, (key) => key) : null;
  }
  const keys = chosenKeys(binding, input);
  // The first key chosen does what the first usual key does, and so on: `<` and `>` are one binding.
  const place = (key: string): number => Math.min(chosen.indexOf(key), binding.keys.length - 1);
  const usual = (key: string): string => chosen.includes(key) ? binding.keys[place(key)] as string : key;
  return keys.length > 0 ? withKeys(binding, keys, usual) : null;
}

/**
 * The bindings of a mode with the keys that were chosen for them. A key chosen for one of them is taken from the
 * others; a binding that no key is left for is left out.
 */
export function rebind(bindings: readonly Binding[], input: RebindInput): readonly Binding[] {
  if (input.keys.size === 0) return bindings;
  const taken = new Set(bindings.flatMap(({ name }) => input.keys.get(name) ?? []));
  return bindings.flatMap((binding) => rebindOne(binding, input, taken) ?? []);
}
