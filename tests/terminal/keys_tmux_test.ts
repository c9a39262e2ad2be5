/**
 * Each key in a terminal: what is pressed, and what the screen then shows. The fake monitor makes no tick in the meantime.
 *
 * @module
 */
import assert from "node:assert/strict";
import { MAIN } from "../../src/tui/keys/mod.ts";
import { isAlive, Tmux, until } from "../support/tmux.ts";
import { demo, Session } from "./session.ts";

const FLAGS = "--history 30 --every 3600000";

const PANES = ["filetop", "vfsstat", "dcstat", "runqslower"];

/** The number of the pane whose title has another colour than the others'; 0 if there is none. */
async function focusedPane(tmux: Tmux): Promise<number> {
  const screen = await tmux.colored();
  const colors = PANES.map((name, i) => {
    // The colour of the name is the sequence between it and the number of the pane.
    return new RegExp(`${i + 1}((?:\x1b\\[[\\d;]*m| )*)${name}`).exec(screen)?.[1];
  });
  return colors.findIndex((color) => colors.filter((other) => other === color).length === 1) + 1;
}

/** What the screen must show: a pattern, the focus on a pane, or no match of a pattern. */
type Expected = RegExp | { readonly focus: number } | { readonly gone: RegExp };

async function assertShows(tmux: Tmux, expected: Expected): Promise<void> {
  if (expected instanceof RegExp) await tmux.shows(expected);
  else if ("gone" in expected) {
    await until(`no ${expected.gone}`, () => tmux.screen(), (text) => !expected.gone.test(text));
  } else {
    await until(`focus on ${expected.focus}`, () => focusedPane(tmux), (number) => number === expected.focus);
  }
}

/** tmux's names of the keys whose names differ from ktop's. */
const TMUX_NAMES: Readonly<Record<string, string>> = {
  Esc: "Escape",
  " ": "Space",
  "Shift-Tab": "BTab",
  PgUp: "PPage",
  PgDn: "NPage",
  "Ctrl-U": "C-u",
  "Ctrl-D": "C-d",
  "Ctrl-L": "C-l",
};

const row = (number: number): RegExp => new RegExp(` ${number}/24 ─╯`);
/** The complete first frame. */
const READY = /1\/24[^]*4 runqslower[^]*q Quit/;
const HELP = /─ Help ─/;
const MENU = /─ Sort by ─/;

/** The keys, in the order in which they are pressed. */
const STEPS: readonly (readonly [key: string, expected: Expected])[] = [
  ["Down", row(2)],
  ["j", row(3)],
  ["k", row(2)],
  ["Up", row(1)],
  ["PgDn", row(17)],
  ["PgUp", row(1)],
  ["Ctrl-D", row(9)],
  ["Ctrl-U", row(1)],
  ["End", row(24)],
  ["Home", row(1)],
  ["G", row(24)],
  ["g", row(1)],
  ["Right", / oc\/self\/stat /],
  ["Left", / \/proc\/self\/… /],
  [">", /▼TID/],
  [">", /COMM▲/],
  ["<", /▼TID/],
  ["r", /▲TID/],
  ["I", /▼TID/],
  ["s", MENU],
  ["Esc", { gone: MENU }],
  ["F6", MENU],
  ["F6", { gone: MENU }],
  ["f", /filetop ─ order frozen ─/],
  ["f", { gone: /frozen/ }],
  ["b", /filetop ─ by COMM ─[^]*▸ +\d[^]* 1\/8 ─╯/],
  ["Enter", /▾ +\d[^]* 1\/11 ─╯/],
  ["Left", /▸ +\d[^]* 1\/8 ─╯/],
  ["Right", /▾ +\d[^]* 1\/11 ─╯/],
  ["b", /─ Group by ─[^]*FILE/],
  ["Esc", { gone: /─ Group by ─/ }],
  ["p", /^ ktop .* comm \S+\s[^]*filetop ─(?! by)/],
  ["Esc", /filetop ─ by COMM ─/],
  ["Esc", { gone: /by COMM/ }],
  ["/", /Filter █ 24 rows/],
  ["n", /Filter n█/],
  ["Enter", /filetop ─ \/n ─/],
  ["Esc", { gone: /\/n ─/ }],
  ["\\", /Filter █ 24 rows/],
  ["Enter", { gone: /Filter █/ }],
  ["F4", /Filter █ 24 rows/],
  ["Enter", { gone: /Filter █/ }],
  [" ", / PAUSED /],
  [" ", { gone: /PAUSED/ }],
  ["@", /Go to time █ +14:05/],
  ["5", /Go to time 5█/],
  ["Enter", /Go to time 5█ not a time: 14:05/],
  ["Esc", { gone: /Go to time/ }],
  ["+", /every 2s/],
  ["-", /every 1s/],
  ["=", /every 2s/],
  ["-", /every 1s/],
  ["a", /filetop ─ all-types ─[^]*1\/25 ─╯/],
  ["a", row(1)],
  ["c", / 5 probes [^]*vfs_read_enter/],
  ["c", { gone: /5 probes/ }],
  ["1", { focus: 1 }],
  ["Tab", { focus: 2 }],
  ["Tab", { focus: 3 }],
  ["Shift-Tab", { focus: 2 }],
  ["3", { focus: 3 }],
  ["4", { focus: 4 }],
  ["9", { focus: 4 }],
  ["2", { focus: 2 }],
  ["1", { focus: 1 }],
  ["Enter", { gone: /vfsstat/ }],
  ["Enter", /2 vfsstat/],
  ["z", { gone: /vfsstat/ }],
  ["z", /2 vfsstat/],
  ["z", { gone: /vfsstat/ }],
  ["Esc", /2 vfsstat/],
  ["?", HELP],
  ["Esc", { gone: HELP }],
  ["h", HELP],
  ["h", { gone: HELP }],
  ["F1", HELP],
  ["F1", { gone: HELP }],
  ["T", /─ Panes ─[^]*files[^]*cpu/],
  ["Esc", { gone: /─ Panes ─/ }],
  ["x", /no event so far/],
];

