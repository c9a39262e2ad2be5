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
import type { MachineFigures } from "../model/mod.ts";
import { ndjsonLine, ndjsonLines } from "../output/mod.ts";
import { recordingTick } from "./writer.ts";
import { RecordingError } from "./fields.ts";
import { RecordingReader } from "./reader.ts";
import { bytesSource, type Source } from "./source.ts";

async function read(
  source: Source,
): Promise<{ reader: RecordingReader; positions: number[]; ndjson: string }> {
  const reader = await RecordingReader.open(source, TOOLS);
  const positions: number[] = [];
  let ndjson = "";
  for await (const { position, tick } of reader.ticks()) {
    positions.push(position);
    for (const tool of TOOLS) {
      const one = tick.toolTicks.get(tool.name);
      if (one) ndjson += ndjsonLine(one, tool);
    }
  }
  return { reader, positions, ndjson };
}

/** What `--json` prints of such a run. */
const printed = (ticks: number): string =>
  Array.from({ length: ticks }, (_, i) => ndjsonLines(modelOf(i + 1))).join("");

Deno.test("RecordingReader.ticks() returns the recorded NDJSON, plain and gzip", async () => {
  const bytes = new TextEncoder().encode(recordingText(5));
  for (
    const source of [
      bytesSource("plain", bytes),
      bytesSource("gzip", gzipSync(bytes)),
      textSource(recordingText(5)),
    ]
  ) {
    const { ndjson, reader } = await read(source);
    assert.equal(ndjson, printed(5), source.name);
    assert.deepEqual(reader.warnings, []);
  }
});

Deno.test("RecordingReader.ticks() restores map fill, load, uptime and ktop's own cost", async () => {
  const reader = await RecordingReader.open(textSource(recordingText(1)), TOOLS);
  for await (const { tick } of reader.ticks()) {
    assert.equal(tick.toolTicks.get("files")?.mapFill, 0.25);
    const { host, self, time } = modelOf(1);
    const { host: _host, kernel: _kernel, ...rest } = host;
    assert.deepEqual([tick.host, tick.self, tick.time], [rest, self, time]);
  }
});

Deno.test("RecordingReader.ticks() restores the figures of the machine, those that were measured", async () => {
  const traffic = { inBytes: 4096, outBytes: 512, intervalS: 1.00025 };
  const cases: MachineFigures[] = [
    {},
    { network: null, disks: null },
    { pressure: { cpu: { some: 1.5, full: null } }, network: traffic },
    {
      pressure: {
        cpu: { some: 0, full: null },
        io: { some: 100, full: 0.01 },
        memory: { some: 3.25, full: 0 },
      },
      network: { ...traffic, inBytes: 2 ** 50 },
      disks: traffic,
    },
  ];
  for (const figures of cases) {
    const model = modelOf(1);
    const text = header() + recordingTick({ ...model, host: { ...model.host, ...figures } }, 1);
    const reader = await RecordingReader.open(textSource(text), TOOLS);
    for await (const { tick } of reader.ticks()) {
      const { uptimeS: _uptime, load: _load, tasks: _tasks, ...rest } = tick.host;
      assert.deepEqual(rest, figures);
    }
  }
});

Deno.test("RecordingReader.ticks() ignores figures of the machine that cannot be", async () => {
  const trailer = recordingTick(modelOf(1), 1).replace(
    '"uptime_s"',
    '"pressure":{"cpu_some_pct":101,"io_some_pct":-1,"memory_full_pct":"9"},"network":{"received_bytes":"x"},"uptime_s"',
  );
  const reader = await RecordingReader.open(textSource(header() + trailer), TOOLS);
  for await (const { tick } of reader.ticks()) {
    assert.equal(tick.host.pressure, undefined);
    assert.deepEqual(tick.host.network, { inBytes: 0, outBytes: 0, intervalS: 1 });
  }
});

Deno.test("RecordingReader.ticks() discards a tick truncated at any byte, with a warning", async () => {
  const text = recordingText(3);
  const lastTick = recordingText(2).length;
  for (let length = lastTick; length < text.length; length += 41) {
    const { positions, reader } = await read(textSource(text.slice(0, length)));
    assert.deepEqual(positions, [0, 1], `cut after ${length}`);
    const truncations = reader.warnings.filter((warning) => /truncated/.test(warning));
    assert.equal(truncations.length, length === lastTick ? 0 : 1, `cut after ${length}`);
  }
});

Deno.test("RecordingReader.ticks() yields every complete tick of a truncated gzip stream", async () => {
  const bytes = gzipSync(new TextEncoder().encode(recordingText(200)));
  const { positions } = await read(bytesSource("cut", bytes.subarray(0, bytes.length - 20)));
  assert.ok(positions.length > 100, `${positions.length} ticks`);
});

Deno.test("RecordingReader.ticks() reports damaged gzip data", async () => {
  const bytes = gzipSync(new TextEncoder().encode(recordingText(200)));
  bytes.fill(0xff, 400, 500);
  await assert.rejects(read(bytesSource("The file", bytes)), /The file.*damaged gzip data/);
});

Deno.test("RecordingReader.open() rejects a source that is not a recording, and names it", async () => {
  for (const text of ["", "hello\n", "{}\n", header().slice(0, 50), "\x1f\x8bno gzip"]) {
    await assert.rejects(
      read(textSource(text)),
      (error) => error instanceof RecordingError && error.message.startsWith("test.ktop "),
      JSON.stringify(text),
    );
  }
});

Deno.test("RecordingReader.ticks() reports the position of an invalid line", async () => {
  await assert.rejects(
    read(textSource(recordingText(2) + "not json\n")),
    /after 2 ticks a line is not a JSON object/,
  );
});

Deno.test("RecordingReader.ticks() rejects a tick that never ends", async () => {
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

Deno.test("RecordingReader.offsets() finds the offsets from which ticks() can read", async () => {
  const reader = await RecordingReader.open(textSource(recordingText(6)), TOOLS);
  const found = [];
  for await (const place of reader.offsets()) found.push(place);
  const { time } = modelOf(4);
  assert.deepEqual([found.length, found[3]!.position, found[3]!.time], [6, 3, time]);
  for await (const { position, tick } of reader.ticks(found[3])) {
    assert.deepEqual([position, tick.time], [3, time]);
    break;
  }
});

Deno.test("RecordingReader.ticks() reports a tool that failed while recording", async () => {
  const failed = { kind: "unavailable", reason: "gone", remedy: "" } as const;
  const text = recordingText(1) + recordingTick(modelOf(2, { states: [failed] }), 2);
  const states = [];
  const reader = await RecordingReader.open(chunkedSource(new TextEncoder().encode(text)), TOOLS);
  for await (const { tick } of reader.ticks()) states.push(tick.failed.get("files"));
  assert.deepEqual(states, [undefined, failed]);
});
