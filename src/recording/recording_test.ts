import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  chunkedSource,
  header,
  modelOf,
  recordingText,
  textSource,
  TOOLS,
} from "../../tests/support/recordings.ts";
import { ndjsonLine, ndjsonLines } from "../output/mod.ts";
import { recordingTick } from "./writer.ts";
import { RecordingError } from "./fields.ts";
import { Recording } from "./recording.ts";
import { bytesSource, type Source } from "./source.ts";

async function read(source: Source): Promise<{ recording: Recording; positions: number[]; ndjson: string }> {
  const recording = await Recording.open(source, TOOLS);
  const positions: number[] = [];
  let ndjson = "";
  for await (const { position, tick } of recording.ticks()) {
    positions.push(position);
    for (const tool of TOOLS) {
      const one = tick.ticks.get(tool.name);
      if (one) ndjson += ndjsonLine(one, tool);
    }
  }
  return { recording, positions, ndjson };
}

/** What `--json` prints of such a run. */
const printed = (ticks: number): string =>
  Array.from({ length: ticks }, (_, i) => ndjsonLines(modelOf(i + 1))).join("");

Deno.test("Recording.ticks() gives the same NDJSON that was recorded, plain and gzip", async () => {
  const bytes = new TextEncoder().encode(recordingText(5));
  for (
    const source of [
      bytesSource("plain", bytes),
      bytesSource("gzip", gzipSync(bytes)),
      textSource(recordingText(5)),
    ]
  ) {
    const { ndjson, recording } = await read(source);
    assert.equal(ndjson, printed(5), source.name);
    assert.deepEqual(recording.notes, []);
  }
});

Deno.test("Recording.ticks() keeps what JSON lacks: map fill, load, uptime, ktop's own cost", async () => {
  const recording = await Recording.open(textSource(recordingText(1)), TOOLS);
  for await (const { tick } of recording.ticks()) {
    assert.equal(tick.ticks.get("files")?.mapFill, 0.25);
    const { host, self, time } = modelOf(1);
    const { host: _host, kernel: _kernel, ...rest } = host;
    assert.deepEqual([tick.host, tick.self, tick.time], [rest, self, time]);
  }
});

Deno.test("Recording.ticks() leaves out a tick that was cut off, wherever that happened, and says so", async () => {
  const text = recordingText(3);
  const lastTick = recordingText(2).length;
  for (let length = lastTick; length < text.length; length += 41) {
    const { positions, recording } = await read(textSource(text.slice(0, length)));
    assert.deepEqual(positions, [0, 1], `cut after ${length}`);
    const cutNotes = recording.notes.filter((note) => /cut off/.test(note));
    assert.equal(cutNotes.length, length === lastTick ? 0 : 1, `cut after ${length}`);
  }
});

Deno.test("Recording.ticks() gives all that a gzip stream without an end holds", async () => {
  const bytes = gzipSync(new TextEncoder().encode(recordingText(200)));
  const { positions } = await read(bytesSource("cut", bytes.subarray(0, bytes.length - 20)));
  assert.ok(positions.length > 100, `${positions.length} ticks`);
});

Deno.test("Recording.ticks() names gzip data that is damaged", async () => {
  const bytes = gzipSync(new TextEncoder().encode(recordingText(200)));
  bytes.fill(0xff, 400, 500);
  await assert.rejects(read(bytesSource("The file", bytes)), /The file.*damaged gzip data/);
});

Deno.test("Recording.open() refuses what is no recording, naming it", async () => {
  for (const text of ["", "hello\n", "{}\n", header().slice(0, 50), "\x1f\x8bno gzip"]) {
    await assert.rejects(
      read(textSource(text)),
      (error) => error instanceof RecordingError && error.message.startsWith("test.ktop "),
      JSON.stringify(text),
    );
  }
});

Deno.test("Recording.ticks() names the place of a line that ktop cannot have written", async () => {
  await assert.rejects(
    read(textSource(recordingText(2) + "not json\n")),
    /after 2 ticks a line is not a JSON object/,
  );
});

Deno.test("Recording.ticks() refuses a tick that never ends", async () => {
  const [line] = recordingTick(
    modelOf(1, { rows: Array(10_000).fill({ pid: 1, file: "x".repeat(200), reads: 1 }) }),
    1,
  )
    .split("\n");
  const bytes = new TextEncoder().encode(line + "\n");
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(header());
    while (true) {
      sent += bytes.length;
      yield await Promise.resolve(bytes);
    }
  }
  await assert.rejects(read({ name: "x", seekable: false, read: endless }), /too large/);
  assert.ok(sent < 100e6, `${sent} bytes were read`);
});

Deno.test("Recording.places() finds the ticks that Recording.ticks() finds, where they can be read from", async () => {
  const recording = await Recording.open(textSource(recordingText(6)), TOOLS);
  const found = [];
  for await (const place of recording.places()) found.push(place);
  const { time } = modelOf(4);
  assert.deepEqual([found.length, found[3]!.position, found[3]!.time], [6, 3, time]);
  for await (const { position, tick } of recording.ticks(found[3])) {
    assert.deepEqual([position, tick.time], [3, time]);
    break;
  }
});

Deno.test("Recording.ticks() tells of a tool that failed on the way", async () => {
  const failed = { kind: "unavailable", reason: "gone", remedy: "" } as const;
  const text = recordingText(1) + recordingTick(modelOf(2, { states: [failed] }), 2);
  const states = [];
  const recording = await Recording.open(chunkedSource(new TextEncoder().encode(text)), TOOLS);
  for await (const { tick } of recording.ticks()) states.push(tick.failed.get("files"));
  assert.deepEqual(states, [undefined, failed]);
});
