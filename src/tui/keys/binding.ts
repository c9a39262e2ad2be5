/**
 * What a key binding is, and how the configuration gives bindings other keys.
 *
 * @module
 */
import type { Arrangement, Screen } from "../layout/mod.ts";
import type { Command, KeyMap, Outcome } from "../state/mod.ts";

/** Keys that do one thing. */
export interface Binding {
  /** What a configuration calls it: words of the help in kebab-case, the same in every mode. */
  readonly name: string;
  /** Names as {@linkcode KeyEvent} has them. */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  /** What they do: a sentence for the help. */
  readonly help: string;
  /** The key and one word for the footer; absent where the help is enough. */
  readonly footer?: {
    readonly key: string;
    readonly label: string;
    /** Another word where the key now undoes what it does; null: the usual one. */
    readonly labelNow?: (now: Arrangement) => string | null;
  };
  /** The command it asks for: without this capability it is not offered. */
  readonly needs?: Command["kind"];
  /** Where it works; absent: everywhere in its mode. */
  readonly when?: (now: Arrangement) => boolean;
  readonly run: (screen: Screen, key: string) => Outcome;
}

/** A binding's run that leaves the state and asks for a command. */
export const ask = (command: Command) => ({ ui }: Screen): Outcome => ({ ui, command });

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
    run: (screen, key) => run(screen, usual(key)),
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
