/**
 * `ktop replay` of hostile files: it refuses them with one sentence, in bounded memory.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop } from "../support/ktop.ts";
import { type MeasuredRun, runMeasured } from "../support/process_memory.ts";
import { recordedText } from "./recorded.ts";

/** The most memory that a refusal may take, bytes. Deno alone takes about 65 MB. */
const MAX_RSS = 200e6;
/** The most memory to parse and print twelve lines of the largest size: rows as objects, text and bytes. */
const MAX_RSS_PRINTING = 600e6;
const GIB = 2 ** 30;

const replay = (file: string): Promise<MeasuredRun> => runMeasured(["replay", file, "--json"]);

/** Writes a file, replays it and removes it. */
async function replayOf(write: (path: string) => Promise<void>): Promise<MeasuredRun> {
  const path = await Deno.makeTempFile({ prefix: "ktop-hostile-" });
  try {
    await write(path);
    return await replay(path);
  } finally {
    await Deno.remove(path);
  }
}

/** Writes a sparse file: some text, then a gigabyte of zeros. */
const sparse = (text: string) => async (path: string): Promise<void> => {
  await Deno.writeTextFile(path, text);
  await Deno.truncate(path, text.length + GIB);
};

function assertRefused({ code, stderr, peak }: MeasuredRun, says: RegExp): void {
  assert.equal(code, 1, stderr);
  assert.match(stderr, says);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.ok(peak > 20e6 && peak < MAX_RSS, `${peak} bytes`);
}

Deno.test("replay refuses a gigabyte without a newline in bounded memory", async () => {
  assertRefused(await replayOf(sparse("")), /not a recording of ktop: its first line is longer than 16 MiB/);
});

Deno.test("replay prints the ticks before a line of a gigabyte, then refuses it in bounded memory", async () => {
  const refusal = await replayOf(sparse(recordedText(3)));
  assertRefused(refusal, /after 3 ticks a line is longer than 16 MiB/);
  assert.equal(refusal.stdout.split("\n").length - 1, 3 * 2);
});

Deno.test("replay refuses a gzip file that expands to a gigabyte in bounded memory", async () => {
  const refusal = await replayOf(async (path) => {
    const zeros = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      yield Uint8Array.from(new TextEncoder().encode(recordedText(2)));
      const block = new Uint8Array(2 ** 20);
      for (let i = 0; i < 1024; i++) yield await Promise.resolve(block);
    };
    const packed = ReadableStream.from(zeros()).pipeThrough(new CompressionStream("gzip"));
    await Deno.writeFile(path, packed);
  });
  assertRefused(refusal, /after 2 ticks a line is longer than 16 MiB/);
});

Deno.test("replay prints lines of the largest size in bounded memory", async () => {
  const row = JSON.stringify({ tid: 1, comm: "x".repeat(80), reads: 1, file: "y".repeat(80) });
  const line = JSON.stringify({
    tool: "filetop",
    time: "2026-11-20T18:00:00Z",
    interval_s: 1,
    tier: "fentry",
    rows: [],
  })
    .replace("[]", `[${Array(70_000).fill(row).join(",")}]`);
  assert.ok(line.length > 12e6 && line.length < 16e6);
  const refusal = await replayOf(async (path) => {
    await Deno.writeTextFile(path, recordedText(0));
    for (let i = 0; i < 12; i++) {
      await Deno.writeTextFile(path, `${line}\n{"tick":1,"time":"2026-11-20T18:00:00Z"}\n`, { append: true });
    }
  });
  assert.equal(refusal.code, 0, refusal.stderr);
  assert.equal(refusal.stdout.split("\n").length - 1, 12);
  assert.ok(refusal.peak < MAX_RSS_PRINTING, `${refusal.peak} bytes`);
});

Deno.test("replay exits with 1 and the reason for other files, directories, absent files and newer recordings", async () => {
  const newer = await Deno.makeTempFile();
  await Deno.writeTextFile(newer, '{"format":"ktop-recording","v":7,"ktop":"9.0.0"}\n');
  for (
    const [file, says] of [
      ["/etc/passwd", /not a recording/],
      ["/dev/zero", /longer than 16 MiB/],
      ["/dev/null", /is empty/],
      ["/tmp", /is a directory/],
      ["/nonexistent\x1b[31m", /\/nonexistent\\x1b\[31m does not exist/],
      [newer, /made by a newer ktop: version 7 of the format, ktop 9\.0\.0/],
    ] as const
  ) {
    const { code, stdout, stderr } = await ktop(["replay", file]);
    assert.deepEqual([file, code, stdout], [file, 1, ""]);
    assert.match(stderr, says);
  }
  await Deno.remove(newer);
});

Deno.test("replay prints no control character of a recording", async () => {
  const path = await Deno.makeTempFile();
  const evil = "\\u001b]0;owned\\u0007\\u009b2J\\u202e\\n";
  await Deno.writeTextFile(path, recordedText(2).replaceAll("worker", evil).replace("recorded-host", evil));
  for (const args of [["-b"], ["--json"], ["--csv", "filetop"], ["filetop", "--csv"]]) {
    const { code, stdout } = await ktop(["replay", path, ...args]);
    if (args[1] === "filetop" || code === 0) assert.match(stdout, /owned/);
    // deno-lint-ignore no-control-regex -- control characters are what must not appear
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  }
  await Deno.remove(path);
});

Deno.test("replay exits with 2 for wrong usage", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, recordedText(1));
  for (
    const args of [
      [],
      [path, "--csv"],
      [path, "--json", "--csv"],
      [path, "runqlat"],
      [path, "runqlat", "--csv"],
      [path, "vfstat", "--json"],
      ["-i", "2", path],
    ]
  ) {
    const { code, stdout, stderr } = await ktop(["replay", ...args]);
    assert.deepEqual([args, code, stdout], [args, 2, ""], stderr);
  }
  await Deno.remove(path);
});
