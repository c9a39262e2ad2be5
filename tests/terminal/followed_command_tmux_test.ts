/**
 * `ktop -- CMD`: the screen of a command, what becomes of its streams, and how both end.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { quoted, shellCommand } from "../support/shell.ts";
import { isAlive, until } from "../support/tmux.ts";
import { KTOP, Session } from "./session.ts";

/** Runs ktop on a shell script in a terminal. `$0` of the script is the directory of the session; its shell survives Ctrl-C. */
const start = (panes: string, script: string): Promise<Session> =>
  Session.start(
    `trap : INT; echo $$ >"$dir/shell"; ${KTOP} --no-config --panes ${panes} -- sh -c ${
      quoted(script)
    } "$dir"`,
  );

/** The process id of ktop, the only child of the session's shell. */
async function ktopPid(session: Session): Promise<number> {
  const shell = Number(await session.file("shell"));
  return Number(Deno.readTextFileSync(`/proc/${shell}/task/${shell}/children`));
}

Deno.test("ktop -- CMD shows CMD and its children from the first instruction, and no others", async () => {
  const busy = new Deno.Command("sh", { args: ["-c", "while :; do env true; sleep 0.2; done"] }).spawn();
  try {
    const script = "cat /etc/hostname; exec uname -s";
    await using session = await start("execsnoop", script);
    const { tmux } = session;
    const screen = await tmux.shows(/ sh ended with 0[^]*\/usr\/bin\/uname -s/);
    const programs = [...screen.matchAll(/^│ .* 0 (\/\S+.*?) +│$/gm)].map(([, program]) => program);
    const shell = `/usr/bin/sh -c ${script} `;
    assert.deepEqual(programs.map((program) => program!.slice(0, shell.length)), [
      "/usr/bin/uname -s",
      "/usr/bin/cat /etc/hostname",
      shell,
    ]);
    assert.match(screen, / command sh -c '/);
    await tmux.keys("q");
    await session.assertRestored(0);
    assert.match(await tmux.screen(), new RegExp(`^${Deno.hostname()}\nLinux$`, "m"));
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});

Deno.test("a pane that is chosen while CMD runs shows CMD and its children alone, too", async () => {
  const busy = new Deno.Command("sh", { args: ["-c", "while :; do env true; sleep 0.2; done"] }).spawn();
  try {
    await using session = await start("opensnoop", ": </etc/hostname; while :; do nice sleep 0.2; done");
    const { tmux } = session;
    await tmux.shows(/ sleep /);
    await tmux.keys("t");
    await tmux.shows(/type to search/);
    await tmux.keys("execsnoop");
    await tmux.shows(/ search execsnoop|execsnoop +tracepoint|execsnoop +fentry/);
    await tmux.keys("Enter");
    const screen = await tmux.shows(/(│ .* 0 \/usr\/bin\/\S+ .*\n){6}/);
    const programs = [...screen.matchAll(/^│ .* 0 \/usr\/bin\/(\S+)/gm)].map(([, program]) => program!);
    assert.deepEqual([...new Set(programs)].toSorted(), ["nice", "sleep"]);
    await tmux.keys("C-c");
    await session.assertRestored(130);
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});

Deno.test("CMD has no terminal: it reads nothing, its output is printed after the screen, its exit code is handed on", async () => {
  const script = 'read -r line || echo "read nothing"; (: </dev/tty) 2>/dev/null || echo "no terminal"; ' +
    "echo error >&2; exit 7";
  await using session = await start("execsnoop", script);
  await session.tmux.shows(/ sh ended with 7 .*PAUSED[^]* sh +\d/);
  await session.tmux.keys("q");
  await session.assertRestored(7);
  assert.match(await session.tmux.screen(), /^read nothing\nno terminal\nshell is back$/m);
  // Standard error of the session is a file, which CMD has too.
  assert.equal(await session.file("stderr"), "error\n");
});

Deno.test("the last mebibyte of CMD's output is printed from the start of a line, with a note", async () => {
  await using session = await start("execsnoop", "seq 300001");
  await session.tmux.shows(/ sh ended with 0/);
  await session.tmux.keys("q");
  await session.assertRestored(0);
  assert.match(await session.tmux.screen(), /^300000\n300001\nshell is back$/m);
  const output = Array.from({ length: 300_001 }, (_, i) => `${i + 1}\n`).join("");
  const dropped = output.indexOf("\n", output.length - 1024 * 1024) + 1;
  const note = `ktop: the first ${dropped} bytes of the output of sh were dropped\n`;
  assert.equal(await session.file("stderr"), note);
});

Deno.test("the last mebibyte of one long line of CMD is printed", async () => {
  await using session = await start("execsnoop", "head -c 2000000 /dev/zero | tr '\\0' x; echo end");
  await session.tmux.shows(/ sh ended with 0/);
  await session.tmux.keys("q");
  await session.assertRestored(0);
  assert.match(await session.tmux.screen(), /^x+end\nshell is back$/m);
  const note = `ktop: the first ${2_000_004 - 1024 * 1024} bytes of the output of sh were dropped\n`;
  assert.equal(await session.file("stderr"), note);
});

Deno.test("the screen measures a child that CMD does not wait for, for up to a second after CMD", async () => {
  const script = "(sleep 0.2; : </etc/hostname) & : </etc/os-release; exit 3";
  await using session = await start("opensnoop", script);
  const screen = await session.tmux.shows(/ sh ended with 3 .*PAUSED/);
  assert.match(screen, / \/etc\/hostname +│/);
  assert.match(screen, / \/etc\/os-release +│/);
  await session.tmux.keys("q");
  await session.assertRestored(3);
});

Deno.test("the screen says that CMD has ended if it is killed before it starts", async () => {
  await using session = await start("opensnoop", "sleep 600");
  await until("the shell", () => session.file("shell").catch(() => ""), (text) => text.endsWith("\n"));
  const ktop = await until("ktop", () => ktopPid(session), (pid) => pid > 0);
  const children = () => Deno.readTextFile(`/proc/${ktop}/task/${ktop}/children`);
  const child = await until("the process of CMD", children, (text) => text !== "");
  Deno.kill(Number(child), "SIGKILL");
  await session.tmux.shows(/ sh ended with 137/);
  await session.tmux.keys("q");
  await session.assertRestored(137);
});

/** Traps with exit codes that depend on the signal, and a child in the foreground that such a signal ends. */
const TRAPS = 'trap "exit 5" INT; trap "exit 6" TERM; trap "exit 8" HUP; : </etc/hostname; sleep 600';

/** Starts a command that waits for a signal. */
async function startWaiting(): Promise<Session> {
  const session = await start("opensnoop", `echo $$ >"$0/command"; ${TRAPS}`);
  await session.tmux.shows(/ \/etc\/hostname +│/);
  return session;
}

Deno.test("q leaves the screen, ktop waits for CMD, and Ctrl-C then interrupts it", async () => {
  await using session = await startWaiting();
  const command = (await session.file("command")).trim();
  await session.tmux.keys("q");
  await until("a note", () => session.file("stderr"), (text) => text !== "");
  assert.equal(
    await session.file("stderr"),
    `ktop: waiting for sh (process ${command}) to end; Ctrl-C interrupts it, Ctrl-\\ quits it\n`,
  );
  assert.ok(isAlive(Number(command)));
  await session.tmux.keys("C-c");
  await session.assertRestored(5);
});

Deno.test("Ctrl-C on the screen interrupts CMD and its children, and ends the screen", async () => {
  await using session = await startWaiting();
  await session.tmux.keys("C-c");
  await session.assertRestored(5);
});

for (const [signal, code] of [["SIGTERM", 6], ["SIGINT", 5], ["SIGHUP", 8]] as const) {
  Deno.test(`${signal} to ktop reaches CMD and its children, and ends the screen`, async () => {
    await using session = await startWaiting();
    Deno.kill(await ktopPid(session), signal);
    await session.assertRestored(code);
  });
}

Deno.test("CMD gets SIGHUP when the terminal is closed, and ktop ends with it", async () => {
  await using session = await startWaiting();
  const ktop = await ktopPid(session);
  const command = Number(await session.file("command"));
  await session.tmux.close();
  await until("the end of both", () => Promise.resolve([ktop, command].some(isAlive)), (alive) => !alive);
});

Deno.test("ktop outlives a CMD that ignores signals, after the screen", async () => {
  const script = `trap "" INT TERM; echo $$ >"$0/command"; : </etc/hostname; read -r line <"$0/fifo"; exit 4`;
  await using session = await Session.start(
    `echo $$ >"$dir/shell"; mkfifo "$dir/fifo"; ` +
      `${KTOP} --no-config --panes opensnoop -- sh -c ${quoted(script)} "$dir"`,
  );
  await session.tmux.shows(/ \/etc\/hostname +│/);
  const ktop = await ktopPid(session);
  Deno.kill(ktop, "SIGTERM");
  await until("a note", () => session.file("stderr"), (text) => text.includes("waiting for sh"));
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.kill(ktop, signal);
  await Deno.writeTextFile(join(session.directory, "fifo"), "end\n");
  await session.assertRestored(4);
});

/** Waits until both processes are in one of these states of proc_pid_stat(5). */
const untilState = (states: RegExp, pids: readonly number[]): Promise<unknown> =>
  until(
    `the state ${states}`,
    () => Promise.all(pids.map((pid) => Deno.readTextFile(`/proc/${pid}/stat`))),
    (stats) => stats.every((stat) => states.test(stat.slice(stat.lastIndexOf(")") + 2)[0]!)),
  );

Deno.test("Ctrl-Z suspends ktop and CMD, and both continue", async () => {
  await using session = await startWaiting();
  const both = [await ktopPid(session), Number(await session.file("command"))];
  await session.tmux.keys("C-z");
  await untilState(/T/, both);
  Deno.kill(both[0]!, "SIGCONT");
  await untilState(/[RS]/, both);
  await session.tmux.keys("q");
  await until("a note", () => session.file("stderr"), (text) => text !== "");
  await session.tmux.keys("C-z");
  await untilState(/T/, both);
  Deno.kill(both[0]!, "SIGCONT");
  await untilState(/[RS]/, both);
  await session.tmux.keys("C-c");
  await session.assertRestored(5);
});

Deno.test("Ctrl-C also ends a CMD that is stopped", async () => {
  const script = 'echo $$ >"$0/command"; trap "exit 5" INT; : </etc/hostname; kill -STOP $$; sleep 600';
  await using session = await start("opensnoop", script);
  await session.tmux.shows(/ \/etc\/hostname +│/);
  await untilState(/T/, [Number(await session.file("command"))]);
  await session.tmux.keys("q");
  await until("a note", () => session.file("stderr"), (text) => text !== "");
  await session.tmux.keys("C-c");
  await session.assertRestored(5);
});

Deno.test("a child that outlives CMD and ktop can write to the terminal", async () => {
  const child = 'until [ -e "$0/go" ]; do sleep 0.1; done; echo from the child; echo alive >"$0/alive"';
  await using session = await start("opensnoop", `setsid sh -c ${quoted(child)} "$0" & : </etc/hostname`);
  await session.tmux.shows(/ sh ended with 0/);
  await session.tmux.keys("q");
  await session.assertRestored(0);
  await Deno.writeTextFile(join(session.directory, "go"), "");
  await session.tmux.shows(/^from the child$/m);
  await until("a file", () => session.file("alive").catch(() => ""), (text) => text === "alive\n");
});

Deno.test("a note after output that ends within a line is on a separate line", async () => {
  const script = ": </etc/hostname; printf unfinished; sleep 600";
  await using session = await Session.start(
    `trap : INT; ${KTOP} --no-config --panes opensnoop -- sh -c ${quoted(script)} 2>/dev/tty`,
  );
  await session.tmux.shows(/ \/etc\/hostname +│/);
  await session.tmux.keys("q");
  await session.tmux.shows(/^unfinished\nktop: waiting for sh \(process/m);
  await session.tmux.keys("C-c");
  await session.assertRestored(130);
});

Deno.test("a CMD that cannot be executed is reported before the screen opens", async () => {
  for (
    const [command, code, stderr] of [
      [["nonsense"], 127, "ktop: nonsense: not found\n"],
      [["/etc"], 126, "ktop: /etc: is a directory\n"],
    ] as const
  ) {
    await using session = await Session.start(`${KTOP} --no-config -- ${shellCommand(command)}`);
    await session.assertRestored(code);
    assert.equal(await session.file("stderr"), stderr);
    assert.equal((await session.tmux.screen()).trim(), "shell is back");
  }
});
