/**
 * The screen of dist/ktop on this kernel: however it ends, the terminal is restored and no BPF program is left. Where it must
 * throw on purpose, the program runs from source.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withHostileFile } from "../support/hostile_file.ts";
import { loadedPrograms, programsOf } from "../support/programs.ts";
import { isAlive, type Tmux, until } from "../support/tmux.ts";
import { COMPILED_KTOP, Session, testProgram } from "./session.ts";
import { quoted } from "../support/shell.ts";

interface BinarySession extends AsyncDisposable {
  readonly session: Session;
  readonly tmux: Tmux;
}

/** Runs a command in an empty directory without an environment. */
async function start(command: string): Promise<BinarySession> {
  const session = await Session.start(
    'mkdir "$dir/empty" && cd "$dir/empty" && env -i TERM=xterm-256color LANG=C.UTF-8 ' +
      `sh -c 'echo $$ >"$1/pid"; shift; exec "$@"' sh "$dir" ${command}`,
  );
  return {
    session,
    tmux: session.tmux,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Waits until panes show data, and returns the ids of the programs that ktop loaded. */
async function running({ session, tmux }: BinarySession): Promise<number[]> {
  await tmux.shows(/filetop[^]*(?:tracepoint|fentry|kprobe)/);
  await tmux.shows(/READ\/s +[<\d]/);
  const programs = programsOf(await session.pid());
  assert.ok(programs.length > 0);
  return programs;
}

async function assertNotLoaded(programs: readonly number[]): Promise<void> {
  await until(
    "the end of ktop's programs",
    loadedPrograms,
    (ids) => !programs.some((id) => ids.includes(id)),
  );
}

/** Fails unless the terminal is restored, the working directory is empty, and none of the programs is left. */
async function assertRestored(run: BinarySession, code: number, programs: readonly number[]): Promise<void> {
  await run.session.assertRestored(code);
  assert.deepEqual(Array.from(Deno.readDirSync(join(run.session.directory, "empty"))), []);
  await assertNotLoaded(programs);
}

Deno.test("dist/ktop shows its panes in an empty directory without an environment", async () => {
  await using run = await start(COMPILED_KTOP);
  const programs = await running(run);
  const screen = await run.tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 (dcstat|biolatency)[^]*4 runqslower/);
  if (/3 biolatency/.test(screen)) {
    assert.match(screen, /dcstat cannot run on this kernel: biolatency replaces it/);
  }
  await run.tmux.shows(/run queue delay +[\d.k]+/);
  await run.tmux.keys("q");
  await assertRestored(run, 0, programs);
  assert.equal(await run.session.file("stderr"), "");
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const) {
  Deno.test(`dist/ktop restores the terminal and leaves no program when ${signal} arrives`, async () => {
    await using run = await start(COMPILED_KTOP);
    const programs = await running(run);
    Deno.kill(await run.session.pid(), signal);
    await assertRestored(run, 0, programs);
  });
}

Deno.test("dist/ktop leaves no program when SIGKILL ends it", async () => {
  await using run = await start(COMPILED_KTOP);
  const programs = await running(run);
  Deno.kill(await run.session.pid(), "SIGKILL");
  await assertNotLoaded(programs);
});

Deno.test("dist/ktop ends and leaves no program when its terminal is closed", async () => {
  await using run = await start(COMPILED_KTOP);
  const programs = await running(run);
  const pid = await run.session.pid();
  await run.tmux.close();
  await until("the end of ktop", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
  await assertNotLoaded(programs);
});

Deno.test("ktop restores the terminal and leaves no program when an exception is thrown", async () => {
  // It runs from source, so it needs Deno's cache.
  const cache = `DENO_DIR=${quoted(Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`)}`;
  await using run = await start(`env ${cache} ${testProgram("throwing.ts")}`);
  await run.tmux.shows(/shell is back/);
  const stderr = await run.session.file("stderr");
  assert.match(stderr, /thrown on purpose/);
  const programs = /^programs (\d[\d ]*)$/m.exec(stderr)?.[1]?.split(" ").map(Number);
  assert.ok(programs, stderr);
  await assertRestored(run, 1, programs);
});

Deno.test("dist/ktop shows a hostile file name escaped, and sends no part of it to the terminal", async () => {
  const name = new TextEncoder().encode("a\x1b]0;owned\x07\nb\u202ec");
  await withHostileFile(name, async (pid) => {
    await using run = await start(`${COMPILED_KTOP} --panes filetop -p ${pid}`);
    await run.tmux.shows(/a\\x1b\]0;owned\\a\\nb\\u202ec/);
    assert.notEqual(await run.tmux.format("#{pane_title}"), "owned");
    const programs = programsOf(await run.session.pid());
    await run.tmux.keys("q");
    await assertRestored(run, 0, programs);
  });
});
