/**
 * `ktop record DIR/`: what was recorded survives SIGKILL and full disks, and stays within its size.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  DirectoryReader,
  DirectoryRecorder,
  directoryStore,
  initialModel,
  nextModel,
  recordingHeader,
  recordingPieces,
  tickSummary,
} from "../../src/recording/mod.ts";
import { ndjsonLines } from "../../src/output/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, ktopCommand, lines, RunningKtop, untilExit } from "../support/ktop.ts";
import { randomNumbers } from "../support/memory_store.ts";
import { modelOf, STARTED, TOOLS } from "../support/recordings.ts";
import type { JsonTick } from "../support/ticks.ts";
import { until } from "../support/tmux.ts";

const GENERATOR = join(import.meta.dirname!, "../support/generated_recorder.ts");

/** The seconds of the recorded ticks; fails unless each is what --json would have printed. */
async function recordedSeconds(directory: string): Promise<number[]> {
  const reader = await DirectoryReader.open(directoryStore(directory), TOOLS);
  const start = initialModel(reader.header);
  const seconds: number[] = [];
  for await (const { tick } of reader.ticks()) {
    const second = tick.host.uptimeS;
    assert.equal(ndjsonLines(nextModel(start, reader.header, tick)), ndjsonLines(modelOf(second)));
    seconds.push(second);
  }
  return seconds;
}

/** Runs the generator until it has written `ticks`, then kills it, or until it ends. Returns the ticks that it has reported. */
async function generate(
  args: readonly string[],
  ticks: number,
): Promise<{ reported: number[]; sizes: number[]; error: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", GENERATOR, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const reported: number[] = [];
  const sizes: number[] = [];
  for await (const line of lines(child.stdout)) {
    const [second, size] = line.split(" ").map(Number) as [number, number];
    reported.push(second);
    sizes.push(size);
    if (reported.length === ticks) child.kill("SIGKILL");
  }
  await untilExit(child, child.status);
  return { reported, sizes, error: await stderr };
}

async function withFileSystem(size: string, use: (path: string) => Promise<void>): Promise<void> {
  await using directory = await TemporaryDirectory.make("ktop test ");
  const mounted = await new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", `size=${size}`, "ktop-test", directory.path],
  }).output();
  assert.ok(mounted.success);
  try {
    await use(directory.path);
  } finally {
    await new Deno.Command("umount", { args: [directory.path] }).output();
  }
}

Deno.test("a recorder that is killed again and again, on a disk that fills, loses no tick that it had written", async () => {
  const random = randomNumbers(4);
  const maxBytes = 100_000;
  await withFileSystem("1M", async (path) => {
    const directory = join(path, "recorded here");
    await Deno.mkdir(directory);
    const reported: number[] = [];
    let next = 1;
    const run = async (ticks: number, limit: number): Promise<string> => {
      const args = [directory, String(next), String(7 * 86_400_000), String(limit)];
      const { reported: more, sizes, error } = await generate(args, ticks);
      assert.ok(sizes.every((size) => size <= limit), `${Math.max(...sizes)} bytes`);
      reported.push(...more);
      const recorded = await recordedSeconds(directory);
      const oldest = recorded[0]!;
      const all = new Set(recorded);
      // What is recorded is what was reported, without what was removed, and perhaps ticks that were not reported any more.
      const missing = reported.filter((second) => second >= oldest && !all.has(second));
      assert.deepEqual(missing, []);
      assert.deepEqual(recorded, [...all].sort((a, b) => a - b));
      next = recorded.at(-1)! + 1 + Math.floor(random() * 2000);
      return error;
    };
    for (let round = 0; round < 6; round++) {
      assert.equal(await run(1 + Math.floor(random() * 500), maxBytes), "");
      if (round % 3 !== 2) continue;
      // The disk is filled by something else, but for a few pages.
      const filler = join(path, "filler");
      await new Deno.Command("dd", {
        args: ["if=/dev/zero", `of=${filler}`, "bs=4096"],
        stderr: "null",
      }).output();
      await Deno.truncate(filler, (await Deno.stat(filler)).size - 16 * 4096);
      assert.match(await run(Infinity, 2 ** 30), /Cannot record into .*: no space is left on the device/);
      await Deno.remove(filler);
    }
  });
});

