/**
 * The screen in terminals of other kinds and sizes, and in GNU screen.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { Emulator } from "../support/emulator.ts";
import { Tmux, until } from "../support/tmux.ts";
import { demo, KTOP } from "./session.ts";

const DEMO = demo("--history 20");

/** The private modes that the screen sets: each of these terminals interprets or ignores them. */
const MODES = ["1049", "25", "7", "1", "2004", "2026"];

/** Runs the demo under script(1) with this environment; returns the bytes that it sent until q. */
async function bytesFor(env: string, [width, height]: readonly [number, number]): Promise<string> {
  await using directory = await TemporaryDirectory.make();
  const bytes = `${directory.path}/bytes`;
  const script = `${directory.path}/demo`;
  await Deno.writeTextFile(script, `${DEMO} 2>/dev/null`);
  const command = `env -u NO_COLOR -u COLORTERM -u TMUX ${env} script -qec 'sh ${script}' ${bytes}`;
  await using tmux = await Tmux.start(width, height, `${command}; echo shell is back; exec cat`);
  await tmux.shows(/filetop/);
  await tmux.keys("q");
  await tmux.shows(/shell is back/);
  return await Deno.readTextFile(bytes);
}

interface Terminal {
  readonly env: string;
  readonly ascii: boolean;
  /** The SGR parameters that may choose a colour; null: none may. */
  readonly colors: RegExp | null;
}

const TERMINALS: readonly Terminal[] = [
  { env: "TERM=linux LC_ALL=C.UTF-8", ascii: true, colors: /^([39][0-7]|4[0-7]|10[0-7])$/ },
  { env: "TERM=xterm LC_ALL=C.UTF-8", ascii: false, colors: /^([39][0-7]|4[0-7]|10[0-7])$/ },
  {
    env: "TERM=screen LC_ALL=C.UTF-8 COLORTERM=truecolor",
    ascii: false,
    colors: /^([39][0-7]|4[0-7]|10[0-7])$/,
  },
  { env: "TERM=tmux-256color LC_ALL=C.UTF-8", ascii: false, colors: /^[34]8;5;\d+$/ },
  { env: "TERM=vt100 LC_ALL=C", ascii: true, colors: null },
  { env: "TERM=vt220 LC_ALL=C.UTF-8 COLORTERM=truecolor", ascii: false, colors: null },
  { env: "TERM=xterm-256color NO_COLOR=1 LC_ALL=C.UTF-8", ascii: false, colors: null },
];

for (const { env, ascii, colors } of TERMINALS) {
  Deno.test(`runApp() sends only sequences that the terminal of ${env} supports`, async () => {
    const all = await bytesFor(env, [80, 24]);
    const start = all.indexOf("\x1b[?1049h");
    const bytes = all.slice(start, all.lastIndexOf("\x1b[?1049l") + 8);
    const seen = new Set<string>();
    // deno-lint-ignore no-control-regex -- the program's own sequences
    const rest = bytes.replaceAll(/\x1b(?:\[([?]?)([\d;]*)([A-Za-z])|>)/g, (_, mark, body, final) => {
      if (mark === "?") assert.ok(MODES.includes(body) && /[hl]/.test(final), `${body}${final}`);
      else if (final === "m") {
        for (const one of body.match(/[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+/g) ?? []) seen.add(one);
      } else if (final) assert.match(final, /[HCKJ]/);
      return "";
    });
    // deno-lint-ignore no-control-regex -- no control may be left
    assert.doesNotMatch(rest, /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
    // deno-lint-ignore no-control-regex -- bytes beyond ASCII must not be sent
    if (ascii) assert.match(rest, /^[\x00-\x7e]*$/);
    const chosen = [...seen].filter((one) => !/^(0|1|4|7|39|49)$/.test(one));
    if (colors === null) assert.deepEqual(chosen, []);
    else for (const one of chosen) assert.match(one, colors);
    const emulator = new Emulator(80, 24);
    await emulator.write(bytes.slice(0, bytes.lastIndexOf("\x1b[?2026l\x1b[m")));
    assert.match(emulator.lines().join("\n"), /^ ktop .*\n[^]*1 filetop[^]*4 runqslower[^]*q Quit$/);
  });
}

Deno.test("runApp() draws 80×24 on a serial line with size 0×0", async () => {
  const command = `stty rows 0 cols 0; env -u COLORTERM -u TMUX TERM=vt220 ${DEMO} 2>/dev/null; exec cat`;
  await using tmux = await Tmux.start(120, 40, command);
  const screen = await tmux.shows(/4 runqslower[^]*q Quit/);
  const lines = screen.trimEnd().split("\n");
  assert.equal(lines.length, 24);
  assert.ok(lines.every((line) => [...line].length <= 80));
  await tmux.keys("q");
});

Deno.test("runApp() draws in GNU screen without stray characters, follows resizes, and leaves the shell below its last frame", async () => {
  await using directory = await TemporaryDirectory.make("ktop-screen-");
  const dir = directory.path;
  try {
    await Deno.mkdir(`${dir}/sockets`, { mode: 0o700 });
    const inside = `echo before the screen; ${DEMO} 2>/dev/null; echo shell is back; exec cat`;
    await Deno.writeTextFile(`${dir}/inside`, inside);
    const command =
      `env -u NO_COLOR -u TMUX SCREENDIR=${dir}/sockets COLORTERM=truecolor TERM=xterm-256color ` +
      `screen -U -c /dev/null sh ${dir}/inside`;
    await using tmux = await Tmux.start(100, 30, command);
    const drawn = await tmux.shows(/4 runqslower[^]*q Quit/);
    assert.doesNotMatch(drawn, /2026|1049|38;|\?25|\[m/);
    for (const [width, height] of [[60, 20], [20, 5], [130, 45], [79, 19], [100, 30]] as const) {
      await tmux.resize(width, height);
    }
    await tmux.resize(120, 40);
    const again = await until("a frame of the last size", () => tmux.screen(), (text) => {
      const lines = text.split("\n");
      return /q Quit/.test(lines[39] ?? "") && /^ ktop/.test(lines[0] ?? "") && text.includes("╯");
    });
    assert.match(again, /1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
    await tmux.keys("q");
    // GNU screen has no alternate screen by default: the last frame stays, and the shell continues below it.
    const left = await tmux.shows(/shell is back/);
    assert.match(left, /4 runqslower[^]*q Quit\nshell is back/);
    assert.equal(await tmux.format("#{cursor_flag}"), "1");
  } finally {
    // Its server would outlive the terminal.
    await new Deno.Command("screen", { args: ["-X", "quit"], env: { SCREENDIR: `${dir}/sockets` } }).output();
    const sockets = (): Promise<string[]> =>
      Promise.resolve([...Deno.readDirSync(`${dir}/sockets`)].map(({ name }) => name));
    await until("the end of GNU screen", sockets, (names) => names.length === 0);
  }
});

Deno.test("ktop prints plain text without escape sequences on a terminal with TERM=dumb", async () => {
  await using directory = await TemporaryDirectory.make();
  const dir = directory.path;
  await Deno.writeTextFile(`${dir}/ktop`, `${KTOP} --no-config --panes runqslower -i 0.2 --count 2`);
  const command = `env TERM=dumb script -qec 'sh ${dir}/ktop' ${dir}/bytes; echo ended with $?; exec cat`;
  await using tmux = await Tmux.start(100, 30, command);
  await tmux.shows(/ended with 0/);
  const bytes = await Deno.readTextFile(`${dir}/bytes`);
  assert.equal(bytes.match(/^== runqslower/gm)?.length, 2);
  assert.ok(!bytes.includes("\x1b"));
});
