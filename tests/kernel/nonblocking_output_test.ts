/**
 * Standard output that another process made non-blocking, as node, expect and ssh do: every output arrives whole, once and
 * in order, however slowly it is read.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { type Finished, ktop, ktopCommand } from "../support/ktop.ts";

/** Runs a command whose standard output, a pipe, holds a page and is non-blocking (F_SETPIPE_SZ is 1031, fcntl(2)). */
const NON_BLOCKING = [
  "perl",
  "-MFcntl",
  "-e",
  "fcntl(STDOUT, 1031, 4096) or die; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK) or die; exec @ARGV",
  "--",
];

/** Bytes read at a time. */
const READ_BYTES = 1000;

/** The same page for every run. */
const ENV = { SOURCE_DATE_EPOCH: "0" };

/** What a reader gets that is slower than ktop. */
async function readSlowly(args: readonly string[]): Promise<Finished> {
  const child = ktopCommand(args, { through: NON_BLOCKING, env: ENV }).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader({ mode: "byob" });
  const decoder = new TextDecoder();
  let stdout = "";
  while (true) {
    const { done, value } = await reader.read(new Uint8Array(READ_BYTES));
    if (done) break;
    stdout += decoder.decode(value, { stream: true });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { code: (await child.status).code, stdout, stderr: await stderr };
}

/** Fails unless a slow reader gets what a fast one gets; names the first difference, because the texts are long. */
async function assertSame(args: readonly string[]): Promise<void> {
  const whole = await ktop(args, { env: ENV });
  const slow = await readSlowly(args);
  assert.deepEqual([slow.code, slow.stderr, whole.code], [0, whole.stderr, 0]);
  const at = Array.from(whole.stdout).findIndex((character, i) => character !== slow.stdout[i]);
  assert.ok(at < 0, `differs from character ${at}: ${JSON.stringify(slow.stdout.slice(at, at + 80))}`);
  assert.equal(slow.stdout.length, whole.stdout.length);
}

const REPEATABLE = [
  ["--licenses"],
  ["--help"],
  ["readpath", "--help"],
  ["man"],
  ["completions", "zsh"],
  ["config", "--no-config"],
  ["replay", "--demo", "-b"],
  ["replay", "--demo", "--json"],
  ["replay", "--demo", "filetop", "--csv"],
] as const;

for (const args of REPEATABLE) {
  Deno.test(`ktop ${args.join(" ")} prints the same to a slow reader of a non-blocking pipe as to a fast one`, async () => {
    await assertSame(args);
  });
}

Deno.test("list and doctor print the same to a slow reader of a non-blocking pipe as to a fast one", async () => {
  for (const args of [["list"], ["list", "--json"], ["doctor"], ["doctor", "--json"]]) await assertSame(args);
});

const TOOLS = ["vfsstat", "runqlat", "runqslower", "mountsnoop", "biolatency"];

/** Fails unless these are the ticks of a run, each once. */
function assertTicks(lines: readonly string[], count: number): void {
  const ticks = lines.map((line) => JSON.parse(line));
  for (const tool of TOOLS) {
    const times = ticks.filter((tick) => tick.tool === tool).map(({ time }) => time);
    assert.equal(times.length, count, tool);
    assert.deepEqual([...new Set(times)].sort(), times);
  }
}

Deno.test("--json prints each tick once to a slow reader of a non-blocking pipe", async () => {
  const run = await readSlowly(["--json", "-i", "0.1", "--count", "30", "--panes", TOOLS.join(",")]);
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  assertTicks(run.stdout.trimEnd().split("\n"), 30);
});

Deno.test("batch mode prints each tick once to a slow reader of a non-blocking pipe", async () => {
  const run = await readSlowly(["-b", "-i", "0.1", "--count", "30", "--panes", TOOLS.join(",")]);
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  const lines = run.stdout.split("\n");
  assert.equal(lines.filter((line) => line.startsWith("ktop ")).length, 30);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("== ")).map((line) => line.split(" ")[1]),
    Array(30).fill(TOOLS).flat(),
  );
});

Deno.test("record - writes each tick once to a slow reader of a non-blocking pipe", async () => {
  await using directory = await TemporaryDirectory.make();
  const tools = TOOLS.join(",");
  const run = await readSlowly(["record", "-", "-i", "0.1", "--count", "30", "--tools", tools]);
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  const file = `${directory.path}/recording`;
  await Deno.writeTextFile(file, run.stdout);
  const replay = await ktop(["replay", file, "--json"]);
  assert.deepEqual([replay.code, replay.stderr], [0, ""]);
  assertTicks(replay.stdout.trimEnd().split("\n"), 30);
});

Deno.test("--csv and text print each row once to a slow reader of a non-blocking pipe", async () => {
  const busy = new Deno.Command("sh", {
    args: ["-c", "while :; do : </dev/null; sleep 0.01; done"],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const pid = String(busy.pid);
    const csv = await readSlowly(["opensnoop", "--csv", "-p", pid, "0.1", "20"]);
    assert.deepEqual([csv.code, csv.stderr], [0, ""]);
    const [header, ...rows] = csv.stdout.trimEnd().split("\n");
    assert.ok(rows.length > 50);
    for (const row of rows) assert.equal(row.split(",").length, header!.split(",").length, row);
    const text = await readSlowly(["opensnoop", "-p", pid, "0.1", "20"]);
    assert.deepEqual([text.code, text.stderr], [0, ""]);
    const [, titles, ...lines] = text.stdout.trimEnd().split("\n");
    assert.match(titles!, /^PID +COMM +FD +ERR +PATH$/);
    for (const line of lines) assert.match(line, /^\d+ +sh +\d+ +0 +\/dev\/null$/);
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});
