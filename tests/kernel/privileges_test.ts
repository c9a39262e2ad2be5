/**
 * The capabilities of every thread of ktop once its tools are attached, as /proc/PID/task/TID/status shows them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktopCommand, MAIN, REPOSITORY, RunningKtop, untilExit } from "../support/ktop.ts";
import { changePanes } from "../support/pane_changes.ts";
import { programsOf } from "../support/programs.ts";
import { assertReduced, ATTACHING, bits, CapabilityWatch, threadsOf } from "../support/threads.ts";
import { Tmux, until } from "../support/tmux.ts";

const DAC_OVERRIDE = bits(1);
const DAC_READ_SEARCH = bits(2);
const SYS_PTRACE = bits(19);
const SYS_ADMIN = bits(21);
/** Names functions in stacks of all processes: with CAP_CHECKPOINT_RESTORE. */
const NAMING = DAC_READ_SEARCH | SYS_PTRACE | bits(40);
const SCREEN = ATTACHING | NAMING | bits(34); // CAP_SYSLOG

/** What output keeps on this kernel: kernels that refuse bpf(2) without CAP_BPF need it to read maps. */
async function keptByOutput(): Promise<bigint> {
  const { stdout } = await ktopCommand(["doctor", "--json"]).output();
  const { output } = JSON.parse(new TextDecoder().decode(stdout)).kept;
  return output.length === 0 ? 0n : bits(39);
}

for (
  const args of [
    ["vfsstat", "-i", "0.2"],
    ["opensnoop"],
    ["filetop", "--json", "-i", "0.2"],
    ["filetop", "--csv", "-i", "0.2"],
    ["--json", "-i", "0.2"],
    ["-b", "-i", "0.2"],
    ["vfsstat", "--cost", "-i", "0.2"],
  ]
) {
  Deno.test(`ktop ${args.join(" ")} runs without capabilities in any thread, and counts`, async () => {
    const kept = await keptByOutput();
    const run = new RunningKtop(args);
    await assertReduced(run.pid, kept);
    const watch = new CapabilityWatch(run.pid, kept);
    for (let count = 0; count < 4; count++) {
      Deno.readTextFileSync("/proc/self/stat"); // an event for opensnoop
      await run.line();
    }
    await watch.assertNoneCameBack();
    const { code, stderr } = await run.end("SIGTERM");
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /CAP_|privileges|ETIMEDOUT/);
  });
}

Deno.test("ktop record runs without capabilities in any thread, and its file can be replayed", async () => {
  const kept = await keptByOutput();
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/ticks.gz`;
  const child = ktopCommand(["record", file, "-i", "0.2"]).spawn();
  await assertReduced(child.pid, kept);
  const watch = new CapabilityWatch(child.pid, kept);
  await until("ticks", () => Deno.stat(file), ({ size }) => size > 500);
  await watch.assertNoneCameBack();
  child.kill("SIGTERM");
  assert.equal((await untilExit(child, child.output())).code, 0);
  assert.equal((await ktopCommand(["replay", file, "--json"]).output()).code, 0);
});

/**
 * A screen in tmux, by default the live one, with `directory` as working directory. It runs from a mount of the repository below
 * it: without capabilities, root cannot read modules and BPF objects below a directory that another user has closed.
 */
async function startScreen(
  directory: string,
  { args = "--no-config", before = ":", through = "" }: {
    readonly args?: string;
    readonly before?: string;
    readonly through?: string;
  } = {},
): Promise<{ tmux: Tmux; pid: number }> {
  const mounted = `${directory}/repository`;
  const prepare = `mkdir '${mounted}'; mount --bind '${REPOSITORY}' '${mounted}'`;
  const deno = `env DENO_DIR='${Deno.env.get("DENO_DIR") ?? ""}' '${Deno.execPath()}'`;
  const command = `exec ${through} ${deno} run -A --no-check '${MAIN}' ${args}`.replaceAll(
    REPOSITORY,
    mounted,
  );
  const script = `cd '${directory}' && unshare -m sh -c 'echo $$ >pid; exec "$0"' '${directory}/run'`;
  await Deno.writeTextFile(`${directory}/run`, `#!/bin/sh\n${before}\n${prepare}\n${command}\n`, {
    mode: 0o755,
  });
  const tmux = await Tmux.start(120, 40, script);
  const pid = await until(
    "pid",
    () => Deno.readTextFile(`${directory}/pid`).catch(() => ""),
    (text) => text !== "",
  );
  return { tmux, pid: Number(pid) };
}

