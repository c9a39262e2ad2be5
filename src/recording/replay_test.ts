import assert from "node:assert/strict";
import {
  header,
  modelOf,
  recordingText,
  STARTED,
  textSource,
  TOOLS,
} from "../../tests/support/recordings.ts";
import { back, forward, OneTimer, openReplay, settle } from "../../tests/support/replays.ts";
import { RecordingReader } from "./reader.ts";
import { Replay } from "./replay.ts";
import type { Source } from "./source.ts";
import { recordingTick } from "./writer.ts";

/** The shown position, and a name in its rows to verify that it is that tick. */
function shown(replay: Replay): [number, unknown] {
  const { replay: status, tools } = replay.model();
  return [status!.position, tools[0]?.tick?.rows[0]?.file];
}

Deno.test("Replay shows the first tick at once and each next one when it is due", async () => {
  const { replay, timers } = await openReplay(textSource(recordingText(3)));
  assert.deepEqual(shown(replay), [1, "file-1"]);
  assert.deepEqual([timers.delay, replay.model().replay?.total], [1000, 3]);
  timers.run();
  await settle();
  assert.deepEqual(shown(replay), [2, "file-2"]);
});

Deno.test("Replay stops at the last tick, and togglePlayback then restarts it", async () => {
  const { replay, timers, send } = await openReplay(textSource(recordingText(2)));
  timers.run();
  await settle();
  assert.deepEqual([shown(replay)[0], replay.model().replay?.state, timers.delay], [2, "end", null]);
  await send({ kind: "togglePlayback" });
  assert.deepEqual([shown(replay), replay.model().replay?.state], [[1, "file-1"], "playing"]);
});

Deno.test("Replay plays at the chosen speed, within bounds, and skips frames instead of lagging", async () => {
  const { replay, timers, send } = await openReplay(textSource(recordingText(100)));
  await send(...Array(9).fill({ kind: "changeSpeed", direction: 1 }));
  assert.deepEqual([replay.model().replay?.speed, timers.delay], [64, 1000 / 64]);
  timers.run(200);
  const due = 1 + Math.floor(200 / (1000 / 64));
  // The reader yields to the event loop more often on a busy machine.
  for (let turn = 0; turn < 1000 && shown(replay)[0] < due; turn++) await settle();
  assert.equal(shown(replay)[0], due);
  await send(...Array(20).fill({ kind: "changeSpeed", direction: -1 }));
  assert.deepEqual([replay.model().replay?.speed, timers.delay], [0.25, 4000]);
});

Deno.test("Replay goes to a time, back and forward, in memory and by reading again, and pauses", async () => {
  const { replay, send } = await openReplay(textSource(recordingText(2000), { size: 65_536 }));
  const goTo = async (seconds: number): Promise<number> => {
    await send({ kind: "goToTime", time: STARTED + seconds * 1000 });
    const [position, file] = shown(replay);
    assert.equal(file, `file-${position}`);
    return position;
  };
  assert.equal(replay.model().replay?.range.from, STARTED);
  assert.equal(replay.model().replay?.range.to, STARTED + 2_000_000);
  assert.equal(await goTo(30), 30);
  assert.equal(replay.model().replay?.state, "paused");
  assert.deepEqual([await goTo(12.9), await goTo(13), await goTo(1900.5), await goTo(1890)], [
    12,
    13,
    1900,
    1890,
  ]);
  assert.deepEqual([await goTo(700), await goTo(3), await goTo(0), await goTo(1e6)], [700, 3, 1, 2000]);
});

Deno.test("Replay starts at a time, paused", async () => {
  const reader = await RecordingReader.open(textSource(recordingText(300)), TOOLS);
  const replay = new Replay(reader, { demo: false, at: STARTED + 200_000, timers: new OneTimer() });
  await replay.start();
  await settle();
  assert.deepEqual([shown(replay), replay.model().replay?.state], [[200, "file-200"], "paused"]);
  replay.close();
});

Deno.test("Replay does not advance while paused, and steps exactly one tick in both directions", async () => {
  const { replay, timers, send } = await openReplay(textSource(recordingText(5)));
  await send({ kind: "togglePlayback" });
  assert.deepEqual([replay.model().replay?.state, timers.delay], ["paused", null]);
  await send(forward, forward, forward);
  assert.deepEqual(shown(replay), [4, "file-4"]);
  await send(back);
  assert.deepEqual(shown(replay), [3, "file-3"]);
  const { host, tools, time } = replay.model();
  assert.deepEqual([time, host.uptimeS, tools[1]?.series.get("read")?.length], [modelOf(3).time, 3, 3]);
  assert.deepEqual(tools[2]?.histograms[0]?.slots, [0, 3, 1 + 2 + 3]);
  await send(back, back, back, back);
  assert.deepEqual(shown(replay), [1, "file-1"]);
});

