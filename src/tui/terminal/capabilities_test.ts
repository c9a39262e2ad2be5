import assert from "node:assert/strict";
import { type Environment, terminalCapabilities } from "./capabilities.ts";

const UNFORCED = { noColor: false, ascii: false };
const depth = (env: Environment): string => terminalCapabilities(env, UNFORCED).depth;
const ascii = (env: Environment): boolean => terminalCapabilities(env, UNFORCED).ascii;

Deno.test("terminalCapabilities() tells the colours from TERM and COLORTERM", () => {
  assert.equal(depth({ TERM: "xterm" }), "16");
  assert.equal(depth({ TERM: "linux" }), "16");
  assert.equal(depth({ TERM: "screen" }), "16");
  assert.equal(depth({ TERM: "xterm-256color" }), "256");
  assert.equal(depth({ TERM: "tmux-256color" }), "256");
  assert.equal(depth({ TERM: "xterm-256color", COLORTERM: "truecolor" }), "true");
  assert.equal(depth({ TERM: "xterm-kitty" }), "true");
  assert.equal(depth({ TERM: "xterm-direct" }), "true");
});

Deno.test("terminalCapabilities() shows no colour when NO_COLOR, --no-color or the terminal says so", () => {
  assert.equal(depth({ TERM: "xterm-256color", NO_COLOR: "1", COLORTERM: "truecolor" }), "mono");
  assert.equal(depth({ TERM: "xterm", NO_COLOR: "" }), "16");
  assert.equal(depth({ TERM: "dumb" }), "mono");
  assert.equal(depth({ TERM: "vt100" }), "mono");
  assert.equal(depth({}), "mono");
  assert.equal(terminalCapabilities({ TERM: "xterm" }, { noColor: true, ascii: false }).depth, "mono");
});

Deno.test("terminalCapabilities() allows UTF-8 only when the locale that counts has it", () => {
  assert.equal(ascii({ LANG: "de_DE.UTF-8" }), false);
  assert.equal(ascii({ LANG: "C.utf8" }), false);
  assert.equal(ascii({ LANG: "C.utf8", TERM: "linux" }), true);
  assert.equal(ascii({ LANG: "C" }), true);
  assert.equal(ascii({}), true);
  assert.equal(ascii({ LANG: "de_DE.UTF-8", LC_ALL: "C" }), true);
  assert.equal(ascii({ LANG: "C", LC_CTYPE: "en_US.UTF-8" }), false);
  assert.equal(ascii({ LANG: "de_DE.UTF-8", LC_CTYPE: "POSIX" }), true);
  assert.equal(terminalCapabilities({ LANG: "C.utf8" }, { noColor: false, ascii: true }).ascii, true);
});