Deno.test("the screen keeps what panes need in every thread, and attaches, measures and writes with it", async () => {
  await using directory = await TemporaryDirectory.make();
  const { tmux, pid } = await startScreen(directory.path);
  await using _ = tmux;
  await assertReduced(pid, SCREEN);
  const shows = (what: string, pattern: RegExp) =>
    until(what, () => tmux.screen(), (text) => pattern.test(text));
  await shows("four panes", /1 filetop[^]*4 runqslower/);
  const before = new Set(programsOf(pid));
  await tmux.keys("a"); // re-attaches filetop
  await until(
    "new programs",
    () => Promise.resolve(programsOf(pid)),
    (now) => now.some((id) => !before.has(id)),
  );
  await shows("filetop", /filetop ─ all-types ─+ (fentry|kprobe|tracepoint)/);
  await tmux.keys("c");
  await shows("the cost of programs", /5 probes[^]*EVENTS\/s[^]*\n. \S+ +[\d.]+ +[1-9]/);
  assert.doesNotMatch(await tmux.screen(), /CAP_SYS_ADMIN/);
  await tmux.keys("w");
  await shows("a written screen", /Wrote ktop-/);
  await assertReduced(pid, SCREEN);
  await tmux.keys("q");
});

Deno.test("no capability comes back to the screen when panes are opened, closed, reopened and get other flags", async () => {
  await using directory = await TemporaryDirectory.make();
  const { tmux, pid } = await startScreen(directory.path);
  await using _ = tmux;
  await assertReduced(pid, SCREEN);
  await tmux.shows(/1 filetop[^]*4 runqslower/);
  const watch = new CapabilityWatch(pid, SCREEN);
  await changePanes(tmux, pid);
  await watch.assertNoneCameBack();
});

Deno.test("the screen keeps CAP_SYS_ADMIN where it takes the place of CAP_BPF, and attaches panes with it", async () => {
  await using directory = await TemporaryDirectory.make();
  const { tmux, pid } = await startScreen(directory.path, {
    through: "setpriv --bounding-set=-bpf,-perfmon",
  });
  await using _ = tmux;
  await assertReduced(pid, SYS_ADMIN | NAMING | bits(34));
  await tmux.shows(/1 filetop[^]*4 runqslower/);
  await changePanes(tmux, pid);
});

/** A user who is not root. */
const USER = 65534;

Deno.test("the screen keeps CAP_DAC_OVERRIDE in a directory of another user, and w writes there", async () => {
  await using directory = await TemporaryDirectory.make();
  await Deno.chown(directory.path, USER, USER);
  const { tmux, pid } = await startScreen(directory.path, { args: "--no-config --panes vfsstat" });
  await using _ = tmux;
  await assertReduced(pid, SCREEN | DAC_OVERRIDE);
  await tmux.keys("w");
  await tmux.shows(/Wrote ktop-/);
});

Deno.test("the screen keeps CAP_DAC_OVERRIDE in a directory of root behind one that is closed to root, and w writes there", async () => {
  await using outer = await TemporaryDirectory.make();
  const path = `${outer.path}/inner`;
  await Deno.mkdir(path);
  await Deno.chmod(outer.path, 0o700);
  await Deno.chown(outer.path, USER, USER);
  const { tmux, pid } = await startScreen(path, { args: "--no-config --panes vfsstat" });
  await using _ = tmux;
  await assertReduced(pid, SCREEN | DAC_OVERRIDE);
  await tmux.keys("w");
  await tmux.shows(/Wrote ktop-/);
});

