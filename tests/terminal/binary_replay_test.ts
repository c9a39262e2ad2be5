/**
 * `dist/ktop replay --demo` as a user without privileges.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { Tmux } from "../support/tmux.ts";
import { COMPILED_KTOP, CopiedKtop } from "./session.ts";

/** Runs a command as user 65534, without capabilities and without an environment. */
const UNPRIVILEGED =
  "setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --no-new-privs " +
  "env -i TERM=xterm-256color LANG=C.UTF-8";

async function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", `cd /; ${line}`],
    stdin: "null",
  })
    .output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("dist/ktop replay --demo plays, pauses and quits for a user without privileges", async () => {
  await using copy = await CopiedKtop.make();
  await using tmux = await Tmux.start(
    120,
    40,
    `cd /; ${UNPRIVILEGED} ${copy.path} replay --demo; echo code $?; exec cat`,
  );
  const screen = await tmux.shows(/DEMO RECORDING\n[^]*1 filetop[^]*2 vfsstat[^]*3 dcstat[^]*4 runqslower/);
  assert.match(screen, /^ ktop {2}demo /);
  await tmux.shows(/READ\/s +\d[^]*postgres/);
  await tmux.keys("$");
  await tmux.shows(/DEMO RECORDING END/);
  await tmux.keys("0");
  await tmux.shows(/ 1\/\d+ +DEMO RECORDING PAUSED/);
  await tmux.keys("Space");
  await tmux.shows(/ ([2-9]|\d\d)\/\d+ +DEMO RECORDING\n/);
  await tmux.keys("q");
  await tmux.shows(/code 0/);
});

Deno.test("dist/ktop replay --demo --json prints rows of each default tool that its kernel could run", async () => {
  await using copy = await CopiedKtop.make();
  const { code, stdout, stderr } = await shell(`${UNPRIVILEGED} ${copy.path} replay --demo --json`);
  assert.deepEqual([code, stderr], [0, ""]);
  const ticks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const tool of ["filetop", "vfsstat", "runqslower"]) {
    const rows = ticks.filter((tick) => tick.tool === tool).flatMap((tick) => tick.rows);
    assert.ok(rows.length >= 50, `${rows.length} rows of ${tool}`);
  }
});

Deno.test("dist/ktop replay --demo makes no bpf(2) call, writes no file and loads only the library that drops capabilities", async () => {
  await using directory = await TemporaryDirectory.make();
  const log = `${directory.path}/log`;
  const traced = await shell(
    `strace -f -qq -s 4096 -o ${log} -e trace=bpf,perf_event_open,memfd_create,file ${COMPILED_KTOP} replay --demo -b >/dev/null`,
  );
  assert.equal(traced.code, 0, traced.stderr);
  const calls = (await Deno.readTextFile(log)).split("\n");
  assert.ok(calls.length > 10);
  const wrong = /\b(bpf|perf_event_open|memfd_create)\(|lib(bpf|elf|z)\.so.*= \d|O_CREAT|O_WRONLY|O_RDWR/;
  const found = calls.filter((call) => wrong.test(call) && !/"\/dev\//.test(call));
  assert.deepEqual(found.map((call) => call.replace(/^\d+ +| = .*/g, "")), [
    'memfd_create("native/threads.so", MFD_CLOEXEC)',
  ]);
});
