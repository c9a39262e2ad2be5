/**
 * Key bindings as data, and how the configuration replaces their keys.
 *
 * @module
 */
import type { Arrangement, Screen } from "../layout/mod.ts";
import type { Command, KeyMap, Outcome } from "../state/mod.ts";

/** Keys with the same effect. */
export interface Binding {
  /** Name in the configuration: kebab-case, the same in every mode. */
  readonly name: string;
  /** Names of keys, as in a KeyEvent. */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  /** The effect: a sentence for the help. */
  readonly help: string;
  /** The key and one word for the footer; absent: shown only in the help. */
  readonly footer?: {
    readonly key: string;
    readonly label: string;
    /** The label while the key would undo its effect; null: `label`. */
    readonly labelNow?: (now: Arrangement) => string | null;
  };
  /** The command it sends: without this capability the key is not offered. */
  readonly needs?: Command["kind"];
  /** Whether it works at the moment; absent: always in its mode. */
  readonly when?: (now: Arrangement) => boolean;
  /** The message when the key is pressed and `when` is false; absent: the key does nothing then. */
  readonly refusal?: (now: Arrangement) => string;
  readonly run: (screen: Screen, key: string) => Outcome;
}

/** The `run` of a binding that sends a command and does not change the state. */
export const ask = (command: Command) => ({ ui }: Screen): Outcome => ({ ui, command });

/** Always quits: it cannot be bound to anything else. */
export const ALWAYS_QUITS = "Ctrl-C";

const SHOWN: Readonly<Record<string, string>> = { " ": "Space", Up: "↑", Down: "↓", Left: "←", Right: "→" };

/** A key as shown in help and footer. */
const shownKey = (key: string): string => SHOWN[key] ?? key;

/** How the bindings of a mode get configured keys. */
export interface RebindInput {
  readonly keys: KeyMap;
  /** Default keys of each binding over the panes: the configuration replaces these, and keeps keys that a mode adds. */
  readonly usual: KeyMap;
  /** Characters are typed in this mode: only keys that type no character can be bound. */
  readonly typing: boolean;
}

function chosenKeys(binding: Binding, { keys, usual, typing }: RebindInput): readonly string[] {
  const chosen = keys.get(binding.name) as readonly string[];
  const replaced = usual.get(binding.name) ?? binding.keys;
  const added = binding.keys.filter((key) => !replaced.includes(key));
  const always = binding.name === "quit" ? [ALWAYS_QUITS] : [];
  const all = [...new Set([...chosen, ...added, ...always])];
  if (!typing) return all;
  const typeless = all.filter((key) => [...key].length > 1);
  return typeless.length > 0 ? typeless : binding.keys;
}

/**
 * A binding with other keys.
 *
 * @param usual Maps each key to the default key that is passed to the handler.
 */
export function withKeys(binding: Binding, keys: readonly string[], usual: (key: string) => string): Binding {
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
  // The first configured key does what the first default key does, and so on: `<` and `>` are one binding.
  const place = (key: string): number => Math.min(chosen.indexOf(key), binding.keys.length - 1);
  const usual = (key: string): string => chosen.includes(key) ? binding.keys[place(key)] as string : key;
  return keys.length > 0 ? withKeys(binding, keys, usual) : null;
}

/**
 * The bindings of a mode with their configured keys. A configured key is removed from all other bindings; a binding without
 * keys is left out.
 */
export function rebind(bindings: readonly Binding[], input: RebindInput): readonly Binding[] {
  if (input.keys.size === 0) return bindings;
  const taken = new Set(bindings.flatMap(({ name }) => input.keys.get(name) ?? []));
  return bindings.flatMap((binding) => rebindOne(binding, input, taken) ?? []);
}

/** Bindings of which each key has one effect: a key that several bindings have is that of the last one. */
export function withoutTakenKeys(bindings: readonly Binding[]): readonly Binding[] {
  const last = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding])));
  return bindings.flatMap((binding) => {
    const own = binding.keys.filter((key) => last.get(key) === binding);
    if (own.length === binding.keys.length) return binding;
    return own.length > 0 ? withKeys(binding, own, (key) => key) : [];
  });
}

/** A function that returns its last result again while its arguments are the same. */
export function rememberLast<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | null = null;
  return (...args) => {
    const isSame = last?.args.length === args.length && args.every((arg, i) => arg === last?.args[i]);
    if (!isSame) last = { args, result: compute(...args) };
    return last!.result;
  };
}
