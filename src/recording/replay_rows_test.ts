import assert from "node:assert/strict";
import { header, modelOf, STARTED, textSource } from "../../tests/support/recordings.ts";
import { back, forward, openReplay } from "../../tests/support/replays.ts";
import { type Model, type Row, rowsBytes } from "../model/mod.ts";
import { recordingTick } from "./writer.ts";

/** The model after a tick of 900 events, one of which takes another time than the others, microseconds. */
function floodOf(number: number, rareUs = 1e6 + number, usualUs = 5): Model {
  const model = modelOf(number);
  const rows = Array.from({ length: 900 }, (_, i) => ({
    time: new Date(STARTED + number * 1000 - 500).toISOString(),
    lat_us: i === 400 ? rareUs : usualUs,
  }));
  const tools = model.tools.map((tool) =>
    tool.tool.name === "waits" ? { ...tool, tick: { ...tool.tick!, rows } } : tool
  );
  return { ...model, tools };
}

Deno.test("Replay keeps the events that pass the filter of a pane in a flood of others, also going back", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => recordingTick(floodOf(i + 1, i + 1, 1000), i + 1));
  const { replay, send } = await openReplay(textSource(header() + lines.join("")));
  const isFast = ({ lat_us }: Row): boolean => Number(lat_us) < 1000;
  const fast = (): unknown[] => replay.model().tools[2]!.events.filter(isFast).map(({ lat_us }) => lat_us);
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  await send({ kind: "jumpToEnd" });
  assert.deepEqual(fast(), [30]);
  await send({
    kind: "selectRows",
    selections: [{ tool: "waits", filter: "fast", test: () => isFast, by: null, order: null }],
  });
  await send({ kind: "jumpToStart" }, { kind: "jumpToEnd" });
  assert.deepEqual(fast(), numbers(1, 30));
  assert.equal(replay.model().tools[2]!.tick?.counted?.passed, 1);
  await send({ kind: "stepPlayback", ticks: -1 }, { kind: "stepPlayback", ticks: -1 });
  assert.deepEqual(fast(), numbers(1, 28));
});

Deno.test("Replay keeps the events that rank first in the order of a pane, also going back", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => recordingTick(floodOf(i + 1), i + 1));
  const { replay, send } = await openReplay(textSource(header() + lines.join("")));
  const order = { key: "lat_us", descending: true };
  await send({
    kind: "selectRows",
    selections: [{ tool: "waits", filter: "", test: null, by: null, order }],
  });
  await send({ kind: "jumpToStart" }, { kind: "jumpToEnd" });
  const slow = (): number[] =>
    replay.model().tools[2]!.events.map(({ lat_us }) => Number(lat_us) - 1e6).filter((number) => number > 0);
  assert.deepEqual(slow(), Array.from({ length: 30 }, (_, i) => i + 1));
  await send({ kind: "stepPlayback", ticks: -1 });
  assert.deepEqual(slow(), Array.from({ length: 29 }, (_, i) => i + 1));
});

Deno.test("Replay reads the rows of a past tick again if the history dropped them", async () => {
  const rows = Array.from({ length: 500 }, (_, i) => ({ pid: i, file: `f${i}`, reads: i }));
  const text = header() + [1, 2, 3].map((n) => recordingTick(modelOf(n, { rows }), n)).join("");
  const { replay, send } = await openReplay(textSource(text, { size: 5000 }));
  await send(forward, forward, back);
  assert.equal(replay.model().tools[0]?.tick?.rows.length, 500);
});

Deno.test("Replay keeps the rows of a tick within its memory, also of one that is read again, and counts the dropped ones", async () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({ pid: i, file: `${i}`.padEnd(4000, "x"), reads: i }));
  const text = header() + [1, 2, 3].map((n) => recordingTick(modelOf(n, { rows }), n)).join("");
  // Three tools share it: rows of 4 MB take more than one tick's quarter of a share.
  const { replay, send } = await openReplay(textSource(text, { size: 65_536 }), 16);
  await send(forward);
  for (const move of [forward, back]) {
    await send(move);
    const { tick, droppedRows } = replay.model().tools[0]!;
    assert.ok(rowsBytes(tick!.rows) <= 16 * 1024 * 1024 / 3 / 4);
    assert.ok(tick!.rows.length > 100);
    assert.deepEqual([tick!.rows.length + droppedRows, tick!.rows[0]!.pid], [1000, 0]);
  }
});
