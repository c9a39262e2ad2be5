/**
 * The frame in each theme and on each kind of terminal, through the emulator.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  type ColorDepth,
  diff,
  type Grid,
  makePalette,
  THEME_NAMES,
  THEMES,
} from "../../src/tui/canvas/mod.ts";
import { initialUi } from "../../src/tui/state/mod.ts";
import { terminalCapabilities } from "../../src/tui/terminal/mod.ts";
import type { Environment } from "../../src/text/mod.ts";
import { ThemeState } from "../../src/tui/theme_state.ts";
import { Emulator } from "../support/emulator.ts";
import { FakeMonitor } from "../support/fake_monitor.ts";
import { drawScreen } from "../support/test_screen.ts";

const SIZES = [[20, 5], [40, 12], [80, 24], [120, 40], [200, 60], [500, 200]] as const;
const DEPTHS: readonly ColorDepth[] = ["mono", "16", "256", "true"];
const WRAP_OFF = "\x1b[?7l";

// deno-lint-ignore no-control-regex -- the program's own sequences
const SEQUENCE = /\x1b(?:\[[?]?[\d;]*[A-Za-z]|[>=])/g;

const monitor = new FakeMonitor({ seed: 5 });
monitor.attach();
for (let i = 0; i < 40; i++) monitor.tick();

function draw([width, height]: readonly [number, number], ascii = false): Grid {
  return drawScreen({
    ui: initialUi(4),
    model: monitor.model(),
    size: { width, height },
    ascii,
  });
}

/** The parameters of all SGR sequences. */
function sgr(bytes: string): string[] {
  return (bytes.match(SEQUENCE) ?? []).filter((text) => text.endsWith("m")).map((text) => text.slice(2, -1));
}

/** Whether SGR parameters choose a colour; 39 and 49, the terminal's default, do not. */
const isColor = (parameters: string): boolean =>
  parameters.split(";").some((word) => /^([349][0-8]|10[0-7])$/.test(word));

for (const name of THEME_NAMES) {
  for (const size of SIZES) {
    Deno.test(`view() fits ${size.join("×")} with header and footer, in the colours of theme ${name} at each depth`, async () => {
      const grid = draw(size);
      for (const depth of DEPTHS) {
        const theme = THEMES[depth === "mono" ? "mono" : name];
        const bytes = diff(null, grid, makePalette(theme, depth));
        const emulator = new Emulator(size[0], size[1]);
        await emulator.write(WRAP_OFF + bytes);
        emulator.assertShows(grid, `${name} ${depth}`, { theme, depth });
        const lines = emulator.lines();
        assert.equal(lines.length, size[1]);
        assert.match(
          lines[0] ?? "",
          size[0] < 40 ? /^ ktop {2}web-01/ : /^ ktop {2}web-01 .*\d\d:\d\d:\d\d ?$/,
        );
        assert.match(lines.at(-1) ?? "", size[0] < 30 ? / q$/ : /q Quit$/);
        if (depth === "mono" || name === "mono") assert.deepEqual(sgr(bytes).filter(isColor), []);
      }
    });
  }
}

/** Terminals by their environments, with the SGR parameters that each supports. */
const TERMINALS: readonly (readonly [what: string, env: Environment, known: RegExp])[] = [
  ["vt100", { TERM: "vt100" }, /^(0|1|4|7|39|49)?$/],
  [
    "vt220 on a serial line",
    { TERM: "vt220", LANG: "C.UTF-8", COLORTERM: "truecolor" },
    /^(0|1|4|7|39|49)?$/,
  ],
  ["NO_COLOR", { TERM: "xterm-256color", NO_COLOR: "1" }, /^(0|1|4|7|39|49)?$/],
  ["linux", { TERM: "linux", LANG: "C.UTF-8" }, /^(0|1|4|7|[349][0-79]|10[0-7])?$/],
  ["xterm", { TERM: "xterm" }, /^(0|1|4|7|[349][0-79]|10[0-7])?$/],
  ["screen", { TERM: "screen", COLORTERM: "truecolor" }, /^(0|1|4|7|[349][0-79]|10[0-7])?$/],
  ["tmux-256color", { TERM: "tmux-256color" }, /^(0|1|4|7|[34]8;5;\d+|39|49)?$/],
];

for (const [what, env, known] of TERMINALS) {
  Deno.test(`diff() sends ${what} only parameters that it supports, and draws the frame`, async () => {
    const { depth, ascii } = terminalCapabilities(env, { noColor: false, ascii: false });
    const themes = new ThemeState(depth, { theme: "dark", overrides: {} });
    const grid = draw([80, 24], ascii);
    const bytes = diff(null, grid, themes.palette);
    for (const parameters of sgr(bytes)) {
      // The parameters of one colour belong together; each other parameter is checked alone.
      for (const part of parameters.match(/[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+/g) ?? [""]) {
        assert.match(part, known, parameters);
      }
    }
    if (ascii) assert.match(bytes.replaceAll(SEQUENCE, ""), /^[\x20-\x7e\r\n]*$/);
    const emulator = new Emulator(80, 24);
    await emulator.write(WRAP_OFF + bytes);
    emulator.assertShows(grid, what, { theme: THEMES[depth === "mono" ? "mono" : "dark"], depth });
  });
}
