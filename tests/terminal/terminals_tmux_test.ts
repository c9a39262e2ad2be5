import assert from "node:assert/strict";
import { Emulator } from "../support/emulator.ts";
import { Tmux, until } from "../support/tmux.ts";

const DEMO = new URL("./demo.ts", import.meta.url).pathname;
const demo = `${Deno.execPath()} run -A --no-check ${DEMO} --history 20`;

/** Everything the screen sends beside text: what each of these terminals interprets or passes over. */
const MODES = ["1049", "25", "7", "1", "2004", "2026"];

/** Runs the demo under script(1) in a terminal of this name and size; returns the bytes it sent until q. */
async function bytesFor(env: string, [width, height]: readonly [number, number]): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-term-" });
  try {
    const command =
      `env -u NO_COLOR -u COLORTERM -u TMUX ${env} script -qec '${demo} 2>/dev/null' ${dir}/bytes`;
    await using tmux = await Tmux.start(width, height, `${command}; echo shell is back; exec cat`);
    await tmux.shows(/filetop/);
    await tmux.keys("q");
    await tmux.shows(/shell is back/);
    return await Deno.readTextFile(`${dir}/bytes`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

interface Wish {
  readonly env: string;
  readonly ascii: boolean;
  /** SGR parameters that choose a colour. */
  readonly colors: RegExp | null;
}

const WISHES: readonly Wish[] = [
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

for (const { env, ascii, colors } of WISHES) {
  Deno.test(`runApp() sends nothing that the terminal does not know when the environment is ${env}`, async () => {
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

Deno.test("runApp() draws 80×24 when a serial line says 0×0", async () => {
  const command = `stty rows 0 cols 0; env -u COLORTERM -u TMUX TERM=vt220 ${demo} 2>/dev/null; exec cat`;
  await using tmux = await Tmux.start(120, 40, command);
  const screen = await tmux.shows(/4 runqslower[^]*q Quit/);
  const lines = screen.trimEnd().split("\n");
  assert.equal(lines.length, 24);
  assert.ok(lines.every((line) => [...line].length <= 80));
  await tmux.keys("q");
});

Deno.test("runApp() draws in GNU screen without a stray character, follows a storm of sizes, and leaves the shell below", async () => {
  const dir = await Deno.makeTempDir({ prefix: "ktop-screen-" });
  try {
    await Deno.mkdir(`${dir}/sockets`, { mode: 0o700 });
    const inside = `echo before the screen; ${demo} 2>/dev/null; echo shell is back; exec cat`;
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
    // GNU screen has no second screen unless told: the last frame stays, and the shell goes on below it.
    const left = await tmux.shows(/shell is back/);
    assert.match(left, /4 runqslower[^]*q Quit\nshell is back/);
    assert.equal(await tmux.format("#{cursor_flag}"), "1");
  } finally {
    // Its server would live on without the terminal.
    await new Deno.Command("screen", { args: ["-X", "quit"], env: { SCREENDIR: `${dir}/sockets` } }).output();
    const sockets = (): Promise<string[]> =>
      Promise.resolve([...Deno.readDirSync(`${dir}/sockets`)].map(({ name }) => name));
    await until("the end of GNU screen", sockets, (names) => names.length === 0);
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("ktop prints plain text without an escape sequence when TERM is dumb on a terminal", async () => {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const dir = await Deno.makeTempDir({ prefix: "ktop-term-" });
  try {
    const ktop =
      `${Deno.execPath()} run -A --no-check ${main} --no-config --panes runqslower -i 0.2 --count 2`;
    const command = `env TERM=dumb script -qec '${ktop}' ${dir}/bytes; echo ended with $?; exec cat`;
    await using tmux = await Tmux.start(100, 30, command);
    await tmux.shows(/ended with 0/);
    const bytes = await Deno.readTextFile(`${dir}/bytes`);
    assert.equal(bytes.match(/^== runqslower/gm)?.length, 2);
    assert.ok(!bytes.includes("\x1b"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
