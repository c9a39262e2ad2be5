import assert from "node:assert/strict";
import { settle } from "../../tests/support/replays.ts";
import { MemoryStore } from "../../tests/support/memory_store.ts";
import { header, modelOf, STARTED, textSource, TOOLS } from "../../tests/support/recordings.ts";
import type { Model } from "../model/mod.ts";
import { DirectoryReader } from "./directory/reader.ts";
import { DirectoryRecorder } from "./directory/recorder.ts";
import { tickSummary } from "./directory/segment_writer.ts";
import { recordingRange, type TimeRange } from "./range.ts";
import { type Recording, RecordingReader } from "./reader.ts";
import { Replay } from "./replay.ts";
import { recordingHeader, recordingTick } from "./writer.ts";

/** Ticks of the recordings: one a second, over a change of the hour. */
const TICKS = 200;
/** The second before the first. */
const BEFORE = 3500;

const models = Array.from({ length: TICKS }, (_, i) => modelOf(BEFORE + i + 1));

function file(): Promise<Recording> {
  const lines = models.map((model, i) => recordingTick(model, i + 1));
  return RecordingReader.open(textSource(header() + lines.join("")), TOOLS);
}

async function recorded(models: Iterable<Model>): Promise<MemoryStore> {
  const store = new MemoryStore();
  const recorder = await DirectoryRecorder.open(store, { keepMs: 1e12, maxBytes: 1e9 }, STARTED);
  for (const model of models) {
    await recorder.write(
      tickSummary(model),
      () => recordingHeader({ model, requests: [], ktop: "0.1.0" }),
      (number) => [recordingTick(model, number)],
    );
  }
  return store;
}

/** A directory with two segments, whose last block is not indexed. */
async function directory(): Promise<Recording> {
  const store = await recorded(models);
  assert.equal([...store.files.keys()].filter((name) => name.endsWith(".gz")).length, 2);
  return await DirectoryReader.open(store, TOOLS);
}

const at = (second: number): number => STARTED + (BEFORE + second) * 1000;

async function secondsOf(recording: Recording, from = recording.start, most = Infinity): Promise<number[]> {
  const seconds: number[] = [];
  let { position } = from;
  for await (const located of recording.ticks(from)) {
    assert.equal(located.position, position++);
    seconds.push((located.tick.time - at(0)) / 1000);
    if (seconds.length === most) break;
  }
  return seconds;
}

const expected = ({ from = -Infinity, to = Infinity }: TimeRange): number[] =>
  Array.from({ length: TICKS }, (_, i) => i + 1).filter((second) => at(second) >= from && at(second) <= to);

for (const [name, open] of [["file", file], ["directory", directory]] as const) {
  Deno.test(`recordingRange() of a ${name} has exactly the ticks from a time to a time`, async () => {
    const bounds = [undefined, at(60), at(61) - 1, at(100) + 1, at(300)];
    for (const from of bounds) {
      for (const to of bounds) {
        const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        const recording = await recordingRange(await open(), range);
        const seconds = expected(range);
        assert.deepEqual(await secondsOf(recording), seconds, JSON.stringify(range));
        let ticks = 0;
        for await (const span of recording.offsets()) {
          assert.equal(span.position, ticks);
          if (ticks % 50 === 0) {
            assert.deepEqual(await secondsOf(recording, span, 2), seconds.slice(ticks, ticks + 2));
          }
          ticks += span.ticks;
        }
        assert.equal(ticks, seconds.length, JSON.stringify(range));
      }
    }
  });

  Deno.test(`a Replay of a part of a ${name} starts at any time, and jumps, steps and ends within it`, async () => {
    const recording = await recordingRange(await open(), { from: at(50), to: at(180) });
    const replay = new Replay(recording, { demo: false, at: at(120) + 500 });
    await replay.start();
    const shown = (): [number, number | undefined, number | null | undefined] => [
      (replay.model().time - at(0)) / 1000,
      replay.model().replay?.position,
      replay.model().replay?.total,
    ];
    assert.deepEqual(shown(), [120, 71, 131]);
    await replay.perform({ kind: "jumpPlayback", seconds: -60 });
    assert.deepEqual(shown(), [60, 11, 131]);
    await replay.perform({ kind: "jumpToStart" });
    assert.deepEqual(shown(), [50, 1, 131]);
    await replay.perform({ kind: "goToTime", time: at(170) });
    assert.deepEqual(shown(), [170, 121, 131]);
    await replay.perform({ kind: "jumpToEnd" });
    assert.deepEqual(shown(), [180, 131, 131]);
    replay.close();
  });
}

Deno.test("Replay jumps a minute back to the right tick where the index of a directory has a tick a minute", async () => {
  const store = await recorded(Array.from({ length: 2000 }, (_, i) => modelOf(BEFORE + i + 1)));
  const replay = new Replay(await DirectoryReader.open(store, TOOLS), { demo: false, at: at(1990) });
  await replay.start();
  await replay.perform({ kind: "clear" });
  for (const second of [1930, 1870, 1810]) {
    await replay.perform({ kind: "jumpPlayback", seconds: -60 });
    assert.equal((replay.model().time - at(0)) / 1000, second);
  }
  replay.close();
  await settle(); // reading in the background ends at its next turn
});

Deno.test("Replay reads the rows of twenty ticks up to the time that it goes to, wherever that is in a block", async () => {
  const store = await recorded(models);
  const replay = new Replay(await DirectoryReader.open(store, TOOLS), { demo: false, at: at(100) });
  await replay.start();
  for (const second of [30, 60, 61, 119, 121, 45, 7]) {
    await replay.perform({ kind: "jumpToEnd" });
    await replay.perform({ kind: "goToTime", time: at(second) + 400 });
    const { time, snapshots } = replay.model();
    assert.deepEqual([(time - at(0)) / 1000, snapshots.length], [second, Math.min(second, 20)]);
  }
  replay.close();
});
