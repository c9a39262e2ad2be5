/**
 * The screen in a terminal: start, keys, resizes, signals, suspension, and the terminal after each end.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { isAlive, Tmux, until } from "../support/tmux.ts";
import { demo, Session } from "./session.ts";

Deno.test("runApp() shows four panes, and q restores the terminal", async () => {
  await using session = await Session.startDemo("--every 50");
  const { tmux } = session;
  await tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
  await tmux.shows(/READ\/s +\d[^]*CONFIG_KPROBES[^]*run-queue delay/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "1 0");
  await tmux.keys("q");
  await session.assertRestored();
  assert.match(await session.file("stderr"), /calls: close$/m);
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const) {
  Deno.test(`runApp() restores the terminal when ${signal} arrives`, async () => {
    await using session = await Session.startDemo();
    await session.tmux.shows(/1 filetop/);
    Deno.kill(await session.pid(), signal);
    await session.assertRestored();
    assert.match(await session.file("stderr"), /calls: close$/m);
  });
}

Deno.test("runApp() restores the terminal and prints the error when an exception is thrown", async () => {
  await using session = await Session.startDemo("--throw-after 300");
  await session.tmux.shows(/1 filetop/);
  await session.assertRestored(1);
  assert.match(await session.file("stderr"), /thrown on purpose/);
});

Deno.test("the header shows what the command line restricts, also while paused", async () => {
  await using session = await Session.startDemo("--comm nginx", [80, 24]);
  await session.tmux.shows(/^ ktop +web-01 .* comm nginx *$/m);
  await session.tmux.keys("Space");
  await session.tmux.shows(/^ ktop .* comm nginx +PAUSED/m);
});

Deno.test("runApp() ends when the terminal is closed", async () => {
  await using session = await Session.startDemo("--every 20");
  await session.tmux.shows(/4 runqslower/);
  const pid = await session.pid();
  await session.tmux.close();
  await until("the end of the program", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
});

Deno.test("runApp() ends when SIGTERM arrives while the terminal reads no output", async () => {
  await using session = await Session.startDemo("--every 5");
  await session.tmux.shows(/4 runqslower/);
  const pid = await session.pid();
  const server = Number(await session.tmux.format("#{pid}"));
  Deno.kill(server, "SIGSTOP");
  try {
    // The event loop still writes a few bytes to wake itself; a frame has thousands.
    const written = async (): Promise<number> =>
      Number((await Deno.readTextFile(`/proc/${pid}/io`)).match(/^wchar: (\d+)/m)?.[1]);
    await until("a stall", async () => {
      const before = await written();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return await written() - before;
    }, (growth) => growth < 1000);
    Deno.kill(pid, "SIGTERM");
    await until("the end of the program", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
  } finally {
    Deno.kill(server, "SIGCONT");
  }
});

Deno.test("runApp() restores the terminal for the shell on Ctrl-Z, and draws again on fg", async () => {
  await using directory = await TemporaryDirectory.make();
  await using tmux = await Tmux.start(100, 30, "PS1='shell> ' bash --norc --noprofile -i");
  await tmux.shows(/shell>/);
  await tmux.keys(`${demo()} 2>${directory.path}/stderr`, "Enter");
  await tmux.shows(/4 runqslower/);
  for (let round = 0; round < 2; round++) {
    await tmux.keys("C-z");
    await tmux.shows(/Stopped/);
    assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "0 1");
    await tmux.keys(`echo typed $((40 + ${round}))`, "Enter");
    await tmux.shows(new RegExp(`^typed 4${round}`, "m"));
    await tmux.keys("fg", "Enter");
    await tmux.shows(/1 filetop[^]*4 runqslower/);
    assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "1 0");
  }
  await tmux.keys("q");
  await tmux.shows(/shell>\s*$/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "0 1");
});

Deno.test("runApp() draws for the last size after many resizes, and no line wraps", async () => {
  await using session = await Session.startDemo("--every 30 --history 30");
  const { tmux } = session;
  await tmux.shows(/4 runqslower/);
  for (
    const [width, height] of [[20, 5], [200, 60], [1, 1], [79, 19], [80, 20], [121, 31], [40, 12]] as const
  ) {
    await tmux.resize(width, height);
  }
  const small = await tmux.shows(/^ ktop +web-01[^\n]*\n── 1 filetop ─[^]*q Quit/);
  assert.doesNotMatch(small, /vfsstat/);
  await tmux.resize(80, 24);
  await tmux.shows(/── 1 filetop[^]*── 2 vfsstat[^]*── 3 dcstat[^]*── 4 runqslower/);
  await tmux.resize(120, 40);
  const large = await tmux.shows(
    /╭─ 1 filetop ─[^\n]*╭─ 2 vfsstat ─[^]*╭─ 3 dcstat ─[^\n]*╭─ 4 runqslower ─/,
  );
  assert.equal(large.trimEnd().split("\n").length, 40);
});

Deno.test("[ and { go back in time and show the rows of then, and Space returns to now", async () => {
  await using session = await Session.startDemo("--every 100000 --history 100");
  const { tmux } = session;
  const first = (screen: string): string => /│ +(\d+ \S+ +\d+ +\d+)/.exec(screen)?.[1] ?? "";
  const live = await tmux.shows(/1 filetop[^]*1\/24/);
  assert.doesNotMatch(live, /PAUSED/);
  await tmux.keys("[");
  const one = await tmux.shows(/:40 +PAUSED -1s \d\d:\d\d:39/);
  assert.notEqual(first(one), first(live));
  await tmux.keys("[", "[");
  await tmux.shows(/PAUSED -3s \d\d:\d\d:37/);
  await tmux.keys("{");
  await tmux.shows(/PAUSED -1m03s \d\d:\d\d:37/);
  await tmux.keys("}", "]", "]");
  assert.equal(first(await tmux.shows(/PAUSED -1s \d\d:\d\d:39/)), first(one));
  await tmux.keys("/", "nginx", "Enter");
  await tmux.shows(/PAUSED -1s [^]*1\/3/);
  await tmux.keys("Escape", "Space");
  const back = await until("now", () => tmux.screen(), (screen) => !screen.includes("PAUSED"));
  assert.equal(first(back), first(live));
});

Deno.test("a zoomed pane shows graphs and heat maps, and v sparklines and histograms", async () => {
  await using session = await Session.startDemo("--every 100000 --history 100", [80, 24]);
  const { tmux } = session;
  await tmux.keys("2", "z");
  await tmux.shows(/READ\/s \d+ +max [^]*│[^]*-1m[^\n]* now/);
  await tmux.keys("v");
  await tmux.shows(/READ\/s +\d+ +[▁▂▃▄▅▆▇█][^]*RMDIR\/s/);
  await tmux.keys("4");
  await tmux.shows(/COMM[^]*run-queue delay +· >0 ░[^]*16us│[^]*now/);
  await tmux.keys("v");
  await tmux.shows(/16us - 64us/);
  await tmux.keys("?", "PageDown");
  await tmux.shows(/Space resumes/);
});

Deno.test("keys zoom, sort, filter, pause, show help, switch the mouse on and change the interval", async () => {
  await using session = await Session.startDemo("--every 30 --history 30");
  const { tmux } = session;
  await tmux.shows(/4 runqslower/);
  await tmux.keys("z");
  await tmux.shows(/1 filetop[^]*1\/24/);
  await tmux.keys("s", "Down", "Down", "Enter");
  await tmux.shows(/COMM▲/);
  await tmux.keys("r");
  await tmux.shows(/COMM▼/);
  await tmux.keys("/", "NGINX");
  await tmux.shows(/Filter NGINX█ 3 rows/);
  await tmux.keys("Enter", "Space");
  await tmux.shows(/PAUSED[^]*filetop ─ \/NGINX ─[^]*1\/3/);
  await tmux.keys("Space", "Escape");
  await tmux.shows(/1\/24/);
  await tmux.keys("Escape");
  await tmux.shows(/2 vfsstat/);
  await tmux.keys("?");
  await tmux.shows(/─ Help ─[^]*Keep the rows in their order/);
  assert.equal(await tmux.format("#{mouse_any_flag}"), "0");
  await tmux.keys("Escape", "m");
  await until("mouse reports", () => tmux.format("#{mouse_any_flag}"), (flag) => flag === "1");
  await tmux.keys("+", "x", "q");
  await session.assertRestored();
  assert.match(
    await session.file("stderr"),
    /calls: (?:selectRows[^ ]* (?:\{[^ ]* )?)*setInterval 2, clear, close$/m,
  );
});
