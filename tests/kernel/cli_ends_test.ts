/**
 * How runs end: signals, pipes that are closed, slow or full, and a full disk.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop, ktopCommand, RunningKtop, untilExit } from "../support/ktop.ts";
import { programsOf } from "../support/programs.ts";
import { losses, rowsOf } from "../support/ticks.ts";
import { killIfAlive } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";

Deno.test("ktop says once that the process it is restricted to has ended, and goes on", async () => {
  for (const args of [["vfsstat"], ["opensnoop"], ["--panes", "vfsstat"]]) {
    const child = new Deno.Command("sleep", { args: ["infinity"] }).spawn();
    const run = new RunningKtop([...args, "--json", "-i", "0.1", "-p", String(child.pid)]);
    await run.tick();
    child.kill();
    await child.status;
    for (let i = 0; i < 3; i++) await run.tick();
    const { code, stderr } = await run.finish();
    assert.deepEqual({ args, code, stderr }, {
      args,
      code: 0,
      stderr: `ktop: process ${child.pid} has ended\n`,
    });
  }
});

Deno.test("ktop says that the process it is restricted to has ended while the tools attached", async () => {
  for (const args of [["filetop"], ["record", "-", "--tools", "filetop"], ["-b", "--panes", "filetop"]]) {
    const child = new Deno.Command("sleep", { args: ["infinity"] }).spawn();
    const run = ktopCommand([...args, "--count", "1", "-i", "0.1", "-p", String(child.pid)]).spawn();
    while (programsOf(run.pid).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    Deno.kill(run.pid, "SIGSTOP");
    child.kill();
    await child.status;
    Deno.kill(run.pid, "SIGCONT");
    const { code, stderr } = await run.output();
    assert.deepEqual({ args, code, stderr: new TextDecoder().decode(stderr) }, {
      args,
      code: 0,
      stderr: `ktop: process ${child.pid} has ended\n`,
    });
  }
});

Deno.test("ktop says that a process has ended which /proc hides since ktop dropped its capabilities", async () => {
  const child = new Deno.Command("setpriv", {
    args: ["--reuid", "1000", "--clear-groups", "sleep", "infinity"],
  })
    .spawn();
  const hiding = 'mount -t proc -o hidepid=2,gid=65534 proc /proc && exec "$@"';
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1", "-p", String(child.pid)], {
    through: ["unshare", "--mount", "sh", "-c", hiding, "sh"],
  });
  for (let i = 0; i < 3; i++) await run.tick();
  Deno.kill(run.pid, "SIGSTOP");
  const hidden = await new Deno.Command("nsenter", {
    args: [
      "--target",
      String(run.pid),
      "--mount",
      "setpriv",
      "--inh-caps=-all",
      "--bounding-set=-all",
      "ls",
      "/proc",
    ],
  }).output();
  assert.ok(!new TextDecoder().decode(hidden.stdout).split("\n").includes(String(child.pid)), "it is hidden");
  Deno.kill(run.pid, "SIGCONT");
  await run.tick();
  child.kill();
  await child.status;
  for (let i = 0; i < 3; i++) await run.tick();
  assert.equal((await run.finish()).stderr, `ktop: process ${child.pid} has ended\n`);
});

Deno.test("a process has not ended while one of its threads runs; its first thread has", async () => {
  const workload = await Workload.start("leader");
  const start = (tool: string, option: string) =>
    new RunningKtop([tool, "--json", "-i", "0.1", option, String(workload.pid)]);
  const [before, after, thread] = [start("vfsstat", "-p"), start("vfsstat", "-p"), start("opensnoop", "-t")];
  for (const run of [before, after, thread]) for (let i = 0; i < 3; i++) await run.tick();
  assert.equal((await thread.finish()).stderr, `ktop: thread ${workload.pid} has ended\n`);
  assert.equal((await before.finish()).stderr, "");
  await workload.run();
  for (let i = 0; i < 3; i++) await after.tick();
  assert.equal((await after.finish()).stderr, `ktop: process ${workload.pid} has ended\n`);
});

Deno.test("SIGINT, SIGTERM and SIGHUP end a run with 0 and no message", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"]);
    await run.tick();
    const { code, stderr } = await run.finish(signal);
    assert.deepEqual({ signal, code, stderr }, { signal, code: 0, stderr: "" });
  }
});

Deno.test("a run under nohup survives SIGHUP and ends at SIGTERM", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: ["nohup"] });
  await run.tick();
  Deno.kill(run.pid, "SIGHUP");
  for (let i = 0; i < 3; i++) await run.tick();
  assert.equal((await run.finish("SIGTERM")).code, 0);
});

/** Runs a command whose standard output is a full pipe without a reader. */
const STALLED = [
  "bash",
  "-c",
  'd=$(mktemp -d); mkfifo "$d/p"; exec 3<>"$d/p"; rm -r "$d"; head -c 65536 /dev/zero >&3; exec "$@" >&3',
  "stalled",
];

