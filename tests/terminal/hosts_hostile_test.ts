/**
 * `ktop @HOST` with a program in place of ssh that sends what a hostile host might.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";
import { RUN_KTOP } from "../support/ktop.ts";
import { runMeasured } from "../support/process_memory.ts";
import { quoted } from "../support/shell.ts";
import { until } from "../support/tmux.ts";
import { recordedText } from "./recorded.ts";
import { KTOP, Session } from "./session.ts";

/** The most memory that a refusal may take, bytes. Deno alone takes about 65 MB. */
const MAX_RSS = 220e6;

/** What a host sends, by its name: a shell command. `$dir` has `recording`, three minutes of ticks, and its first line in `header`. */
const HOSTS: Readonly<Record<string, string>> = {
  good: `cat "$dir/recording"; exec sleep 1000`,
  garbage: "head -c 1000000 /dev/urandom",
  escapes: String.raw`printf '\033]0;owned\007\033[2J\033[31mhello\n'`,
  endless: "tr '\\0' x </dev/zero",
  longline: `cat "$dir/header"; tr '\\0' x </dev/zero`,
  newlines: `cat "$dir/header"; tr '\\0' '\\n' </dev/zero`,
  version: String.raw`printf '{"format":"ktop-recording","v":2,"ktop":"9.0.0"}\n'; exec sleep 1000`,
  errors: String.raw`printf '\033[2J\033]0;owned\007Permission denied\r\n' >&2; exit 255`,
  flood: `head -c 50000000 /dev/zero | tr '\\0' '\\033' >&2; exit 255`,
  nothing: "exit 0",
  header: String
    .raw`printf '{"format":"ktop-recording","v":1,"host":"\\u001b[31mx","kernel":"\\u001b[2J","started":"2026-11-20T18:00:00Z","tools":[]}\n'`,
};

/** What hosts send that are not hostile, and not well. */
const ILL_HOSTS: Readonly<Record<string, string>> = {
  late: `sleep 5; echo "late: no route" >&2; exit 255`,
  partial: String
    .raw`printf '{"format":"ktop-recording","v":1,"host":"p","started":"2026-11-20T18:00:00Z","tools":[{"tool":"filetop","reason":"No kprobes.","remedy":""},{"tool":"vfsstat","tier":"fentry","missing":["open"]}]}\n'; sleep 2; printf '{"tick":1,"time":"2026-11-20T18:00:01Z"}\n'`,
};

/** A program in place of ssh: the destination is the word before the last. */
async function fakeSsh(directory: string): Promise<string> {
  const path = join(directory, "fake ssh".replace(" ", "-"));
  const cases = Object.entries({ ...HOSTS, ...ILL_HOSTS }).map(([name, command]) => `${name}) ${command};;`)
    .join("\n");
  const recording = recordedText(180);
  await Deno.writeTextFile(join(directory, "recording"), recording);
  await Deno.writeTextFile(join(directory, "header"), recording.slice(0, recording.indexOf("\n") + 1));
  await Deno.writeTextFile(
    path,
    `#!/bin/sh\ndir=${quoted(directory)}\nwhile [ $# -gt 2 ]; do shift; done\ncase $1 in\n${cases}\nesac\n`,
    { mode: 0o755 },
  );
  return path;
}

const REFUSALS: readonly [host: string, sentence: RegExp][] = [
  ["garbage", /^ktop: garbage: it sent something else than ktop does: /],
  [
    "escapes",
    /^ktop: escapes: it sent something else than ktop does: \\x1b\]0;owned\\a\\x1b\[2J\\x1b\[31mhello\\n\. /,
  ],
  ["endless", /^ktop: endless: it sent something else than ktop does: x{60}\. /],
  [
    "version",
    /^ktop: version: its recording was made by a newer ktop: version 2 of the format, ktop 9\.0\.0\. .*--install/,
  ],
  ["errors", /^ktop: errors: \\x1b\[2J\\x1b\]0;owned\\aPermission denied\.\n$/],
  ["flood", /^ktop: flood: (?:\\x1b){300}\.\n$/],
  ["nothing", /^ktop: nothing: ktop ended there with exit code 0, without a message\.\n$/],
  ["header", /^ktop: header: .*names no tool/],
  [
    "longline",
    /^(?:ktop: longline(?: is stalled|: dcstat: left out.*)\n)*ktop: longline: .*longer than 16 MiB/,
  ],
  [
    "newlines",
    /^(?:ktop: newlines(?: is stalled|: dcstat: left out.*)\n)*ktop: newlines: .*belongs to no tick: 64 MiB have arrived/,
  ],
];

Deno.test("a host that sends no recording is refused in one escaped sentence, in bounded memory", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = await fakeSsh(directory.path);
  for (const [host, sentence] of REFUSALS) {
    const { code, stdout, stderr, peak } = await runMeasured([`@${host}`, "--json", "--ssh", ssh]);
    assert.deepEqual([host, code, stdout], [host, 1, ""]);
    assert.match(stderr, sentence);
    assert.match(stderr, /^(?:ktop: \P{Cc}+\n)+$/u);
    assert.ok(peak < MAX_RSS, `${host}: ${peak} bytes`);
  }
});

