import assert from "node:assert/strict";
import { MemoryStore, randomNumbers } from "../../../tests/support/memory_store.ts";
import { modelOf, STARTED, TOOLS } from "../../../tests/support/recordings.ts";
import { joinPeaks, type Model, PEAK_KINDS, peaksOf } from "../../model/mod.ts";
import { ndjsonLines } from "../../output/mod.ts";
import { initialModel, nextModel } from "../replay_model.ts";
import { recordingHeader, recordingTick } from "../writer.ts";
import { DirectoryReader } from "./reader.ts";
import { DirectoryRecorder, type RecorderLimits } from "./recorder.ts";
import { tickSummary } from "./segment_writer.ts";

const HOUR_S = 3600;
const WEEK_MS = 7 * 24 * HOUR_S * 1000;
const LIMITS: RecorderLimits = { keepMs: WEEK_MS, maxBytes: 1e9 };

/** Opens a recorder whose clock is at a second of the recording. */
const open = (store: MemoryStore, second = 0, limits = LIMITS): Promise<DirectoryRecorder> =>
  DirectoryRecorder.open(store, limits, STARTED + second * 1000);

/** Writes the tick of a second. */
function write(recorder: DirectoryRecorder, model: Model): Promise<void> {
  return recorder.write(
    tickSummary(model),
    () => recordingHeader({ model, requests: [], ktop: "0.1.0" }),
    (number) => [recordingTick(model, number)],
  );
}

/** Writes the ticks of seconds. */
async function writeAll(recorder: DirectoryRecorder, seconds: readonly number[]): Promise<void> {
  for (const second of seconds) await write(recorder, modelOf(second));
}

const seconds = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

/** What a replay prints as JSON, and its warnings. */
async function replayed(
  store: MemoryStore,
  position = 0,
): Promise<{ json: string; warnings: readonly string[] }> {
  const reader = await DirectoryReader.open(store, TOOLS);
  const start = initialModel(reader.header);
  let json = "";
  for await (const { tick } of reader.ticks({ position, offset: 0 })) {
    json += ndjsonLines(nextModel(start, reader.header, tick));
  }
  return { json, warnings: reader.warnings };
}

const printed = (seconds: readonly number[]): string =>
  seconds.map((second) => ndjsonLines(modelOf(second))).join("");

const segments = (store: MemoryStore): string[] =>
  [...store.files.keys()].filter((name) => name.endsWith(".gz")).sort();

Deno.test("DirectoryRecorder starts a segment each hour, and a replay prints what --json had printed", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  const all = seconds(1, 3 * HOUR_S, 47);
  await writeAll(recorder, all);
  await recorder.close();
  assert.deepEqual(segments(store), [
    "ktop-000001-20261120T180001Z.gz",
    "ktop-000002-20261120T190020Z.gz",
    "ktop-000003-20261120T200039Z.gz",
  ]);
  const { json, warnings } = await replayed(store);
  assert.deepEqual(warnings, []);
  assert.equal(json, printed(all));
});

Deno.test("DirectoryReader starts at any position, and counts ticks and their times without reading them", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  const all = seconds(1, 2 * HOUR_S, 31);
  await writeAll(recorder, all); // not closed: the last block is not indexed
  for (const position of [0, 1, 59, 60, 115, 116, 117, all.length - 1]) {
    const { json } = await replayed(store, position);
    assert.equal(json, printed(all.slice(position)), `position ${position}`);
  }
  const reader = await DirectoryReader.open(store, TOOLS);
  let ticks = 0;
  let last = 0;
  for await (const span of reader.offsets()) {
    assert.deepEqual([span.position, span.time], [ticks, STARTED + all[ticks]! * 1000]);
    ticks += span.ticks;
    last = span.lastTime;
  }
  assert.deepEqual([ticks, last], [all.length, STARTED + all.at(-1)! * 1000]);
});

Deno.test("DirectoryReader has the peaks of each block, from the index or, without it, from the segment", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  const all = seconds(1, HOUR_S, 31);
  // Reads fall and latencies rise: the peaks of a block are at both of its ends.
  const falling = (second: number): Model =>
    modelOf(second, { rows: [{ pid: 7, file: "file", reads: HOUR_S - second }] });
  for (const second of all) await write(recorder, falling(second));
  await recorder.close();
  const spans = async () => {
    const found = [];
    for await (const span of (await DirectoryReader.open(store, TOOLS)).offsets()) found.push(span);
    return found;
  };
  const indexed = await spans();
  assert.ok(indexed.length > 1);
  for (const { position, ticks, peaks } of indexed) {
    const models = all.slice(position, position + ticks).map(falling);
    const expected = models.map(peaksOf).reduce(joinPeaks);
    assert.deepEqual(Object.keys(peaks).sort(), Object.keys(expected).sort());
    for (const kind of PEAK_KINDS) {
      const [peak, exact] = [peaks[kind], expected[kind]];
      assert.deepEqual([peak?.value, peak?.atMs], [exact && Math.ceil(exact.value), exact?.atMs]);
    }
  }
  for (const name of [...store.files.keys()]) if (name.endsWith(".index")) store.files.delete(name);
  const [scanned, ...others] = await spans();
  assert.equal(others.length, 0);
  const whole = all.map(falling).map(peaksOf).reduce(joinPeaks);
  assert.deepEqual([scanned?.peaks.latency, scanned?.peaks.reads?.atMs], [whole.latency, whole.reads?.atMs]);
});

