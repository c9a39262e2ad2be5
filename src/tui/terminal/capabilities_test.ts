import assert from "node:assert/strict";
import type { Environment } from "../../text/mod.ts";
import { terminalCapabilities } from "./capabilities.ts";

const UNFORCED = { noColor: false, ascii: false };
const depth = (env: Environment): string => terminalCapabilities(env, UNFORCED).depth;
const ascii = (env: Environment): boolean => terminalCapabilities(env, UNFORCED).ascii;

const TRUE = { COLORTERM: "truecolor" };
const TABLE: readonly (readonly [what: string, env: Environment, depth: string])[] = [
  ["the linux console", { TERM: "linux" }, "16"],
  ["xterm", { TERM: "xterm" }, "16"],
  ["a modern xterm", { TERM: "xterm-256color" }, "256"],
  ["a terminal that says truecolor", { TERM: "xterm-256color", ...TRUE }, "true"],
  ["24bit", { TERM: "xterm", COLORTERM: "24bit" }, "true"],
  ["another COLORTERM", { TERM: "xterm", COLORTERM: "gnome-terminal" }, "16"],
  ["GNU screen", { TERM: "screen", STY: "1.pts-0.host" }, "16"],
  ["GNU screen of 256 colours", { TERM: "screen-256color", STY: "1.pts-0.host" }, "256"],
  ["GNU screen in a terminal that says truecolor", { TERM: "screen", STY: "1.pts-0.host", ...TRUE }, "16"],
  ["GNU screen of 256 in one", { TERM: "screen-256color", ...TRUE }, "256"],
  ["GNU screen for a named terminal", { TERM: "screen.xterm-256color", ...TRUE }, "256"],
  ["tmux", { TERM: "tmux-256color", TMUX: "/tmp/t,1,0" }, "256"],
  ["tmux in a terminal that says truecolor", { TERM: "tmux-256color", TMUX: "/tmp/t,1,0", ...TRUE }, "true"],
  ["tmux that calls itself screen", { TERM: "screen-256color", TMUX: "/tmp/t,1,0", ...TRUE }, "true"],
  ["a VT100", { TERM: "vt100" }, "mono"],
  ["agetty's serial line", { TERM: "vt220", LANG: "C.UTF-8" }, "mono"],
  ["a VT100 that says truecolor", { TERM: "vt100-nav", ...TRUE }, "mono"],
  ["a VT525, which has colours", { TERM: "vt525" }, "16"],
  ["a monochrome xterm", { TERM: "xterm-mono" }, "mono"],
  ["an unknown terminal", { TERM: "unknown" }, "mono"],
  ["rxvt", { TERM: "rxvt" }, "16"],
  ["foot", { TERM: "foot" }, "true"],
  ["alacritty", { TERM: "alacritty" }, "256"],
];
for (const [what, env, wanted] of TABLE) {
  Deno.test(`terminalCapabilities() gives ${wanted} colours when the terminal is ${what}`, () => {
    assert.equal(depth(env), wanted);
  });
}

Deno.test("terminalCapabilities() allows no colour with NO_COLOR, --no-color or a terminal without colours", () => {
  assert.equal(depth({ TERM: "xterm-256color", NO_COLOR: "1", COLORTERM: "truecolor" }), "mono");
  assert.equal(depth({ TERM: "xterm", NO_COLOR: "" }), "16");
  assert.equal(depth({ TERM: "dumb" }), "mono");
  assert.equal(depth({ TERM: "vt100" }), "mono");
  assert.equal(depth({}), "mono");
  assert.equal(terminalCapabilities({ TERM: "xterm" }, { noColor: true, ascii: false }).depth, "mono");
  assert.equal(depth({ TERM: "xterm-kitty", NO_COLOR: "0" }), "mono");
});

Deno.test("terminalCapabilities() allows UTF-8 only if the effective locale has it", () => {
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
