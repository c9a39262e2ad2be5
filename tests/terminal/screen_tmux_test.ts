import assert from "node:assert/strict";
import { assertGivenBack, demoCommand, start } from "./demo_session.ts";
import { isAlive, Tmux, until } from "../support/tmux.ts";

Deno.test("runApp() shows four panes and gives the terminal back when q is pressed", async () => {
  await using session = await start("--every 50");
  const { tmux, file } = session;
  await tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
  await tmux.shows(/READ\/s +\d[^]*CONFIG_KPROBES[^]*run-queue delay/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "1 0");
  await tmux.keys("q");
  await assertGivenBack(session);
  assert.match(await file("stderr"), /calls: close$/m);
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const) {
  Deno.test(`runApp() gives the terminal back when ${signal} arrives`, async () => {
    await using session = await start();
    await session.tmux.shows(/1 filetop/);
    Deno.kill(await session.pid(), signal);
    await assertGivenBack(session);
    assert.match(await session.file("stderr"), /calls: close$/m);
  });
}

Deno.test("runApp() gives the terminal back and shows the error when an exception is thrown", async () => {
  await using session = await start("--throw-after 300");
  await session.tmux.shows(/1 filetop/);
  await assertGivenBack(session, 1);
  assert.match(await session.file("stderr"), /thrown on purpose/);
});

Deno.test("runApp() ends when the terminal is closed", async () => {
  await using session = await start("--every 20");
  await session.tmux.shows(/4 runqslower/);
  const pid = await session.pid();
  await session.tmux.close();
  await until("the end of the program", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
});

Deno.test("runApp() ends when SIGTERM arrives while the terminal takes no output", async () => {
  await using session = await start("--every 5");
  await session.tmux.shows(/4 runqslower/);
  const pid = await session.pid();
  const server = Number(await session.tmux.format("#{pid}"));
  Deno.kill(server, "SIGSTOP");
  try {
    // Its event loop goes on writing a few bytes to wake itself; a frame has thousands.
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

Deno.test("runApp() gives the terminal to the shell on Ctrl-Z and takes it again on fg", async () => {
  const dir = await Deno.makeTempDir({ prefix: "ktop-tmux-" });
  try {
    await using tmux = await Tmux.start(100, 30, "PS1='shell> ' bash --norc --noprofile -i");
    await tmux.shows(/shell>/);
    await tmux.keys(demoCommand(dir, ""), "Enter");
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
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("runApp() draws the last size after a storm of resizes, and no line is wrapped", async () => {
  await using session = await start("--every 30 --history 30");
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

Deno.test("runApp() goes back in time with [ and {, shows what was there, and goes on with Space", async () => {
  await using session = await start("--every 100000 --history 100");
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

Deno.test("runApp() shows graphs and heat maps when a pane is zoomed, and plain ones after v", async () => {
  await using session = await start("--every 100000 --history 100", [80, 24]);
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
  await tmux.shows(/Space goes on/);
});

Deno.test("runApp() focuses, zooms, sorts, filters, pauses and helps when the keys are pressed", async () => {
  await using session = await start("--every 30 --history 30");
  const { tmux, file } = session;
  await tmux.shows(/4 runqslower/);
  await tmux.keys("z");
  await tmux.shows(/1 filetop[^]*1\/24/);
  await tmux.keys("s", "Down", "Enter");
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
  await tmux.shows(/─ Help ─[^]*Freeze the order/);
  assert.equal(await tmux.format("#{mouse_any_flag}"), "0");
  await tmux.keys("Escape", "m");
  await until("mouse reports", () => tmux.format("#{mouse_any_flag}"), (flag) => flag === "1");
  await tmux.keys("+", "x", "q");
  await assertGivenBack(session);
  assert.match(await file("stderr"), /calls: setInterval 2, clear, close$/m);
});
