/**
 * Keys as the configuration names them, and conflicts between bindings.
 *
 * @module
 */
import { escapeText } from "../text/mod.ts";
import { ALWAYS_QUITS, KEY_NAMES, type KeyMap, MODES, MODIFIABLE_KEYS } from "../tui/mod.ts";

/** Control characters that terminals send for another key. */
const SAME_AS: Readonly<Record<string, string>> = {
  "Ctrl-H": "Backspace",
  "Ctrl-I": "Tab",
  "Ctrl-J": "Enter",
  "Ctrl-M": "Enter",
  "Ctrl-[": "Esc",
};

/** A key's name as a configuration writes it. */
export const keyName = (key: string): string => key === " " ? "Space" : key;

/**
 * Parses a key: a character, a name (`Enter`, `F5`, `Space`; case is ignored), `Ctrl-` and a letter, or Ctrl-, Alt-,
 * Shift- in this order and a cursor or function key.
 *
 * @returns The key as the terminal's key events name it; null if no terminal sends such a key.
 */
export function parseKey(text: string): string | null {
  if ([...text].length === 1) return text !== " " && escapeText(text) !== text && text !== "\\" ? null : text;
  const named = KEY_NAMES.find((name) => name.toLowerCase() === text.toLowerCase());
  if (named !== undefined) return named === "Space" ? " " : named;
  const control = /^ctrl-([a-z\\\]^_[])$/i.exec(text)?.[1]?.toUpperCase();
  if (control !== undefined) return SAME_AS[`Ctrl-${control}`] ?? `Ctrl-${control}`;
  const modified = /^(ctrl-)?(alt-)?(shift-)?(\w+)$/i.exec(text);
  const base = MODIFIABLE_KEYS.find((name) => name.toLowerCase() === modified?.[4]?.toLowerCase());
  if (!modified || base === undefined) return null;
  const prefix = ["Ctrl-", "Alt-", "Shift-"].filter((_, i) => modified[i + 1] !== undefined).join("");
  return prefix + base;
}

/** The default keys of every binding, by its name; those of the main mode first. */
export function defaultKeys(): ReadonlyMap<string, readonly string[]> {
  const defaults = new Map<string, readonly string[]>();
  for (const bindings of Object.values(MODES)) {
    for (const { name, keys } of bindings) if (!defaults.has(name)) defaults.set(name, keys);
  }
  return defaults;
}

/** The configured keys that differ from the defaults. */
export function changedKeys(keys: KeyMap): KeyMap {
  const defaults = defaultKeys();
  const isDefault = (name: string, list: readonly string[]): boolean =>
    list.length === defaults.get(name)?.length && list.every((key, i) => key === defaults.get(name)?.[i]);
  return new Map([...keys].filter(([name, list]) => !isDefault(name, list)));
}

/** Two bindings of one mode that share a key. */
export interface Conflict {
  readonly key: string;
  /** The binding that the configuration gives the key. */
  readonly name: string;
  readonly other: string;
}

/** The first conflict that the configured keys cause; null: none. */
export function findConflict(chosen: KeyMap): Conflict | null {
  for (const [name, keys] of chosen) {
    if (name !== "quit" && keys.includes(ALWAYS_QUITS)) return { key: ALWAYS_QUITS, name, other: "quit" };
  }
  for (const [mode, bindings] of Object.entries(MODES)) {
    for (const binding of bindings) {
      for (const key of chosen.get(binding.name) ?? []) {
        const other = bindings.find((candidate) => {
          if (candidate.name === binding.name) return false;
          // Bindings that share a key by default are never active at the same time.
          if (candidate.keys.includes(key) && binding.keys.includes(key)) return false;
          // A configured key overrides the default keys of menus and other overlays, but not those of the main mode.
          return (chosen.get(candidate.name) ?? (mode === "main" ? candidate.keys : [])).includes(key);
        });
        if (other) return { key, name: binding.name, other: other.name };
      }
    }
  }
  return null;
}
