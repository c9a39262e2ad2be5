/**
 * `ktop replay FILE TOOL --compare A B` and the same of a directory, against recordings whose figures are known.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Model, Row } from "../../src/model/mod.ts";
import { NO_HISTORY, toolModel } from "../../src/monitor/mod.ts";
import {
  DirectoryRecorder,
  directoryStore,
  recordingHeader,
  recordingTick,
  tickSummary,
} from "../../src/recording/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { type Finished, ktop } from "../support/ktop.ts";
import { modelOf, STARTED } from "../support/recordings.ts";

const INTERVAL_S = 10;
const TICKS = 360;

/** The rows of filetop and of vfsstat in a tick: in the second half hour nginx reads more. */
function rowsAt(number: number): readonly (readonly Row[])[] {
  const reads = number <= TICKS / 2 ? 20 : 50;
  return [
    [{ pid: 7, comm: "nginx", reads, read_bytes: reads * 1024 }, { pid: 8, comm: "sshd", reads: 1 }],
    [{ read: reads + 1, write: number }],
  ];
}

/** A tick each ten seconds from 18:00:10 to 19:00:00 UTC. */
function recorded(number: number): Model {
  const time = STARTED + number * INTERVAL_S * 1000;
  const tools = ["filetop", "vfsstat"].map((name, i) => {
    const tool = TOOLS.find((tool) => tool.name === name)!;
    const lost = { events: 0, keys: 0, runs: 0 };
    const tick = { tool: name, time, intervalS: INTERVAL_S, tier: "kprobe", rows: rowsAt(number)[i]!, lost };
    return toolModel({
      tool,
      state: { kind: "running", tier: "kprobe", missing: [] },
      tick: number === 0 ? null : tick,
      history: NO_HISTORY,
    });
  });
  return { ...modelOf(0), time, tools };
}

const headerOf = (model: Model): string => recordingHeader({ model, requests: [], ktop: "0.1.0" });

/** Records into a file and into a directory. */
async function record(path: string): Promise<{ file: string; directory: string }> {
  const models = Array.from({ length: TICKS }, (_, i) => recorded(i + 1));
  const file = join(path, "recording");
  await Deno.writeTextFile(
    file,
    headerOf(recorded(0)) + models.map((model, i) => recordingTick(model, i + 1)).join(""),
  );
  const directory = `${join(path, "segments")}/`;
  await Deno.mkdir(directory);
  const limits = { keepMs: 1e12, maxBytes: 1e9 };
  const recorder = await DirectoryRecorder.open(directoryStore(directory), limits, STARTED);
  for (const model of models) {
    await recorder.write(
      tickSummary(model),
      () => headerOf(model),
      (number) => [recordingTick(model, number)],
    );
  }
  await recorder.close();
  return { file, directory };
}

const replay = (...args: string[]): Promise<Finished> => ktop(["replay", ...args], { env: { TZ: "UTC" } });

Deno.test("replay --compare prints the sums and rates of two ranges, of a file and of a directory", async () => {
  await using made = await TemporaryDirectory.make("ktop test ");
  const { file, directory } = await record(made.path);
  const day = "2026-11-20";
  for (const path of [file, directory]) {
    // The end of a range is not a part of it: 60 ticks from 18:10:00 to 18:19:50, and 31 from 18:55:00 to the end.
    for (
      const ranges of [
        ["18:10..18:20", "-5m.."],
        ["-50m..-40m", "18:55:00..19:00:01"],
        [`${day}T18:10Z..${day}T18:20Z`, `${day} 18:55..`],
      ]
    ) {
      const { code, stdout, stderr } = await replay(
        path,
        "filetop",
        "--utc",
        "--json",
        "--compare",
        ...ranges,
      );
      assert.deepEqual([code, stderr], [0, ""], ranges.join(" "));
      const { a, b, by, rows } = JSON.parse(stdout);
      assert.deepEqual([by, a.ticks, a.interval_s, b.ticks, b.interval_s], ["comm", 60, 600, 31, 310]);
      assert.deepEqual(rows, [
        { value: "nginx", column: "reads", a: 1200, b: 1550, a_per_s: 2, b_per_s: 5, diff_per_s: 3 },
        { value: "sshd", column: "reads", a: 60, b: 31, a_per_s: 0.1, b_per_s: 0.1, diff_per_s: 0 },
        {
          ...{ value: "nginx", column: "read_bytes", a: 1_228_800, b: 1_587_200 },
          ...{ a_per_s: 2048, b_per_s: 5120, diff_per_s: 3072 },
        },
      ]);
    }
    const calls = await replay(
      path,
      "vfsstat",
      "--utc",
      "--csv",
      "--compare",
      "..18:01",
      "--compare",
      "-10s..",
    );
    assert.equal(
      calls.stdout,
      "column,a,b,a_per_s,b_per_s,diff_per_s\nread,105,102,2.1,5.1,3\nwrite,15,719,0.3,35.95,35.65\n",
    );
    const text = await replay(
      path,
      "filetop",
      "--utc",
      "--by",
      "pid",
      "--compare",
      "..18:30:01",
      "18:30:01..",
    );
    assert.match(
      text.stdout,
      /^filetop by PID\nA: 2026-11-20 18:00:10 UTC to 2026-11-20 18:30:00 UTC, 180 ticks, 1800\.0 s\n/,
    );
    assert.match(
      text.stdout,
      /\nREADS:\n.*\n +2\.0 +5\.0 +3\.0 +3600 +9000 7\n +0\.1 +0\.1 +0\.0 +180 +180 8\n/,
    );
  }
});

Deno.test("replay --compare refuses ranges that overlap, are empty or no ranges, with 2", async () => {
  await using made = await TemporaryDirectory.make();
  const { file, directory } = await record(made.path);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["18:10..18:20", "18:19..18:30"],
      /the ranges overlap: 2026-11-20 18:10:00 UTC to .*, 2026-11-20 18:19:00 UTC to/,
    ],
    [["..", "-5m.."], /--compare \.\.: not a range/],
    [["18:10", "-5m.."], /--compare 18:10: not a range/],
    [["-5m.."], /--compare needs two ranges/],
    [["-5m..", "-20m..-10m", "--compare", "..18:10"], /--compare needs two ranges/],
    [["-5m..-10m", "..-20m"], /--compare -5m\.\.-10m ends before it starts/],
    [
      ["18:00:11..18:00:19", "-5m.."],
      /--compare 18:00:11\.\.18:00:19: no tick of filetop is recorded in this range/,
    ],
    [["-3h..-2h", "-5m.."], /--compare -3h\.\.-2h: the recording is from/],
    [["x..y", "-5m.."], /--compare x\.\.y: not a time/],
    [
      ["-9m..-8m", "-5m..", "--from", "18:00"],
      /--compare names two ranges: --at, --from and --to have no effect/,
    ],
    [["-9m..-8m", "-5m..", "--by", "reads"], /cannot be grouped by reads/],
  ];
  for (const path of [file, directory]) {
    for (const [ranges, says] of cases) {
      const { code, stdout, stderr } = await replay(path, "filetop", "--utc", "--compare", ...ranges);
      assert.deepEqual([code, stdout], [2, ""], ranges.join(" "));
      assert.match(stderr, says);
    }
  }
  const unnamed = await replay(file, "--compare", "-9m..-8m", "-5m..");
  assert.deepEqual([unnamed.code, unnamed.stdout], [2, ""]);
  assert.match(unnamed.stderr, /--compare needs a TOOL.* Recorded: filetop, vfsstat\./);
});
