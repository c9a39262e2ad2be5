/**
 * Every key through a real terminal: what is pressed, and what a person then sees. The numbers stand still meanwhile.
 *
 * @module
 */
import assert from "node:assert/strict";
import { MAIN } from "../../src/tui/keys/mod.ts";
import { isAlive, Tmux, until } from "../support/tmux.ts";

const DEMO = new URL("./demo.ts", import.meta.url).pathname;
const demo = (pidFile = "/dev/null"): string =>
  `${Deno.execPath()} run -A --no-check ${DEMO} --history 30 --every 3600000 --pid-file ${pidFile}`;

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

/** What is to be seen: a pattern, the focused pane's number, or that a pattern is gone. */
type Sight = RegExp | { readonly focus: number } | { readonly gone: RegExp };

async function assertSees(tmux: Tmux, sight: Sight): Promise<void> {
  if (sight instanceof RegExp) await tmux.shows(sight);
  else if ("gone" in sight) {
    await until(`no ${sight.gone}`, () => tmux.screen(), (text) => !sight.gone.test(text));
  } else await until(`focus on ${sight.focus}`, () => focusedPane(tmux), (number) => number === sight.focus);
}

/** Names that tmux has for keys, where they differ from ktop's. */
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
/** The whole first frame. */
const READY = /1\/24[^]*4 runqslower[^]*q Quit/;
const HELP = /─ Help ─/;
const MENU = /─ Sort by ─/;

/** Keys in the order in which one person presses them. */
const STEPS: readonly (readonly [key: string, sees: Sight])[] = [
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
  [">", /TID▼/],
  [">", /COMM▲/],
  ["<", /TID▼/],
  ["r", /TID▲/],
  ["I", /TID▼/],
  ["s", MENU],
  ["Esc", { gone: MENU }],
  ["F6", MENU],
  ["F6", { gone: MENU }],
  ["f", /filetop ─ frozen ─/],
  ["f", { gone: /frozen/ }],
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
  ["+", /every 2s/],
  ["-", /every 1s/],
  ["=", /every 2s/],
  ["-", /every 1s/],
  ["a", /1\/25 ─╯/],
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
  ["x", /no event so far/],
];

Deno.test("each key does on a real terminal what the help says of it", async () => {
  await using tmux = await Tmux.start(120, 40, demo());
  await tmux.shows(READY);
  for (const [key, sees] of STEPS) {
    await tmux.keys(TMUX_NAMES[key] ?? key);
    await assertSees(tmux, sees).catch((error) => assert.fail(`after ${key}: ${error.message}`));
  }
});

/** Keys that tests of their own press, below or beside this file. */
const ELSEWHERE = [..."qm5678tpdCowWv[]{}", "Ctrl-C", "F10", "Ctrl-L", "Ctrl-Z"];

Deno.test("no key of the panes is without a step", () => {
  const pressed = new Set([...STEPS.map(([key]) => key), ...ELSEWHERE]);
  const missing = MAIN.flatMap(({ keys }) => keys).filter((key) => !pressed.has(key));
  assert.deepEqual(missing, [], "add a step that presses it and says what is then seen");
});

Deno.test("m switches mouse reports on; a click focuses, selects and sorts, the wheel scrolls", async () => {
  await using tmux = await Tmux.start(120, 40, demo());
  await tmux.shows(READY);
  const report = (button: number, x: number, y: number): Promise<void> =>
    tmux.keys("-l", `\x1b[<${button};${x};${y}M\x1b[<${button};${x};${y}m`);
  await tmux.keys("m");
  await until("mouse reports", () => tmux.format("#{mouse_any_flag}"), (flag) => flag === "1");
  await report(0, 100, 30);
  await assertSees(tmux, { focus: 4 });
  await report(0, 10, 8);
  await assertSees(tmux, { focus: 1 });
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

Deno.test("Ctrl-L draws anew what another program has overwritten", async () => {
  await using tmux = await Tmux.start(120, 40, demo());
  await tmux.shows(READY);
  const before = await tmux.screen();
  const tty = await tmux.format("#{pane_tty}");
  await Deno.writeTextFile(tty, "\x1b[5;5HA MESSAGE OF THE KERNEL");
  await tmux.shows(/A MESSAGE OF THE KERNEL/);
  await tmux.keys("C-l");
  await until("the frame", () => tmux.screen(), (text) => text === before);
});

for (const [key, name] of [["q", "q"], ["Ctrl-C", "C-c"], ["F10", "F10"]] as const) {
  Deno.test(`${key} quits`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "ktop-keys-" });
    try {
      await using tmux = await Tmux.start(120, 40, `${demo(`${dir}/pid`)}; echo shell is back; exec cat`);
      await tmux.shows(/4 runqslower/);
      const pid = Number(await Deno.readTextFile(`${dir}/pid`));
      await tmux.keys(name);
      await tmux.shows(/shell is back/);
      assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "0 1");
      assert.equal(isAlive(pid), false);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}
