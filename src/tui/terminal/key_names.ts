/**
 * Names of the keys that write no character, by what terminals send for them.
 *
 * @module
 */

/** Final byte of `ESC [` and `ESC O` sequences: xterm, tmux, linux, rxvt. */
export const FINAL: Readonly<Record<string, string>> = {
  A: "Up",
  B: "Down",
  C: "Right",
  D: "Left",
  E: "Center",
  F: "End",
  H: "Home",
  P: "F1",
  Q: "F2",
  R: "F3",
  S: "F4",
  Z: "Shift-Tab",
  a: "Shift-Up",
  b: "Shift-Down",
  c: "Shift-Right",
  d: "Shift-Left",
};

/** Keypad in application mode (`ESC O`): digits, operators, Enter. */
export const KEYPAD: Readonly<Record<string, string>> = {
  M: "Enter",
  j: "*",
  k: "+",
  m: "-",
  n: ".",
  o: "/",
};

/** Number of `ESC [ n ~` (VT220, rxvt and linux variants). */
export const TILDE: Readonly<Record<number, string>> = {
  1: "Home",
  2: "Insert",
  3: "Delete",
  4: "End",
  5: "PgUp",
  6: "PgDn",
  7: "Home",
  8: "End",
  11: "F1",
  12: "F2",
  13: "F3",
  14: "F4",
  15: "F5",
  17: "F6",
  18: "F7",
  19: "F8",
  20: "F9",
  21: "F10",
  23: "F11",
  24: "F12",
};

/** C0 controls and DEL that have a separate key; the others are Ctrl and a letter. */
export const CONTROL: Readonly<Record<number, string>> = {
  0x00: "Ctrl-Space",
  0x08: "Backspace",
  0x09: "Tab",
  0x0a: "Enter",
  0x0d: "Enter",
  0x1b: "Esc",
  0x7f: "Backspace",
};

const SEQUENCE_KEYS = [...Object.values(FINAL), ...Object.values(TILDE)];

/** Keys that have a name instead of a character. */
export const KEY_NAMES: readonly string[] = [
  ...new Set([...SEQUENCE_KEYS, ...Object.values(CONTROL), "Space"]),
];

/** Keys that terminals send with Ctrl, Alt and Shift: cursor and function keys. */
export const MODIFIABLE_KEYS: readonly string[] = [
  ...new Set(SEQUENCE_KEYS.filter((name) => !name.includes("-"))),
];