Deno.test("Replay steps back beyond the history by reading the recording again", async () => {
  const { replay, send } = await openReplay(textSource(recordingText(1500), { size: 65_536 }));
  await send({ kind: "jumpToEnd" });
  assert.deepEqual(shown(replay), [1500, "file-1500"]);
  await send(...Array(650).fill(back));
  assert.deepEqual(shown(replay), [850, "file-850"]);
  assert.equal(replay.model().tools[1]?.series.get("read")?.at(-1)?.toFixed(3), (8500 / 1.000123).toFixed(3));
});

Deno.test("Replay jumps a minute in both directions, and to the start and the end", async () => {
  for (const seekable of [true, false]) {
    const { replay, send } = await openReplay(textSource(recordingText(300), { size: 65_536, seekable }));
    await send({ kind: "togglePlayback" }, { kind: "jumpPlayback", seconds: 60 });
    assert.deepEqual(shown(replay), [61, "file-61"], `seekable: ${seekable}`);
    await send({ kind: "jumpPlayback", seconds: 60 }, forward, { kind: "jumpPlayback", seconds: -60 });
    assert.deepEqual(shown(replay), [62, "file-62"]);
    await send({ kind: "jumpToEnd" });
    assert.deepEqual(shown(replay), [300, "file-300"]);
    assert.deepEqual(replay.model().replay?.state, "end");
    await send({ kind: "jumpToStart" });
    assert.deepEqual(shown(replay), [1, "file-1"]);
    await send({ kind: "jumpPlayback", seconds: -60 });
    assert.deepEqual(shown(replay), [1, "file-1"]);
  }
});

Deno.test("Replay shows ticks from a pipe as they arrive, and handles commands in between", async () => {
  const more = Promise.withResolvers<void>();
  const made = recordingText(8).split(/(?<=\n)(?=\{"v":1,"tool":"files")/);
  const [before, after] = [made.slice(0, 6).join(""), made.slice(6).join("")];
  const encoder = new TextEncoder();
  const { replay } = await openReplay({
    name: "pipe",
    seekable: false,
    async *read() {
      yield encoder.encode(before);
      await more.promise;
      yield encoder.encode(after);
    },
  });
  let changed = Promise.withResolvers<void>();
  replay.onChange(() => {
    changed.resolve();
    changed = Promise.withResolvers();
  });
  const reaches = async (position: number, state: string): Promise<void> => {
    const status = () => replay.model().replay!;
    while (status().position !== position || status().state !== state) await changed.promise;
  };
  replay.perform({ kind: "togglePlayback" });
  await reaches(1, "paused");
  replay.perform({ kind: "jumpToEnd" });
  await reaches(5, "paused");
  assert.deepEqual(shown(replay), [5, "file-5"]);
  replay.perform({ kind: "jumpPlayback", seconds: 60 }); // nothing has arrived
  replay.perform(forward);
  replay.perform(back);
  await reaches(4, "paused");
  more.resolve();
  replay.perform({ kind: "jumpPlayback", seconds: 60 });
  await reaches(8, "end");
  assert.deepEqual(shown(replay), [8, "file-8"]);
});

Deno.test("Replay jumps a minute back after the history was cleared", async () => {
  const { replay, send } = await openReplay(textSource(recordingText(200), { size: 65_536 }));
  await send({ kind: "jumpToEnd" });
  replay.perform({ kind: "clear" });
  await send({ kind: "jumpPlayback", seconds: -60 });
  assert.deepEqual(shown(replay), [140, "file-140"]);
});

Deno.test("Replay.clear() clears the history and stays at the tick", async () => {
  const { replay, send } = await openReplay(textSource(recordingText(9)));
  await send({ kind: "jumpToEnd" }, back);
  replay.perform({ kind: "clear" });
  await settle();
  assert.deepEqual(shown(replay), [8, "file-8"]);
  assert.deepEqual(replay.model().tools[2]?.histograms, []);
  await send(forward);
  assert.deepEqual(replay.model().tools[2]?.histograms[0]?.slots, [0, 1, 9]);
});

Deno.test("Replay reports the position of an invalid line, and steps back from there", async () => {
  const { replay, timers, send } = await openReplay(textSource(recordingText(2) + "garbage\n"));
  timers.run();
  await settle();
  assert.deepEqual([shown(replay)[0], replay.model().replay?.state, timers.delay], [2, "failed", null]);
  assert.match(String(replay.failure), /after 2 ticks/);
  await send(back);
  assert.deepEqual(shown(replay), [1, "file-1"]);
});

Deno.test("Replay of a recording without a tick is at its end", async () => {
  const { replay, send } = await openReplay(textSource(recordingText(0)));
  await send(back, forward, { kind: "jumpPlayback", seconds: -60 }, { kind: "jumpToEnd" }, {
    kind: "jumpToStart",
  });
  assert.deepEqual([replay.model().replay?.position, replay.model().replay?.state], [0, "end"]);
});

Deno.test("Replay plays a recording whose clock runs backwards, stops or jumps", async () => {
  const times = [5000, 1000, 1000, 9e12, 3000, 3000];
  const text = recordingText(0) + times.map((offset, i) => {
    const line = recordingText(i + 1).slice(recordingText(i).length);
    return line.replaceAll(
      /"time":"2026[^"]*"/g,
      `"time":"${new Date(Date.UTC(2026) + offset).toISOString()}"`,
    );
  }).join("");
  const { replay, timers, send } = await openReplay(textSource(text));
  for (let i = 1; i < times.length; i++) {
    assert.ok(timers.delay! >= 0 && timers.delay! <= 3_600_000, String(timers.delay));
    timers.run();
    await settle();
  }
  assert.deepEqual(shown(replay), [6, "file-6"]);
  await send(back, back, { kind: "jumpPlayback", seconds: -60 }, { kind: "jumpPlayback", seconds: 60 }, back);
  assert.equal(replay.failure, null);
});

