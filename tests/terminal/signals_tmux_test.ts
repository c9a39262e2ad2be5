/**
 * Signals that end ktop: those that kill leave a sane terminal, and none waits for busy JavaScript.
 *
 * @module
 */
import { killIfAlive, until } from "../support/tmux.ts";
import { demo, Session, testProgram } from "./session.ts";

/** Exit code of a shell for a command that a signal killed. */
const DEADLY = {
  SIGUSR1: 138,
  SIGUSR2: 140,
  SIGALRM: 142,
  SIGABRT: 134,
  SIGSEGV: 139,
  SIGVTALRM: 154,
  SIGXCPU: 152,
} as const;

for (const [signal, code] of Object.entries(DEADLY)) {
  Deno.test(`runApp() leaves a sane terminal when ${signal} kills it`, async () => {
    await using session = await Session.startDemo();
    await session.tmux.shows(/READ\/s +[<\d]/);
    await session.tmux.keys("m"); // the mouse's modes too
    await session.tmux.shows(/Mouse|mouse/);
    Deno.kill(await session.pid(), signal as Deno.Signal);
    await session.assertRestored(code);
  });
}

Deno.test("runApp() ignores SIGPIPE", async () => {
  await using session = await Session.startDemo();
  await session.tmux.shows(/READ\/s +[<\d]/);
  const pid = await session.pid();
  Deno.kill(pid, "SIGPIPE");
  await session.tmux.keys("?");
  await session.tmux.shows(/Quit/);
  await session.tmux.keys("Escape", "q");
  await session.assertRestored(0);
});

/** Runs tests/terminal/busy.ts until it is busy. */
async function startBusy(kind: "screen" | "text"): Promise<Session> {
  const session = await Session.start(
    `sh -c 'echo $$ >"$1/pid"; shift; exec "$@"' sh "$dir" ${testProgram("busy.ts")} ${kind}`,
  );
  await until("busy JavaScript", () => session.file("stderr"), (text) => text.includes("busy"));
  return session;
}

for (const kind of ["screen", "text"] as const) {
  Deno.test(`one SIGTERM ends ktop and restores the terminal although JavaScript is busy (${kind})`, async () => {
    await using session = await startBusy(kind);
    Deno.kill(await session.pid(), "SIGTERM");
    await session.assertRestored(143);
  });

  Deno.test(`a second SIGINT ends ktop at once although JavaScript is busy (${kind})`, async () => {
    await using session = await startBusy(kind);
    const pid = await session.pid();
    const again = setInterval(() => killIfAlive(pid, "SIGINT"), 150);
    await session.assertRestored(130).finally(() => clearInterval(again));
  });
}

Deno.test("runApp() ends with 0 when the kernel and the shell both send SIGHUP", async () => {
  await using session = await Session.startDemo();
  await session.tmux.shows(/READ\/s +[<\d]/);
  const pid = await session.pid();
  Deno.kill(pid, "SIGHUP");
  killIfAlive(pid, "SIGHUP");
  await session.assertRestored(0);
});

Deno.test("runApp() ends at SIGTERM and SIGINT that it inherited as ignored, and survives an ignored SIGHUP", async () => {
  for (const [signal, ignored] of [["SIGTERM", "TERM HUP"], ["SIGINT", "INT HUP"]] as const) {
    await using session = await Session.start(`trap '' ${ignored}; ${demo('--pid-file "$dir/pid"')}`);
    const { tmux } = session;
    await tmux.shows(/READ\/s +[<\d]/);
    const pid = await session.pid();
    Deno.kill(pid, "SIGHUP");
    await tmux.keys("?");
    await tmux.shows(/Quit/);
    Deno.kill(pid, signal);
    await session.assertRestored(0);
  }
});

Deno.test("runApp() gives the terminal back to the shell when SIGTSTP stops it, and killing it then changes nothing", async () => {
  await using session = await Session.startDemo();
  await session.tmux.shows(/READ\/s +[<\d]/);
  const pid = await session.pid();
  Deno.kill(pid, "SIGTSTP");
  await until(
    "a stopped ktop",
    () => Deno.readTextFile(`/proc/${pid}/status`),
    (text) => /^State:\s+T/m.test(text),
  );
  await until(
    "the main screen",
    () => session.tmux.format("#{alternate_on} #{cursor_flag}"),
    (modes) => modes === "0 1",
  );
  Deno.kill(pid, "SIGCONT");
  await session.tmux.shows(/READ\/s +[<\d]/);
  await until("ktop's screen", () => session.tmux.format("#{alternate_on}"), (on) => on === "1");
  Deno.kill(pid, "SIGUSR1");
  await session.assertRestored(138);
});
