/**
 * The system calls of a tick of the screen, as strace shows them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { quoted } from "../support/shell.ts";
import { until } from "../support/tmux.ts";
import { KTOP, Session } from "./session.ts";

/** The read that each tick makes once. */
const TICK = /pread64\(\d+<\/proc\/loadavg>/;

/** A file of /proc that is opened. */
const OPENED = /^openat\([^"]*"(\/proc\/[^"]*)"/;

/** A program whose counters are read. */
const PROGRAM = /^bpf\(BPF_OBJ_GET_INFO_BY_FD, \{info=\{bpf_fd=(\d+)/;

/** What `pattern` matches first in each line. */
const matches = (lines: readonly string[], pattern: RegExp): string[] =>
  lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);

/** The calls of each whole tick: from one reading of /proc/loadavg to the next. */
const ticksOf = (trace: string): string[][] =>
  trace.split(new RegExp(`^(?=${TICK.source})`, "m")).slice(1, -1).map((part) => part.split("\n"));

/** The calls of `count` ticks in a row after ktop has attached: while it does, it opens files of /proc. */
async function traceTicks(session: Session, count: number): Promise<string[][]> {
  const path = join(session.directory, "trace");
  const strace = new Deno.Command("strace", {
    args: ["-y", "-e", "openat,read,pread64,lseek,ioctl,bpf", "-o", path, "-p", String(await session.pid())],
    stderr: "null",
  }).spawn();
  try {
    return await until(
      `${count} ticks that open nothing`,
      async () => ticksOf(await session.file("trace")).slice(-count),
      (ticks) =>
        ticks.length === count &&
        ticks.every((calls) => matches(calls, OPENED).length === 0 && matches(calls, PROGRAM).length > 0),
    );
  } finally {
    strace.kill("SIGINT");
    await strace.status;
  }
}

Deno.test("a tick reads each file once, opens none, reads each program's counters once and the terminal's size once", async () => {
  const run = `sh -c 'echo $$ >"$0/pid"; exec "$@"' "$dir" ${KTOP} --comm ${quoted("no such name")} -i 0.2`;
  await using session = await Session.start(run);
  await session.tmux.shows(/^ load [^]*q Quit/m);
  const ticks = await traceTicks(session, 10);
  for (const calls of ticks) {
    const read = matches(calls, /^p?read(?:64)?\(\d+<(\/proc\/[^>]+)>/);
    for (const file of ["/loadavg", "/statm", "/pressure/cpu", "/pressure/io", "/pressure/memory"]) {
      assert.equal(read.filter((path) => path.endsWith(file)).length, 1, `${file}:\n${calls.join("\n")}`);
    }
    assert.deepEqual(matches(calls, /^(lseek)/), []);
    const programs = matches(calls, PROGRAM);
    assert.deepEqual([...new Set(programs)], programs);
  }
  // A message that disappears paints one more frame.
  assert.equal(Math.min(...ticks.map((calls) => matches(calls, /(TIOCGWINSZ)/).length)), 1);
  await session.tmux.keys("q");
  await session.assertRestored();
});