Deno.test("each key changes the screen as the help says", async () => {
  await using tmux = await Tmux.start(120, 40, demo(FLAGS));
  await tmux.shows(READY);
  for (const [key, expected] of STEPS) {
    await tmux.keys(TMUX_NAMES[key] ?? key);
    await assertShows(tmux, expected).catch((error) => assert.fail(`after ${key}: ${error.message}`));
  }
});

/** Keys that other tests press, in this file or in others. */
const ELSEWHERE = [..."qm5678tpdCowWv[]{}e", "Ctrl-C", "F10", "Ctrl-L", "Ctrl-Z"];

Deno.test("there is a step for each key of the panes", () => {
  const pressed = new Set([...STEPS.map(([key]) => key), ...ELSEWHERE]);
  // The key for hosts needs some: hosts_tmux_test.ts.
  const missing = MAIN.filter(({ name }) => name !== "hosts").flatMap(({ keys }) => keys).filter((key) =>
    !pressed.has(key)
  );
  assert.deepEqual(missing, [], "add a step for it to STEPS");
});

Deno.test("m switches the mouse on; a click focuses, selects and sorts, the wheel scrolls", async () => {
  await using tmux = await Tmux.start(120, 40, demo(FLAGS));
  await tmux.shows(READY);
  const report = (button: number, x: number, y: number): Promise<void> =>
    tmux.keys("-l", `\x1b[<${button};${x};${y}M\x1b[<${button};${x};${y}m`);
  await tmux.keys("m");
  await until("mouse reports", () => tmux.format("#{mouse_any_flag}"), (flag) => flag === "1");
  await report(0, 100, 30);
  await assertShows(tmux, { focus: 4 });
  await report(0, 10, 8);
  await assertShows(tmux, { focus: 1 });
  await report(0, 10, 8);
  await tmux.shows(row(5));
  await report(0, 13, 3);
  await tmux.shows(/COMM▲/);
  await report(65, 10, 10);
  await tmux.shows(row(8));
  await report(64, 10, 10);
  await tmux.shows(row(5));
  await tmux.keys("m");
  await until("no mouse reports", () => tmux.format("#{mouse_any_flag}"), (flag) => flag === "0");
});

Deno.test("Ctrl-L redraws what another program has overwritten", async () => {
  await using tmux = await Tmux.start(120, 40, demo(FLAGS));
  await tmux.shows(READY);
  const before = await tmux.screen();
  const tty = await tmux.format("#{pane_tty}");
  await Deno.writeTextFile(tty, "\x1b[5;5HA MESSAGE OF THE KERNEL");
  await tmux.shows(/A MESSAGE OF THE KERNEL/);
  await tmux.keys("C-l");
  await until("the frame", () => tmux.screen(), (text) => text === before);
});

for (const [key, name] of [["q", "q"], ["Ctrl-C", "C-c"], ["F10", "F10"]] as const) {
  Deno.test(`${key} quits and restores the terminal`, async () => {
    await using session = await Session.startDemo(FLAGS);
    await session.tmux.shows(/4 runqslower/);
    const pid = await session.pid();
    await session.tmux.keys(name);
    await session.assertRestored();
    assert.equal(isAlive(pid), false);
  });
}