Deno.test("a host that fails later is named, and one that sends too much does not prolong --count", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = await fakeSsh(directory.path);
  const run = await runMeasured([
    "@good",
    "@late",
    "--json",
    "--count",
    "5",
    "--panes",
    "vfsstat",
    "--ssh",
    ssh,
  ]);
  assert.equal(run.code, 0);
  const times = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).time);
  assert.equal(new Set(times).size, 5);
  assert.equal(run.stderr, "ktop: late: late: no route.\n");
});

Deno.test("tools that cannot run on a host, or run without hooks, are named", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = await fakeSsh(directory.path);
  const args = ["@partial", "--json", "--count", "1", "--ssh", ssh];
  const { code, stderr } = await runMeasured([...args, "--panes", "filetop,vfsstat"]);
  assert.equal(code, 0, stderr);
  assert.equal(
    stderr,
    "ktop: partial: filetop is left out: No kprobes.\nktop: partial: vfsstat runs without open\n",
  );
});

Deno.test("a signal while a line is being written does not cut it", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = await fakeSsh(directory.path);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...RUN_KTOP, "@good", "--json", "--ssh", ssh],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const waits = (): boolean =>
    [...Deno.readDirSync(`/proc/${child.pid}/task`)].some(({ name }) =>
      Deno.readTextFileSync(`/proc/${child.pid}/task/${name}/wchan`).includes("pipe_write")
    );
  await until(
    "a thread that waits for room in the pipe",
    () => Promise.resolve(waits()),
    (waiting) => waiting,
  );
  child.kill("SIGTERM");
  // A ktop that does not wait for its reader ends in that time.
  await Promise.race([child.status, new Promise((resolve) => setTimeout(resolve, 1000))]);
  const text = await new Response(child.stdout).text();
  assert.equal((await child.status).code, 0);
  assert.equal(text.at(-1), "\n", text.slice(-100));
});

Deno.test("hostile hosts beside a good one leave the screen, its keys and the terminal as they are", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = await fakeSsh(directory.path);
  const names = Object.keys(HOSTS).map((name) => `@${name}`).join(" ");
  await using session = await Session.start(`${KTOP} ${names} --ssh ${quoted(ssh)} --panes filetop`);
  const { tmux } = session;
  const screen = await tmux.shows(/1 filetop [^\n]*2 hosts [^]*│ good +worker /);
  assert.match(screen, / ktop {2}11 hosts /);
  await tmux.shows(/│ version +failed /);
  await tmux.keys("?");
  await tmux.shows(/─ Help ─/);
  await tmux.keys("Escape", "q");
  await session.assertRestored();
  const errors = await session.file("stderr");
  assert.match(errors, /^(?:\P{Cc}|[\r\n])*$/u);
  assert.equal(await tmux.format("#{pane_title}"), await tmux.format("#{host}"));
});

Deno.test("names that a shell or ssh could take for something else never reach them", async () => {
  await using directory = await TemporaryDirectory.make();
  const touched = join(directory.path, "touched");
  const ssh = await fakeSsh(directory.path);
  for (
    const name of [
      "-oProxyCommand=touch x",
      `$(touch ${touched})`,
      `a;touch ${touched}`,
      "a\nb",
      "good @good",
    ]
  ) {
    const { code } = await runMeasured([`@${name}`, "--json", "--ssh", ssh]);
    assert.equal(code, 2, name);
  }
  assert.equal((await runMeasured(["@good", "@good", "--ssh", ssh])).code, 2);
  await assert.rejects(Deno.lstat(touched));
});

Deno.test("a command that is not there is named", async () => {
  const { code, stderr } = await runMeasured(["@good", "--json", "--ssh", "/nonexistent/ssh"]);
  assert.equal(code, 1);
  assert.match(stderr, /^ktop: good: \/nonexistent\/ssh is not found\. Install the OpenSSH client/);
});
