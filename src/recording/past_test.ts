import assert from "node:assert/strict";
import {
  header,
  modelOf,
  recordingText,
  STARTED,
  textSource,
  TOOLS,
} from "../../tests/support/recordings.ts";
import { forward, openReplay } from "../../tests/support/replays.ts";
import { limitModelRows, type Model, type Row, type Stacks, type ToolModel } from "../model/mod.ts";
import { addSnapshot, addTick, modelAt, NO_HISTORY, toolModel } from "../monitor/mod.ts";
import { joinPieces, ndjsonLines } from "../output/mod.ts";
import { pastRecording } from "./past.ts";
import { Replay } from "./replay.ts";
import { initialModel, nextModel } from "./replay_model.ts";
import { recordingTick } from "./writer.ts";
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

Deno.test("pastRecording() writes the stacks of each tick, the largest as far as there is room, and a replay has them", async () => {
  const few: Stacks = {
    weight: "time_us",
    counts: [{ stack: "a;b", weight: 7.5 }, { stack: "a", weight: 1 }],
  };
  const many: Stacks = {
    weight: "time_us",
    counts: Array.from({ length: 100 }, (_, i) => ({ stack: `${"f".repeat(1000)}${i}`, weight: 100 - i })),
  };
  const withStacks = (number: number, stacks: Stacks): Model => {
    const model = modelOf(number);
    const [files, ...others] = model.tools;
    return { ...model, tools: [{ ...files!, tick: { ...files!.tick!, stacks } }, ...others] };
  };
  const text = written(kept([withStacks(1, few), withStacks(2, many), withStacks(3, many)]));
  const recorded = linesOf(text).filter(({ tool, rows }) => tool === "files" && rows).map((line) =>
    line.stacks as Stacks
  );
  assert.deepEqual(recorded[0], few);
  const sum = ({ counts, dropped = 0 }: Stacks): number =>
    counts.reduce((total, { weight }) => total + weight, dropped);
  for (const { counts, dropped, weight } of recorded.slice(1)) {
    assert.ok(counts.length > 10 && counts.length < 100, String(counts.length));
    assert.equal(sum({ weight, counts, dropped: dropped! }), sum(many));
  }
  const { replay, send } = await openReplay(textSource(text));
  await send({ kind: "jumpToStart" });
  assert.deepEqual(replay.model().tools[0]!.tick!.stacks, few);
});

Deno.test("pastRecording() writes a part for the header and for each tick, so that one tick is in memory at a time", () => {
  const parts = pastRecording(kept(models(3)), "0.1.0");
  const trailers = [...parts].map((part) => linesOf(joinPieces(part)).at(-1)!.tick);
  assert.deepEqual(trailers, [undefined, 1, 2, 3]);
});