/** Whether a thread of a process is in a write to standard output (proc_pid_syscall(5)). */
function isWriting(pid: number): boolean {
  return Array.from(Deno.readDirSync(`/proc/${pid}/task`)).some(({ name }) => {
    try {
      return /^\d+ 0x1 /.test(Deno.readTextFileSync(`/proc/${pid}/task/${name}/syscall`));
    } catch {
      return false; // the thread has ended
    }
  });
}

Deno.test("SIGTERM ends a run whose reader has stopped reading, with 0 and a message", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!isWriting(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { code, stderr } = await run.end("SIGTERM");
  assert.deepEqual([code, stderr], [
    0,
    "ktop: the reader of standard output stopped reading; the last lines were dropped\n",
  ]);
});

/** Copies a line, then at most 64 KiB every 150 ms. */
const SLOW_READER = "$| = 1; print scalar <STDIN>; " +
  "while (sysread(STDIN, $text, 65536)) { print $text; select(undef, undef, undef, 0.15) }";

/** Runs a command with that reader. */
const SLOW = ["bash", "-c", `exec "$@" > >(exec perl -e '${SLOW_READER}')`, "slow"];

Deno.test("a slow reader receives everything after SIGINT, however long it takes", async () => {
  const made = 40_009;
  const work = await Workload.start("flood", [String(made)]);
  const run = new RunningKtop(["opensnoop", "--json", "-i", "1", "-p", String(work.pid)], { through: SLOW });
  await run.tick();
  await work.run();
  const { ticks, code, stderr } = await run.finish();
  assert.deepEqual([code, stderr], [0, `ktop: process ${work.pid} has ended\n`]);
  assert.equal(rowsOf(ticks).length + losses(ticks).events, made);
});

Deno.test("a second SIGINT ends a run at once when its reader has stopped reading", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!isWriting(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  Deno.kill(run.pid, "SIGINT");
  // Repeated: until the first signal has removed the handler, the second has no effect.
  const again = setInterval(() => killIfAlive(run.pid, "SIGINT"), 50);
  const { code, stderr } = await run.end("SIGINT").finally(() => clearInterval(again));
  assert.deepEqual([code, stderr], [130, ""]);
});

Deno.test("ktop exits with 1 and a message when standard output is full", async () => {
  const through = ["sh", "-c", 'exec "$@" > /dev/full', "full"];
  for (const args of [["vfsstat", "0.1", "2"], ["list"]]) {
    const { code, stderr } = await ktop(args, { through });
    assert.deepEqual([code, stderr.split("\n")[0]], [
      1,
      "ktop: Cannot write to standard output: no space is left on the device.",
    ]);
  }
});

Deno.test("a closed pipe ends a run with 0 and no message", async () => {
  const child = ktopCommand(["vfsstat", "--json", "-i", "0.1"]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([(await untilExit(child, child.status)).code, await new Response(child.stderr).text()], [
    0,
    "",
  ]);
});

Deno.test("--help exits with 0 when the reader of its output has exited", async () => {
  const child = ktopCommand(["--help"]).spawn();
  await child.stdout.cancel();
  const { code, stderr } = {
    code: (await untilExit(child, child.status)).code,
    stderr: await new Response(child.stderr).text(),
  };
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});