Deno.test("record DIR/ goes on after SIGKILL, and replay prints the lines that record --json printed", async () => {
  await using made = await TemporaryDirectory.make("ktop test ");
  const directory = `${made.path}/new one/`;
  const args = ["record", directory, "--tools", "vfsstat,runqslower", "--json", "-i", "0.1"];
  const printed: string[] = [];
  const killed = new RunningKtop(args);
  for (let i = 0; i < 6; i++) printed.push(await killed.line());
  printed.push(...(await killed.end("SIGKILL")).rest);
  const { code, stdout, stderr } = await ktop([...args, "--count", "3"]);
  assert.deepEqual([code, stderr], [0, ""]);
  const replay = await ktop(["replay", directory, "--json"]);
  assert.deepEqual([replay.code, replay.stderr], [0, ""]);
  const lines = replay.stdout.trimEnd().split("\n");
  const rest = lines.slice(printed.length);
  assert.deepEqual(lines.slice(0, printed.length), printed);
  // The last tick before the kill may be recorded and not printed.
  assert.deepEqual(rest.slice(-6), stdout.trimEnd().split("\n"));
  assert.ok(rest.length <= 6 + 2, `${rest.length} lines`);
  const files = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
  assert.deepEqual(files.map((name) => name.replace(/-\d{8}T\d{6}Z/, "")), [
    "ktop-000001.gz",
    "ktop-000001.index",
    "ktop-000002.gz",
    "ktop-000002.index",
    "lock",
  ]);
  const modes = [directory, ...files.map((name) => directory + name)].map((path) =>
    Deno.statSync(path).mode! & 0o777
  );
  assert.deepEqual(modes, [0o700, 0o600, 0o600, 0o600, 0o600, 0o600]);
  const segment = await ktop(["replay", `${directory}${files[2]}`, "vfsstat", "--json"]);
  const ticks = stdout.split("\n").filter((line) => line.includes('"tool":"vfsstat"'));
  assert.equal(segment.stdout, ticks.map((line) => `${line}\n`).join(""));
});

Deno.test("a second record into a directory is refused, and the first goes on", async () => {
  await using made = await TemporaryDirectory.make();
  const directory = `${made.path}/`;
  const args = ["record", directory, "--tools", "vfsstat", "-i", "0.1"];
  const first = new RunningKtop([...args, "--json"]);
  await first.line();
  const { code, stdout, stderr } = await ktop([...args, "--count", "3"]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    `ktop: Another ktop is recording into ${directory}. Stop it, or record into another directory.\n`,
  );
  const { time } = JSON.parse(await first.line()) as JsonTick;
  assert.ok(Date.parse(time) > 0);
  assert.equal((await first.end()).code, 0);
  assert.equal((await ktop([...args, "--count", "1"])).code, 0);
});

Deno.test("record DIR/ exits with 1 on a full disk, and goes on when there is room", async () => {
  await withFileSystem("64k", async (path) => {
    const directory = `${path}/`;
    const args = ["record", directory, "--tools", "vfsstat", "-i", "0.1"];
    await Deno.writeFile(`${path}/filler`, new Uint8Array(44 * 1024));
    const { code, stdout, stderr } = await ktop(args);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^ktop: Cannot record into .*no space is left on the device.*can be replayed\.\n$/);
    const count = async (): Promise<number> =>
      (await ktop(["replay", directory, "--json"])).stdout.split("\n").length - 1;
    const before = await count();
    assert.ok(before >= 3, `${before} ticks`);
    await Deno.remove(`${path}/filler`);
    assert.equal((await ktop([...args, "--count", "2"])).code, 0);
    assert.equal(await count(), before + 2);
  });
});

Deno.test("replay DIR/ shows what is recorded so far", async () => {
  await using made = await TemporaryDirectory.make();
  const directory = `${made.path}/`;
  const record = ktopCommand(["record", directory, "--tools", "vfsstat", "-i", "0.1"]).spawn();
  const count = async (): Promise<number> => {
    const { stdout } = await ktop(["replay", directory, "--json"]);
    return stdout.split("\n").length - 1;
  };
  await until("three ticks", count, (ticks) => ticks >= 3);
  record.kill("SIGTERM");
  assert.equal((await untilExit(record, record.output())).code, 0);
});