Deno.test("DirectoryRecorder goes on in a new segment after a cut anywhere, and every complete tick is read", async () => {
  const random = randomNumbers(17);
  const first = seconds(1, 100);
  const more = seconds(200, 203);
  for (let round = 0; round < 30; round++) {
    const store = new MemoryStore();
    const sizes: number[] = [];
    const recorder = await open(store);
    for (const second of first) {
      await writeAll(recorder, [second]);
      sizes.push(store.files.get(segments(store)[0]!)!.length);
    }
    // The index may be cut or lost, too.
    for (const name of [...store.files.keys()]) {
      const bytes = store.files.get(name)!;
      if (name.endsWith(".index") && round % 3 === 0) store.files.delete(name);
      else store.files.set(name, bytes.slice(0, Math.floor(random() * (bytes.length + 1))));
    }
    const { length } = store.files.get(segments(store)[0]!)!;
    const complete = first.filter((_, i) => sizes[i]! <= length);
    const next = await open(store, 200);
    await writeAll(next, more);
    await next.close();
    const { json } = await replayed(store);
    // The bytes of the cut may happen to hold a whole tick: gzip ends a tick with an empty block.
    const lines = json.split("\n").length - 1;
    assert.ok(lines >= (complete.length + more.length) * TOOLS.length, `${lines} lines, cut at ${length}`);
    const read = first.slice(0, lines / TOOLS.length - more.length);
    assert.ok(read.length <= complete.length + 1);
    assert.equal(json, printed([...read, ...more]));
    assert.equal(segments(store).length, 2);
  }
});

Deno.test("DirectoryRecorder removes segments that are too old, the oldest first", async () => {
  const store = new MemoryStore();
  const limits = { ...LIMITS, keepMs: 5 * HOUR_S * 1000 };
  const all = seconds(1, 24 * HOUR_S, 600);
  const recorder = await open(store, 0, limits);
  await writeAll(recorder, all);
  await recorder.close();
  const kept = all.filter((second) => second >= 18 * HOUR_S);
  assert.equal((await replayed(store)).json, printed(kept));
  await open(store, 24 * HOUR_S + 4 * HOUR_S, limits);
  assert.equal((await replayed(store)).json, printed(all.filter((second) => second >= 23 * HOUR_S)));
  await open(store, 48 * HOUR_S, limits);
  assert.deepEqual([...store.files.keys()], []);
});

Deno.test("DirectoryRecorder never takes more than the limit, also after it was lowered, and keeps the newest", async () => {
  const random = randomNumbers(5);
  const rows = (): { pid: number; file: string; reads: number }[] =>
    Array.from({ length: 60 }, () => ({ pid: 1, file: String(random()), reads: 1 }));
  const store = new MemoryStore();
  const maxBytes = 120_000;
  const models = seconds(1, 500).map((second) => modelOf(second, { rows: rows() }));
  const recorder = await open(store, 0, { ...LIMITS, maxBytes });
  for (const model of models) {
    await write(recorder, model);
    assert.ok(recorder.bytes <= maxBytes);
  }
  await recorder.close();
  assert.ok(store.peak <= maxBytes, `${store.peak} bytes`);
  const { json } = await replayed(store);
  const kept = json.split("\n").length - 1;
  assert.ok(kept < 500 * TOOLS.length && store.bytes > maxBytes / 2, `${kept} lines, ${store.bytes} bytes`);
  assert.equal(json, models.slice(-kept / TOOLS.length).map((model) => ndjsonLines(model)).join(""));
  const lower = await open(store, 500, { ...LIMITS, maxBytes: maxBytes / 2 });
  assert.ok(lower.bytes <= maxBytes / 2 && store.bytes <= maxBytes / 2);
  await assert.rejects(
    write(await open(new MemoryStore(), 0, { ...LIMITS, maxBytes: 6000 }), modelOf(1, { rows: rows() })),
    /does not fit into --max-size/,
  );
});

