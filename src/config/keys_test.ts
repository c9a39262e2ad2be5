import assert from "node:assert/strict";
import { defaultKeys, findConflict, keyName, parseKey } from "./keys.ts";

Deno.test("parseKey() accepts characters, names in any case, and modifiers", () => {
  const known: Record<string, string> = {
    q: "q",
    Q: "Q",
    "é": "é",
    "\\": "\\",
    " ": " ",
    space: " ",
    enter: "Enter",
    PGUP: "PgUp",
    f10: "F10",
    "ctrl-q": "Ctrl-Q",
    "Ctrl-I": "Tab",
    "Ctrl-m": "Enter",
    "Shift-Tab": "Shift-Tab",
    "ctrl-up": "Ctrl-Up",
    "Ctrl-Alt-Shift-F5": "Ctrl-Alt-Shift-F5",
    "alt-left": "Alt-Left",
  };
  for (const [text, key] of Object.entries(known)) assert.equal(parseKey(text), key, text);
});

Deno.test("parseKey() returns null for keys that no terminal sends", () => {
  for (
    const text of [
      "",
      "qq",
      "Entr",
      "Ctrl-1",
      "Alt-x",
      "Shift-a",
      "Ctrl-",
      "F13",
      "\x1b",
      "\u202e",
      "Shift-Ctrl-Up",
    ]
  ) {
    assert.equal(parseKey(text), null, JSON.stringify(text));
  }
});

Deno.test("findConflict() finds none when the default keys are configured", () => {
  assert.equal(findConflict(defaultKeys()), null);
});

Deno.test("keyName() names every default key so that parseKey() accepts it", () => {
  for (const [name, keys] of defaultKeys()) {
    for (const key of keys) assert.equal(parseKey(keyName(key)), key, name);
  }
});