Deno.test("record exits with 2 for limits without a directory, wrong limits and --force with a directory", async () => {
  await using made = await TemporaryDirectory.make();
  for (
    const [args, says] of [
      [["x", "--keep", "7d"], /--keep needs a directory\. Its name ends in a slash: ktop record x\//],
      [["-", "--max-size", "2G"], /--max-size needs a directory/],
      [[`${made.path}/`, "--keep", "7"], /7d/],
      [[`${made.path}/`, "--keep", "0d"], /7d/],
      [[`${made.path}/`, "--max-size", "15M"], /16M/],
      [[`${made.path}/`, "--force"], /--force has no effect/],
    ] as const
  ) {
    const { code, stderr } = await ktop(["record", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
  assert.deepEqual(Array.from(Deno.readDirSync(made.path)), []);
  const { code, stderr } = await ktop(["record", made.path]);
  assert.equal(code, 1);
  assert.match(stderr, /is not a regular file\. To record into the directory, put a slash at its end/);
});

Deno.test("replay DIR/ --from --to prints the lines of a range, and wrong times are usage errors", async () => {
  await using made = await TemporaryDirectory.make("ktop test ");
  const directory = `${made.path}/`;
  const recorder = await DirectoryRecorder.open(directoryStore(directory), {
    keepMs: 1e12,
    maxBytes: 1e9,
  }, STARTED);
  const models = Array.from({ length: 200 }, (_, i) => modelOf(1 + i * 100));
  for (const model of models) {
    await recorder.write(
      tickSummary(model),
      () => recordingHeader({ model, requests: [], ktop: "0.1.0" }),
      (number) => recordingPieces(model, number),
    );
  }
  await recorder.close();
  const replay = (...args: string[]) => ktop(["replay", directory, "--utc", ...args], { env: { TZ: "UTC" } });
  const printed = (from: string, to: string): string[] =>
    models.filter(({ time }) => time >= Date.parse(from) && time <= Date.parse(to)).map((model) =>
      JSON.parse(ndjsonLines(model).split("\n")[1]!)
    );
  const day = "2026-11-20";
  for (
    const [args, from, to] of [
      [["--from", "19:30", "--to", "20:10:01"], `${day}T19:30Z`, `${day}T20:10:01.999Z`],
      [["--from", `${day}T20:30:00+01:00`, "--to", "19:46:41"], `${day}T19:30Z`, `${day}T19:46:41.999Z`],
      [["--from", "-90m"], `${day}T22:01:41Z`, `${day}T23:59Z`],
      [["--to", `${day} 18:05`], `${day}T18:00Z`, `${day}T18:05:00.999Z`],
    ] as const
  ) {
    const { code, stdout, stderr } = await replay("calls", "--json", ...args);
    assert.equal(code, 0, stderr);
    const expected = printed(from, to);
    assert.ok(expected.length > 1);
    assert.deepEqual(stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), expected, args.join(" "));
  }
  for (
    const [args, says] of [
      [["--from", "25:00"], /--from 25:00: a time of day is/],
      [["--from", `${day} 20:00`, "--to", `${day} 19:00`], /--from .* is after --to/],
      [["--from", "2026-11-21 08:00"], /the recording is from 2026-11-20 18:00:01/],
      [["--to", "2026-11-19 08:00"], /--to .*: the recording is from/],
    ] as const
  ) {
    const { code, stdout, stderr } = await replay("--json", ...args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, says);
  }
  const pipe = await ktop(["replay", "-", "--json", "--from", "19:30"], {
    through: ["sh", "-c", 'zcat "$0"ktop*.gz | "$@"', directory],
  });
  assert.equal(pipe.code, 2);
  assert.match(pipe.stderr, /--from 19:30 needs a recording in a file or a directory/);
});

Deno.test("replay TOOL exits with 2 and the reason if no tick of the tool is recorded, in a directory and a file", async () => {
  await using made = await TemporaryDirectory.make("ktop test ");
  const directory = `${made.path}/`;
  const limits = { keepMs: 1e12, maxBytes: 1e9 };
  const states = [{ kind: "unavailable", reason: "no kprobes here.", remedy: "" }] as const;
  const recorder = await DirectoryRecorder.open(directoryStore(directory), limits, STARTED);
  for (const number of [1, 2]) {
    const model = modelOf(number, { states });
    const tools = model.tools.map((tool, i) => i === 0 ? { ...tool, tick: null } : tool);
    await recorder.write(
      tickSummary(model),
      () => recordingHeader({ model, requests: [], ktop: "0.1.0" }),
      (number) => recordingPieces({ ...model, tools }, number),
    );
  }
  await recorder.close();
  const segment = [...Deno.readDirSync(directory)].find(({ name }) => name.endsWith(".gz"))!.name;
  for (const path of [directory, directory + segment]) {
    for (const format of ["--json", "--csv"]) {
      const absent = await ktop(["replay", path, "files", format]);
      assert.deepEqual([absent.code, absent.stdout], [2, ""]);
      assert.match(absent.stderr, /^ktop: files was not recorded: no kprobes here\.$/m);
      const other = await ktop(["replay", path, "calls", format]);
      assert.deepEqual([other.code, other.stdout.includes("tracepoint")], [0, true]);
    }
    const never = await ktop(["replay", path, "opensnoop", "--json"]);
    assert.deepEqual([never.code, never.stdout], [2, ""]);
    assert.match(never.stderr, /Unknown tool in this recording "opensnoop"\. Known: files, calls, waits\./);
  }
});