Deno.test("DirectoryRecorder fails on a full disk with a sentence, and goes on in a new segment when there is room", async () => {
  const complete = new MemoryStore();
  await writeAll(await open(complete), seconds(1, 150));
  for (let capacity = 0; capacity < complete.bytes; capacity += 397) {
    const store = new MemoryStore();
    store.capacity = capacity;
    const recorder = await open(store);
    let count = 0;
    await assert.rejects(
      async () => {
        for (const second of seconds(1, 150)) {
          await writeAll(recorder, [second]);
          count++;
        }
      },
      /^KtopError: Cannot record into DIR\/: no space is left on the device\. The ticks recorded before can be replayed\.$/,
    );
    await recorder.close();
    assert.equal(segments(store).length, count === 0 ? 0 : 1);
    store.capacity = Infinity;
    const next = await open(store, 200);
    await writeAll(next, [200, 201]);
    await next.close();
    const { json } = await replayed(store);
    // A tick whose block could not be completed is on the disk.
    const read = json.split("\n").length - 1 === (count + 3) * TOOLS.length ? count + 1 : count;
    assert.equal(json, printed([...seconds(1, read + 1), 200, 201]), `capacity ${capacity}`);
  }
});

Deno.test("DirectoryReader leaves out what is damaged, with a warning, and reads the rest", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  const all = seconds(1, 3 * HOUR_S, 10);
  await writeAll(recorder, all);
  await recorder.close();
  const [, second] = segments(store) as [string, string];
  const bytes = store.files.get(second)!;
  bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 64);
  const { json, warnings } = await replayed(store);
  const lines = json.trimEnd().split("\n");
  assert.match(warnings.join("\n"), /^DIR\/ktop-000002-.*damaged/);
  assert.ok(lines.length >= (all.length - 60) * TOOLS.length && lines.length < all.length * TOOLS.length);
  const expected = new Set(printed(all).split("\n"));
  assert.ok(lines.every((line) => expected.has(line)));
  assert.equal(lines.at(-1), printed(all).trimEnd().split("\n").at(-1));
});

Deno.test("DirectoryReader warns of a segment that is shorter than its index says, and of one that is no recording", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  const all = seconds(1, 3 * HOUR_S, 47);
  await writeAll(recorder, all);
  await recorder.close();
  const [first, second] = segments(store) as [string, string];
  const bytes = store.files.get(first)!;
  store.files.set(first, bytes.slice(0, bytes.length / 2));
  store.files.set(second, Uint8Array.of(9, 9, 9));
  store.files.delete(second.replace(/gz$/, "index"));
  const { json, warnings } = await replayed(store);
  const missing =
    /^DIR\/ktop-000001-20261120T180001Z\.gz is shorter than its index says: (\d+) ticks are missing\.$/;
  const lost = Number(missing.exec(warnings[0]!)?.[1]);
  // Whether the cut is within a tick depends on how it is compressed.
  const others = warnings.slice(1).filter((text) => !text.includes("incomplete last tick"));
  assert.deepEqual(others, [`DIR/${second} is damaged and is left out.`]);
  const ofFirst = all.filter((at) => at < HOUR_S), ofThird = all.filter((at) => at >= 2 * HOUR_S);
  assert.ok(lost > 0 && lost < ofFirst.length);
  assert.equal(json, printed([...ofFirst.slice(0, -lost), ...ofThird]));
});

Deno.test("DirectoryReader merges segments with other tools: a tool that is missing in one is unavailable there", async () => {
  const store = new MemoryStore();
  const recorder = await open(store);
  await writeAll(recorder, [1, 2]);
  await recorder.close();
  const next = await open(store, 10);
  const model = modelOf(11);
  await write(next, { ...model, tools: model.tools.slice(1) });
  await next.close();
  const reader = await DirectoryReader.open(store, TOOLS);
  assert.deepEqual(reader.header.tools.map(({ tool }) => tool.name), ["calls", "waits", "files"]);
  assert.equal(reader.header.startedMs, STARTED + 1000);
  const states: string[] = [];
  for await (const { tick } of reader.ticks()) {
    const files = nextModel(initialModel(reader.header), reader.header, tick).tools[2]!;
    states.push(files.state.kind === "running" ? `${files.tick?.rows.length} rows` : "unavailable");
  }
  assert.deepEqual(states, ["1 rows", "1 rows", "unavailable"]);
});

Deno.test("DirectoryReader ignores other files, and refuses a directory without ticks", async () => {
  const store = new MemoryStore();
  store.files.set("lock", new Uint8Array());
  store.files.set("notes.gz", new Uint8Array([1, 2, 3]));
  store.files.set("ktop-000001-20261120T180001Z.gz", new Uint8Array([9, 9, 9]));
  store.files.set(
    "ktop-000007-20261120T180001Z.index",
    Uint8Array.from(new TextEncoder().encode("ktop-index 1 -\n")),
  );
  await assert.rejects(DirectoryReader.open(store, TOOLS), /DIR\/ is a directory without recorded ticks/);
  const recorder = await open(store);
  await writeAll(recorder, [1]);
  await recorder.close();
  assert.equal((await replayed(store)).json, printed([1]));
  assert.ok(store.files.has("notes.gz") && store.files.has("lock"));
});
