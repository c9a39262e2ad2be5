/**
 * The screen of dist/ktop on this kernel: however it ends, the terminal is restored and no BPF program is left. Where it must
 * throw on purpose, the program runs from source.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withHostileFile } from "../support/hostile_file.ts";
import { ktopPrograms } from "../support/programs.ts";
import { isAlive, type Tmux, until } from "../support/tmux.ts";
import { COMPILED_KTOP, quoted, Session, testProgram } from "./session.ts";

interface BinarySession extends AsyncDisposable {
  readonly session: Session;
  readonly tmux: Tmux;
  /** Ids of programs of other ktop processes, loaded before. */
  readonly before: readonly number[];
}

/** Runs a command in an empty directory without an environment. */
async function start(command: string): Promise<BinarySession> {
  const before = await ktopPrograms();
  const session = await Session.start(
    'mkdir "$dir/empty" && cd "$dir/empty" && env -i TERM=xterm-256color LANG=C.UTF-8 ' +
      `sh -c 'echo $$ >"$1/pid"; shift; exec "$@"' sh "$dir" ${command}`,
  );
  return {
    session,
    tmux: session.tmux,
    before,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Waits until panes show data and programs are loaded. */
async function running({ tmux, before }: BinarySession): Promise<void> {
  await tmux.shows(/filetop[^]*tracepoint|fentry|kprobe/);
  await tmux.shows(/READ\/s +[<\d]/);
  await until("ktop's programs", ktopPrograms, (ids) => ids.some((id) => !before.includes(id)));
}

async function assertNoProgramLeft({ before }: BinarySession): Promise<void> {
  await until("the end of ktop's programs", ktopPrograms, (ids) => ids.every((id) => before.includes(id)));
}

/** Fails unless the terminal is restored, the working directory is empty, and no program is left. */
async function assertRestored(run: BinarySession, code: number): Promise<void> {
  await run.session.assertRestored(code);
  assert.deepEqual(Array.from(Deno.readDirSync(join(run.session.directory, "empty"))), []);
  await assertNoProgramLeft(run);
}

Deno.test("dist/ktop shows its panes in an empty directory without an environment", async () => {
  await using run = await start(COMPILED_KTOP);
  await running(run);
  const screen = await run.tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
  if (/3 dcstat ─+ unavailable/.test(screen)) assert.match(screen, /CONFIG_KPROBES/);
  await run.tmux.shows(/run queue delay +[\d.k]+/);
  await run.tmux.keys("q");
  await assertRestored(run, 0);
  assert.equal(await run.session.file("stderr"), "");
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const) {
  Deno.test(`dist/ktop restores the terminal and leaves no program when ${signal} arrives`, async () => {
    await using run = await start(COMPILED_KTOP);
    await running(run);
    Deno.kill(await run.session.pid(), signal);
    await assertRestored(run, 0);
  });
}

Deno.test("dist/ktop leaves no program when SIGKILL ends it", async () => {
  await using run = await start(COMPILED_KTOP);
  await running(run);
  Deno.kill(await run.session.pid(), "SIGKILL");
  await assertNoProgramLeft(run);
});

Deno.test("dist/ktop ends and leaves no program when its terminal is closed", async () => {
  await using run = await start(COMPILED_KTOP);
  await running(run);
  const pid = await run.session.pid();
  await run.tmux.close();
  await until("the end of ktop", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
  await assertNoProgramLeft(run);
});

Deno.test("ktop restores the terminal and leaves no program when an exception is thrown", async () => {
  // It runs from source, so it needs Deno's cache.
  const cache = `DENO_DIR=${quoted(Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`)}`;
  await using run = await start(`env ${cache} ${testProgram("throwing.ts")}`);
  await assertRestored(run, 1);
  assert.match(await run.session.file("stderr"), /thrown on purpose/);
});

Deno.test("dist/ktop shows a hostile file name escaped, and sends no part of it to the terminal", async () => {
  const name = new TextEncoder().encode("a\x1b]0;owned\x07\nb\u202ec");
  await withHostileFile(name, async (pid) => {
    await using run = await start(`${COMPILED_KTOP} --panes filetop -p ${pid}`);
    await run.tmux.shows(/a\\x1b\]0;owned\\a\\nb\\u202ec/);
    assert.notEqual(await run.tmux.format("#{pane_title}"), "owned");
    await run.tmux.keys("q");
    await assertRestored(run, 0);
  });
});
