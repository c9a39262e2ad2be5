/**
 * Names of keys, and whether two things want the same one.
 *
 * @module
 */
import { ALWAYS_QUITS, MODES } from "../tui/keys/mod.ts";
import type { KeyMap } from "../tui/state/mod.ts";
import { CONTROL, FINAL, TILDE } from "../tui/terminal/key_names.ts";
import { escapeText } from "../text/mod.ts";

/** Keys that modifiers can be told of. */
const MOVING = new Set(
  [...Object.values(FINAL), ...Object.values(TILDE)].filter((name) => !name.includes("-")),
);

/** Keys with a name. */
const NAMED = new Set([...Object.values(FINAL), ...Object.values(TILDE), ...Object.values(CONTROL), "Space"]);

/** Controls that terminals send for other keys: Backspace, Tab, Enter, Esc. */
const SAME_AS: Readonly<Record<string, string>> = {
  "Ctrl-H": "Backspace",
  "Ctrl-I": "Tab",
  "Ctrl-J": "Enter",
  "Ctrl-M": "Enter",
  "Ctrl-[": "Esc",
};

/** Names of keys, for suggestions. */
export const KEY_NAMES: readonly string[] = [...NAMED];

/** A key's name as a configuration writes it. */
export const keyName = (key: string): string => key === " " ? "Space" : key;

/**
 * The key as {@linkcode KeyEvent} has it: a character, a name (`Enter`, `F5`, `Space`, without regard to case),
 * `Ctrl-` and a letter, or Ctrl-, Alt-, Shift- in this order and a cursor or function key.
 *
 * @returns null where a terminal sends no such key.
 */
export function parseKey(text: string): string | null {
  if ([...text].length === 1) return text !== " " && escapeText(text) !== text && text !== "\\" ? null : text;
  const named = KEY_NAMES.find((name) => name.toLowerCase() === text.toLowerCase());
  if (named !== undefined) return named === "Space" ? " " : named;
  const control = /^ctrl-([a-z\\\]^_[])$/i.exec(text)?.[1]?.toUpperCase();
  if (control !== undefined) return SAME_AS[`Ctrl-${control}`] ?? `Ctrl-${control}`;
  const modified = /^(ctrl-)?(alt-)?(shift-)?(\w+)$/i.exec(text);
  const base = [...MOVING].find((name) => name.toLowerCase() === modified?.[4]?.toLowerCase());
  if (!modified || base === undefined) return null;
  const prefix = ["Ctrl-", "Alt-", "Shift-"].filter((_, i) => modified[i + 1] !== undefined).join("");
  return prefix + base;
}

/** Names of everything that has a key, and the usual keys; over the panes first. */
export function usualKeys(): ReadonlyMap<string, readonly string[]> {
  const usual = new Map<string, readonly string[]>();
  for (const bindings of Object.values(MODES)) {
    for (const { name, keys } of bindings) if (!usual.has(name)) usual.set(name, keys);
  }
  return usual;
}

/** Those of the configured keys that are not the usual ones anyway. */
export function changedKeys(keys: KeyMap): KeyMap {
  const usual = usualKeys();
  const isUsual = (name: string, list: readonly string[]): boolean =>
    list.length === usual.get(name)?.length && list.every((key, i) => key === usual.get(name)?.[i]);
  return new Map([...keys].filter(([name, list]) => !isUsual(name, list)));
}

/** Two things that one key would do. */
export interface Conflict {
  readonly key: string;
  /** The one that the configuration gave the key to. */
  readonly name: string;
  readonly other: string;
}

/** The first key that two bindings of one mode would share, where they do not share it anyway; null: none. */
export function findConflict(chosen: KeyMap): Conflict | null {
  for (const [name, keys] of chosen) {
    if (name !== "quit" && keys.includes(ALWAYS_QUITS)) return { key: ALWAYS_QUITS, name, other: "quit" };
  }
  for (const [mode, bindings] of Object.entries(MODES)) {
    for (const binding of bindings) {
      for (const key of chosen.get(binding.name) ?? []) {
        const other = bindings.find((candidate) => {
          if (candidate.name === binding.name) return false;
          if (candidate.keys.includes(key) && binding.keys.includes(key)) return false; // never at the same time
          // What is over the panes alone gives way: a key of a menu is taken from the menu's others.
          return (chosen.get(candidate.name) ?? (mode === "main" ? candidate.keys : [])).includes(key);
        });
        if (other) return { key, name: binding.name, other: other.name };
      }
    }
  }
  return null;
}