Deno.test("the screen keeps CAP_DAC_READ_SEARCH when a pane is configured to watch directories", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/config.toml`;
  await Deno.writeTextFile(file, '[tools.dirtop]\nflags = { directories = "/tmp" }\n', { mode: 0o600 });
  const { tmux, pid } = await startScreen(directory.path, { args: `--config '${file}' --panes vfsstat` });
  await using _ = tmux;
  await assertReduced(pid, SCREEN | DAC_READ_SEARCH);
});

Deno.test("the screen shows why the form of flags cannot use a directory that is closed to root", async () => {
  await using directory = await TemporaryDirectory.make();
  const closed = `${directory.path}/closed`;
  await Deno.mkdir(`${closed}/inner`, { recursive: true });
  await Deno.chmod(closed, 0o700);
  await Deno.chown(closed, USER, USER);
  const { tmux, pid } = await startScreen(directory.path, {
    args: "--no-config --panes filetop",
    through: "setpriv --bounding-set=-dac_read_search",
  });
  await using _ = tmux;
  await assertReduced(pid, SCREEN & ~DAC_READ_SEARCH);
  await tmux.keys("e");
  await tmux.shows(/Flags of filetop/);
  await tmux.keys("Down");
  await tmux.shows(/directory +█/);
  await tmux.paste("closed/inner");
  await tmux.shows(/closed\/inner█/);
  await tmux.keys("Enter");
  await tmux.shows(/closed\/inner cannot be read: permission denied\./);
});

Deno.test("the screen keeps CAP_SYS_PTRACE where /proc hides processes, and shows those of other users", async () => {
  await using directory = await TemporaryDirectory.make();
  const reader = new Deno.Command("sh", {
    args: ["-c", "while :; do : </dev/null; done"],
    uid: USER,
    cwd: "/",
  })
    .spawn();
  try {
    const { tmux, pid } = await startScreen(directory.path, {
      args: `--no-config --panes opensnoop -p ${reader.pid}`,
      before: "mount -t proc -o hidepid=2 proc /proc",
    });
    await using _ = tmux;
    await assertReduced(pid, SCREEN | SYS_PTRACE);
    await tmux.shows(/null/);
    await tmux.keys("d");
    await tmux.shows(/while :; do/);
  } finally {
    reader.kill("SIGKILL");
    await reader.status;
  }
});

/** Makes a recording of one tool. */
async function record(directory: string): Promise<string> {
  const file = `${directory}/ticks`;
  const { code, stderr } = await ktopCommand([
    "record",
    file,
    "--tools",
    "vfsstat",
    "-i",
    "0.1",
    "--count",
    "3",
  ])
    .output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return file;
}

for (const [what, args] of [["--demo", "--demo"], ["FILE", "FILE --no-config"]] as const) {
  Deno.test(`ktop replay ${what} by root runs without capabilities in any thread, and writes its screen`, async () => {
    await using directory = await TemporaryDirectory.make();
    const file = await record(directory.path);
    const { tmux, pid } = await startScreen(directory.path, { args: `replay ${args.replace("FILE", file)}` });
    await using _ = tmux;
    await assertReduced(pid, 0n);
    await tmux.shows(/vfsstat/);
    await tmux.keys("w");
    await tmux.shows(/Wrote ktop-/);
  });
}

Deno.test("ktop replay by root keeps the capabilities that the recording and the directory of another user require", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = await record(directory.path);
  await Deno.chown(file, USER, USER);
  await Deno.chown(directory.path, USER, USER);
  const { tmux, pid } = await startScreen(directory.path, { args: `replay ${file}` });
  await using _ = tmux;
  await assertReduced(pid, DAC_OVERRIDE | DAC_READ_SEARCH);
  await tmux.shows(/vfsstat/);
  await tmux.keys("0"); // reads from the start again
  await tmux.keys("w");
  await tmux.shows(/Wrote ktop-/);
});

Deno.test("ktop replay --json by root has dropped its capabilities before it reads the recording", async () => {
  const run = new RunningKtop(["replay", "-", "--json"], { stdin: "piped" });
  await assertReduced(run.pid, 0n);
  await run.type("");
  assert.equal((await run.exit()).code, 1);
});

Deno.test("the process that switches statistics on has CAP_SYS_ADMIN alone, and ends with the screen", async () => {
  await using directory = await TemporaryDirectory.make();
  const { tmux, pid } = await startScreen(directory.path);
  await using _ = tmux;
  await assertReduced(pid, SCREEN);
  const helper = [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).find((id) => {
    try {
      const status = Deno.readTextFileSync(`/proc/${id}/status`);
      return status.startsWith("Name:\tktop-stats\n") && status.includes(`\nPPid:\t${pid}\n`);
    } catch {
      return false;
    }
  });
  assert.ok(helper, "the process exists");
  assert.deepEqual(threadsOf(helper), [
    { name: "ktop-stats", sets: [0n, SYS_ADMIN, SYS_ADMIN, SYS_ADMIN, 0n], noNewPrivileges: true },
  ]);
  Deno.kill(pid, "SIGKILL");
  await until("the end of the process", () => Promise.resolve(hasEnded(helper)), (ended) => ended);
});

/** True once a process has ended. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return true;
  }
}