Deno.test("Replay pauses when stepped while playing", async () => {
  const { replay, timers, send } = await openReplay(textSource(recordingText(5)));
  await send(forward);
  assert.deepEqual([shown(replay)[0], replay.model().replay?.state, timers.delay], [2, "paused", null]);
});

Deno.test("Replay shows the reason of a failed tool from the tick at which it failed", async () => {
  const gone = { kind: "unavailable", reason: "gone", remedy: "" } as const;
  const text = recordingText(1) + recordingTick(modelOf(2, { states: [gone] }), 2);
  const { replay, send } = await openReplay(textSource(text));
  assert.equal(replay.model().tools[0]?.state.kind, "running");
  await send(forward);
  assert.deepEqual(replay.model().tools[0]?.state, gone);
});

Deno.test("Replay.close() stops reading and leaves no timer", async () => {
  const source = textSource(recordingText(3));
  const { replay, timers } = await openReplay(source);
  const { reads } = source;
  replay.close();
  replay.close();
  replay.perform({ kind: "jumpToStart" });
  await settle();
  assert.deepEqual([shown(replay)[0], timers.delay, source.reads], [1, null, reads]);
});

/** A recording that never ends: its first tick, then a text again and again. `ended` resolves when two reads have ended. */
function endless(text: string): Source & { readonly ended: Promise<void> } {
  const encoder = new TextEncoder();
  const chunk = encoder.encode(text.repeat(Math.ceil(65_536 / text.length)));
  const ended = Promise.withResolvers<void>();
  let reads = 2;
  return {
    name: "endless",
    seekable: true,
    ended: ended.promise,
    async *read(): AsyncGenerator<Uint8Array> {
      try {
        yield encoder.encode(recordingText(1));
        for (let chunks = 0; chunks < 2000; chunks++) yield await Promise.resolve(chunk);
        throw new Error("nothing stopped reading");
      } finally {
        if (--reads === 0) ended.resolve();
      }
    },
  };
}

Deno.test("Replay shows a tick, performs commands and closes while it reads a part without ticks", async () => {
  for (const text of ["\n", "{}\n"]) {
    const source = endless(text);
    const replay = new Replay(await RecordingReader.open(source, TOOLS), { demo: false });
    const indexed = replay.start();
    await replay.perform({ kind: "changeSpeed", direction: 1 }); // queued after the move to the first tick
    replay.perform({ kind: "jumpToEnd" });
    replay.perform({ kind: "setPivot", id: 7 });
    await settle();
    assert.deepEqual([shown(replay), replay.model().pivot?.pid], [[1, "file-1"], 7]);
    replay.close();
    await Promise.all([indexed, source.ended]);
    assert.equal(replay.failure, null);
  }
});

Deno.test("Replay lets the event loop run while it jumps over many ticks", async () => {
  const source = endless(recordingText(1).slice(header().length));
  const replay = new Replay(await RecordingReader.open(source, TOOLS), { demo: false });
  const indexed = replay.start();
  replay.perform({ kind: "jumpToEnd" });
  await settle();
  replay.close();
  await Promise.all([indexed, source.ended]);
  assert.equal(replay.failure, null);
});
