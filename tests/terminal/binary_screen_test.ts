/**
 * The screen of dist/ktop on the real kernel, and of the same program from source where it must fail on purpose:
 * however it ends, the terminal is as it was and no BPF program is left.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktopPrograms } from "../support/programs.ts";
import { isAlive, Tmux, until } from "../support/tmux.ts";

const BINARY = new URL("../../dist/ktop", import.meta.url).pathname;
const THROWING = new URL("./throwing.ts", import.meta.url).pathname;

interface Session extends AsyncDisposable {
  readonly tmux: Tmux;
  readonly dir: string;
  /** Programs that were there before, such as those of another ktop. */
  readonly before: readonly number[];
}

/** Runs a command in an empty directory, without an environment, between two looks at the terminal's modes. */
async function start(command: string, [width, height] = [120, 40]): Promise<Session> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-binary-" });
  await Deno.mkdir(`${dir}/empty`);
  const before = await ktopPrograms();
  const script = `cd ${dir}/empty; stty -a >${dir}/before; env -i TERM=xterm-256color LANG=C.UTF-8 ` +
    `sh -c 'echo $$ >${dir}/pid; exec ${command}' 2>${dir}/stderr; echo $? >${dir}/code; ` +
    `stty -a >${dir}/after; echo shell is back; exec cat`;
  const tmux = await Tmux.start(width as number, height as number, script);
  return {
    tmux,
    dir,
    before,
    async [Symbol.asyncDispose]() {
      await tmux[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

const read = ({ dir }: Session, name: string): Promise<string> =>
  Deno.readTextFile(`${dir}/${name}`).catch(() => "");
const pidOf = async (session: Session): Promise<number> => Number(await read(session, "pid"));

/** Waits until three panes run: their programs are in the kernel. */
async function running(session: Session): Promise<void> {
  await session.tmux.shows(/filetop[^]*tracepoint|fentry|kprobe/);
  await session.tmux.shows(/READ\/s +[<\d]/);
  await until("ktop's programs", ktopPrograms, (ids) => ids.some((id) => !session.before.includes(id)));
}

async function assertNoProgramLeft({ before }: Session): Promise<void> {
  await until("the end of ktop's programs", ktopPrograms, (ids) => ids.every((id) => before.includes(id)));
}

async function assertGivenBack(session: Session, code: number): Promise<void> {
  const { tmux, dir } = session;
  await tmux.shows(/shell is back/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag} #{wrap_flag} #{mouse_any_flag}"), "0 1 1 0");
  assert.equal(await read(session, "after"), await read(session, "before"));
  assert.equal((await read(session, "code")).trim(), String(code), await read(session, "stderr"));
  assert.deepEqual(Array.from(Deno.readDirSync(`${dir}/empty`)), []);
  await assertNoProgramLeft(session);
}

Deno.test("dist/ktop shows the panes of this kernel when it stands in an empty directory without an environment", async () => {
  await using session = await start(BINARY);
  await running(session);
  const screen = await session.tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
  if (/3 dcstat ─+ unavailable/.test(screen)) assert.match(screen, /CONFIG_KPROBES/);
  await session.tmux.shows(/run queue delay +[\d.k]+/);
  await session.tmux.keys("q");
  await assertGivenBack(session, 0);
  assert.equal(await read(session, "stderr"), "");
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const) {
  Deno.test(`dist/ktop leaves the terminal sane and no program behind when ${signal} arrives`, async () => {
    await using session = await start(BINARY);
    await running(session);
    Deno.kill(await pidOf(session), signal);
    await assertGivenBack(session, 0);
  });
}

Deno.test("dist/ktop leaves no program behind when SIGKILL ends it", async () => {
  await using session = await start(BINARY);
  await running(session);
  Deno.kill(await pidOf(session), "SIGKILL");
  await assertNoProgramLeft(session);
});

Deno.test("dist/ktop ends and leaves no program behind when its terminal is closed", async () => {
  await using session = await start(BINARY);
  await running(session);
  const pid = await pidOf(session);
  await session.tmux.close();
  await until("the end of ktop", () => Promise.resolve(isAlive(pid)), (alive) => !alive);
  await assertNoProgramLeft(session);
});

Deno.test("ktop leaves the terminal sane and no program behind when an exception is thrown on purpose", async () => {
  // From source, so it needs Deno's cache.
  const cache = `DENO_DIR=${Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`}`;
  await using session = await start(
    `env ${cache} ${Deno.execPath()} run -A --no-check --cached-only ${THROWING}`,
  );
  await assertGivenBack(session, 1);
  assert.match(await read(session, "stderr"), /thrown on purpose/);
});

Deno.test("dist/ktop shows a hostile file name escaped, and nothing of it reaches the terminal", async () => {
  const directory = await Deno.makeTempDir();
  const octal = [...new TextEncoder().encode("a\x1b]0;owned\x07\nb\u202ec")].map((byte) =>
    `\\${byte.toString(8).padStart(3, "0")}`
  );
  const writer = new Deno.Command("sh", {
    args: [
      "-c",
      `cd "$1" && exec 3> "$(printf '${octal.join("")}')" && while :; do echo x >&3; sleep 0.01; done`,
      "sh",
      directory,
    ],
  }).spawn();
  try {
    await using session = await start(`${BINARY} --panes filetop -p ${writer.pid}`);
    await session.tmux.shows(/a\\x1b\]0;owned\\a\\nb\\u202ec/);
    assert.notEqual(await session.tmux.format("#{pane_title}"), "owned");
    await session.tmux.keys("q");
    await assertGivenBack(session, 0);
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
    await Deno.remove(directory, { recursive: true });
  }
});