Deno.test("pastRecording() counts rows that the history dropped as lost, and writes every row of the newest tick", () => {
  const rows: Row[] = Array.from({ length: 150 }, (_, i) => ({ pid: i, file: "f", reads: 1 }));
  const lines = linesOf(written(kept([modelOf(1, { rows }), modelOf(2, { rows })])));
  const files = lines.filter(({ tool }) => tool === "files") as {
    rows: unknown[];
    lost: unknown;
    dropped?: number;
  }[];
  assert.deepEqual(files.map(({ rows, lost, dropped }) => [rows.length, lost, dropped]), [
    [100, { events: 0, keys: 50, runs: 0 }, 50],
    [150, { events: 0, keys: 0, runs: 0 }, undefined],
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

/** The models of a replay after each of its ticks, the last included. */
async function replayed(text: string): Promise<Model[]> {
  const { replay, send } = await openReplay(textSource(text));
  const seen = [replay.model()];
  for (let i = 1; i < 4; i++) {
    await send(forward);
    seen.push(replay.model());
  }
  return seen;
}

Deno.test("a recording of the past keeps which process was counted at each moment", async () => {
  const pivot = { pid: 7, comm: "cleaner", state: "narrowed" } as const;
  const all = models(4).map((model, i) => ({ ...model, pivot: i >= 2 ? pivot : null }));
  const seen = await replayed(written(kept(all)));
  assert.deepEqual(seen.map(({ counted }) => counted), [undefined, undefined, pivot, pivot]);
  assert.deepEqual(seen.map((model) => model.pivot), [null, null, null, null]);
});

Deno.test("a recording of the past keeps the flags of each moment", async () => {
  const model = kept(models(4));
  const pastFlags = [{ until: STARTED + 2000, flags: { rows: 3 } }];
  const tools = model.tools.map((tool, i) => i > 0 ? tool : { ...tool, flags: { rows: 9 }, pastFlags });
  const text = written({ ...model, tools });
  assert.deepEqual((linesOf(text)[0]!.tools as { flags: unknown }[])[0]!.flags, { rows: 9 });
  const seen = await replayed(text);
  assert.deepEqual(seen.map(({ tools }) => tools[0]!.flags), [{ rows: 3 }, { rows: 3 }, { rows: 9 }, {
    rows: 9,
  }]);
  const { tools: [past] } = modelAt(seen[3]!, STARTED + 1000);
  assert.deepEqual(past!.flags, { rows: 3 });
});

Deno.test("a replay of the past shows rows that the history dropped as dropped, not as lost", async () => {
  const rows: Row[] = Array.from({ length: 150 }, (_, i) => ({ pid: i, file: "f", reads: 1 }));
  const [first] = await replayed(written(kept([1, 2, 3, 4].map((number) => modelOf(number, { rows })))));
  const { droppedRows, lost, tick } = first!.tools[0]!;
  assert.deepEqual([droppedRows, lost, tick!.rows.length], [50, { events: 0, keys: 0, runs: 0 }, 100]);
});

Deno.test("a recording of the past has the tools that are no longer shown, for the time when they were", async () => {
  const model = kept(models(4));
  const [files, ...shown] = model.tools;
  const gone = { kind: "unavailable", reason: "It was not shown at this time.", remedy: "" } as const;
  const removed = [{ ...files!, state: gone, tick: null, pastTicks: files!.pastTicks.until(STARTED + 2000) }];
  const seen = await replayed(written({ ...model, tools: shown, removed }));
  const found = seen.map(({ tools }) => tools.find(({ tool }) => tool.name === "files")!);
  assert.deepEqual(found.map(({ state, tick }) => [state.kind, tick?.rows.length]), [
    ["running", files!.tick!.rows.length],
    ["running", files!.tick!.rows.length],
    ["unavailable", undefined],
    ["unavailable", undefined],
  ]);
});

Deno.test("a replay prints the rest of limited ticks, and pastRecording() writes it again", async () => {
  const rows = Array.from({ length: 9 }, (_, i) => ({ pid: i, file: `f${i}`, reads: i }));
  const limited = models(4).map((model) => {
    const [files, calls, waits] = model.tools as [ToolModel, ToolModel, ToolModel];
    const events = Array.from({ length: 5 }, (_, i) => ({ ...waits.tick!.rows[0]!, lat_us: i }));
    return limitModelRows({
      ...model,
      tools: [
        { ...files, tick: { ...files.tick!, rows } },
        calls,
        { ...waits, tick: { ...waits.tick!, rows: events } },
      ],
    }, 2);
  });
  const printed = limited.map((model) => ndjsonLines(model)).join("");
  assert.match(printed, /"lost":\{"events":0,"keys":0,"runs":0\},"rest":\{"rows":7\}\}/);
  assert.match(
    printed,
    /"lost":\{"events":2,"keys":0,"runs":0\},"rest":\{"rows":3,"sums":\{"lat_us":3\}\}\}/,
  );
  const text = header() + limited.map((model, i) => recordingTick(model, i + 1)).join("");
  const reader = await RecordingReader.open(textSource(text), TOOLS);
  const start = initialModel(reader.header);
  let again = "";
  for await (const { tick } of reader.ticks()) again += ndjsonLines(nextModel(start, reader.header, tick));
  assert.equal(again, printed);
  const { replay, send } = await openReplay(textSource(text));
  await send(forward, forward, forward);
  const { tools } = replay.model();
  assert.deepEqual([tools[0]!.droppedRows, tools[2]!.droppedRows], [0, 3]);
  assert.deepEqual(linesOf(written(replay.model())).slice(1), linesOf(text).slice(1));
  replay.close();
});
