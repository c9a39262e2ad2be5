import assert from "node:assert/strict";
import {
  header,
  modelOf,
  recordingText,
  STARTED,
  textSource,
  TOOLS,
} from "../../tests/support/recordings.ts";
import type { Model, Row, ToolModel } from "../model/mod.ts";
import { addSnapshot, addTick, NO_HISTORY, toolModel } from "../monitor/mod.ts";
import { joinPieces } from "../output/mod.ts";
import { pastRecording } from "./past.ts";
import { Replay } from "./replay.ts";
import { RecordingReader } from "./reader.ts";

/** The model after these models, with the history of their ticks. */
function kept(models: readonly Model[]): Model {
  const last = models.at(-1)!;
  return {
    ...last,
    snapshots: models.reduce((list, model) => addSnapshot(list, model), [] as Model["snapshots"]),
    tools: last.tools.map(({ tool, state, tick }, i): ToolModel => {
      const ticks = models.flatMap(({ tools }) => tools[i]!.tick ?? []);
      const history = ticks.reduce((past, tick) => addTick(past, tick, tool), NO_HISTORY);
      return { ...toolModel({ tool, state, tick, history }), flags: {} };
    }),
  };
}

const models = (ticks: number): Model[] => Array.from({ length: ticks }, (_, i) => modelOf(i + 1));

const written = (model: Model): string => Array.from(pastRecording(model, "0.1.0"), joinPieces).join("");

const linesOf = (text: string): Record<string, unknown>[] =>
  text.trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("pastRecording() writes the kept ticks as record wrote them", () => {
  const [first, ...rest] = written(kept(models(5))).split("\n");
  const [, ...recorded] = recordingText(5).split("\n");
  assert.deepEqual(rest, recorded);
  const expected = { ...JSON.parse(header()), started: new Date(STARTED + 1000).toISOString() };
  const { zones: _zones, ...found } = JSON.parse(first!);
  const { zones: _recordedZones, ...wanted } = expected;
  assert.deepEqual(found, wanted);
});

Deno.test("pastRecording() writes a part for the header and for each tick, so that one tick is in memory at a time", () => {
  const parts = pastRecording(kept(models(3)), "0.1.0");
  const trailers = [...parts].map((part) => linesOf(joinPieces(part)).at(-1)!.tick);
  assert.deepEqual(trailers, [undefined, 1, 2, 3]);
});

Deno.test("pastRecording() counts rows that the history dropped as lost, and writes every row of the newest tick", () => {
  const rows: Row[] = Array.from({ length: 150 }, (_, i) => ({ pid: i, file: "f", reads: 1 }));
  const lines = linesOf(written(kept([modelOf(1, { rows }), modelOf(2, { rows })])));
  const files = lines.filter(({ tool }) => tool === "files") as { rows: unknown[]; lost: unknown }[];
  assert.deepEqual(files.map(({ rows, lost }) => [rows.length, lost]), [
    [100, { events: 0, keys: 50, runs: 0 }],
    [150, { events: 0, keys: 0, runs: 0 }],
  ]);
});

Deno.test("pastRecording() writes the ticks of a tool that has failed since, and then the reason", async () => {
  const model = kept(models(4));
  const failed = { kind: "unavailable", reason: "gone", remedy: "" } as const;
  const tools = model.tools.map((tool, i) =>
    i > 0 ? tool : { ...tool, state: failed, tick: null, pastTicks: tool.pastTicks.until(STARTED + 2000) }
  );
  const reader = await RecordingReader.open(textSource(written({ ...model, tools })), TOOLS);
  const seen: unknown[] = [];
  for await (const { tick } of reader.ticks()) {
    seen.push([tick.toolTicks.get("files")?.rows[0]?.file, tick.failed.get("files")?.kind]);
  }
  assert.deepEqual(seen, [
    ["file-1", undefined],
    ["file-2", undefined],
    [undefined, "unavailable"],
    [undefined, "unavailable"],
  ]);
});

Deno.test("pastRecording() writes filters, tier and flags, and leaves out panes that no tool is behind", async () => {
  const model = kept(models(1));
  const restrictions = { pid: 7, comm: "sh", tier: "kprobe" };
  const tools = model.tools.map((tool, i) => ({ ...tool, flags: [{ rows: 3 }, {}, undefined][i] }));
  const text = written({ ...model, restrictions, tools: tools as ToolModel[] });
  const { header } = await RecordingReader.open(textSource(text), TOOLS);
  assert.deepEqual(header.restrictions, restrictions);
  assert.deepEqual(header.tools.map(({ tool, flags }) => [tool.name, flags]), [["files", { rows: 3 }], [
    "calls",
    {},
  ]]);
  assert.doesNotMatch(text, /waits/);
});

Deno.test("pastRecording() of a model before its first tick is a recording without ticks", async () => {
  const reader = await RecordingReader.open(
    textSource(written({ ...kept([modelOf(0)]), snapshots: [] })),
    TOOLS,
  );
  const replay = new Replay(reader, { demo: false });
  await replay.start();
  assert.deepEqual([replay.model().snapshots, replay.failure], [[], null]);
  replay.close();
});
