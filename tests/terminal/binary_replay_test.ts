/**
 * `dist/ktop replay --demo` as whoever has no right at all.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Tmux } from "../support/tmux.ts";

const BINARY = new URL("../../dist/ktop", import.meta.url).pathname;
/** Nobody, without a capability, without an environment, in the root directory. */
const NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --no-new-privs " +
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

Deno.test("dist/ktop replay --demo plays, holds and ends for an ordinary user", async () => {
  await using tmux = await Tmux.start(
    120,
    40,
    `sh -c 'cd /; ${NOBODY} ${BINARY} replay --demo; echo code $?; exec cat'`,
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

Deno.test("dist/ktop replay --demo prints every default tool that its kernel could run", async () => {
  const { code, stdout, stderr } = await shell(`${NOBODY} ${BINARY} replay --demo --json`);
  assert.deepEqual([code, stderr], [0, ""]);
  const ticks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const tool of ["filetop", "vfsstat", "runqslower"]) {
    const rows = ticks.filter((tick) => tick.tool === tool).flatMap((tick) => tick.rows);
    assert.ok(rows.length >= 50, `${rows.length} rows of ${tool}`);
  }
});

Deno.test("dist/ktop replay --demo calls no bpf(2), loads no library and writes no file", async () => {
  const log = await Deno.makeTempFile();
  const traced = await shell(
    `strace -f -qq -o ${log} -e trace=bpf,perf_event_open,memfd_create,file ${BINARY} replay --demo -b >/dev/null`,
  );
  assert.equal(traced.code, 0, traced.stderr);
  const calls = (await Deno.readTextFile(log)).split("\n");
  await Deno.remove(log);
  assert.ok(calls.length > 10);
  const wrong = /\b(bpf|perf_event_open|memfd_create)\(|lib(bpf|elf|z)\.so.*= \d|O_CREAT|O_WRONLY|O_RDWR/;
  assert.deepEqual(calls.filter((call) => wrong.test(call) && !/"\/dev\//.test(call)), []);
});
