import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { makeTick, type Model, type Snapshot, type Tick } from "../../model/mod.ts";
import { addTick, NO_HISTORY, restartSums, toolModel } from "./history.ts";
import { modelAt, snapshotAt } from "./rewind.ts";

/** A monitor that ran for some seconds, and its model after each. */
function ran(seconds: number): { models: Model[]; newest: Model } {
  const monitor = new FakeMonitor({ load: 3 });
  monitor.attach();
  const models = Array.from({ length: seconds }, () => {
    monitor.tick();
    return monitor.model();
  });
  return { models, newest: monitor.model() };
}

/** What the screen shows of a model. */
const seen = ({ host, self, time, intervalS, tools }: Model) => ({
  host,
  self,
  time,
  intervalS,
  tools: tools.map(({ state, tick, events, eventsDropped, times, series, histograms, lost }) => ({
    state,
    tick,
    events,
    eventsDropped,
    times,
    series,
    histograms,
    lost,
  })),
});

Deno.test("modelAt() equals the model of that time: rows, events, series, sums", () => {
  const { models, newest } = ran(100);
  for (const i of [0, 1, 37, 60, 98, 99]) {
    const then = models[i] as Model;
    assert.deepEqual(seen(modelAt(newest, then.time)), seen(then), `after ${i}`);
  }
});

Deno.test("modelAt() finds the sums of histograms before, between and after their restarts", () => {
  const { tool } = ran(1).newest.tools[3]!;
  const tickAt = (time: number): Tick => ({
    ...makeTick(tool, { time, intervalS: 1, tier: "fentry" }, { rows: [] }),
    histograms: [{ label: "delay", unit: "us", slots: [0, time] }],
  });
  let history = NO_HISTORY;
  const expected: number[] = [];
  const snapshots: Snapshot[] = [];
  let sum = 0;
  for (let time = 1; time <= 9; time++) {
    if (time === 4 || time === 5 || time === 8) {
      history = restartSums(history, time - 0.3);
      sum = 0;
    }
    history = addTick(history, tickAt(time), tool);
    expected.push(sum += time);
    snapshots.push({ ...ran(0).newest, time: time + 0.1 });
  }
  const state = { kind: "running", tier: "fentry", missing: [] } as const;
  const model: Model = {
    ...ran(0).newest,
    tools: [toolModel({ tool, state, tick: null, history })],
    snapshots,
  };
  const sumOf = ({ tools }: Model): number | undefined => tools[0]?.histograms[0]?.slots[1];
  assert.deepEqual(snapshots.map(({ time }) => sumOf(modelAt(model, time))), expected);
  const past = modelAt(model, 6.1);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((time) => sumOf(modelAt(past, time + 0.1))), expected.slice(0, 6));
});

Deno.test("modelAt() uses the last snapshot that is not after the time, else the oldest", () => {
  const { models, newest } = ran(20);
  assert.equal(modelAt(newest, (models[7] as Model).time + 999).time, models[7]?.time);
  assert.equal(modelAt(newest, 0).time, models[0]?.time);
  assert.equal(modelAt(newest, Infinity).time, newest.time);
});

Deno.test("modelAt() returns the model itself when it has no snapshot", () => {
  const model = new FakeMonitor().model();
  assert.equal(modelAt(model, 0), model);
});

Deno.test("modelAt() shows a tool without a tick at snapshots for which it has none", () => {
  const { models, newest } = ran(20);
  const late = newest.tools.map((tool, i) => {
    if (i > 0) return tool;
    const pastTicks = tool.pastTicks.after((models[9] as Model).time);
    return { ...tool, pastTicks };
  });
  const then = modelAt({ ...newest, tools: late }, (models[5] as Model).time);
  assert.equal(then.tools[0]?.tick, null);
  assert.ok(then.tools[1]?.tick);
  const early = newest.tools.map((tool) => ({
    ...tool,
    pastTicks: tool.pastTicks.until((models[4] as Model).time),
  }));
  const at = (i: number): Model => modelAt({ ...newest, tools: early }, (models[i] as Model).time);
  assert.deepEqual([at(4).tools[0]?.tick === null, at(5).tools[0]?.tick === null], [false, true]);
});

Deno.test("modelAt() rewinds a past model further", () => {
  const { models, newest } = ran(30);
  const then = modelAt(modelAt(newest, (models[20] as Model).time), (models[4] as Model).time);
  assert.deepEqual(seen(then), seen(models[4] as Model));
});

Deno.test("modelAt() counts dropped rows", () => {
  const monitor = new FakeMonitor({ rows: 400 });
  monitor.attach();
  monitor.tick();
  monitor.tick();
  const { tick, droppedRows } = modelAt(monitor.model(), 0).tools[0]!;
  assert.deepEqual([tick?.rows.length, droppedRows], [100, 300]);
  assert.equal(monitor.model().tools[0]?.droppedRows, 0);
});

Deno.test("modelAt() sums only the losses up to that time", () => {
  const { models, newest } = ran(6);
  const [table] = newest.tools;
  let history = NO_HISTORY;
  for (const model of models) {
    const tick = { ...model.tools[0]!.tick!, lost: { events: 2, keys: 3, runs: 5 } };
    history = addTick(history, tick, table!.tool);
  }
  const lossy = { ...newest, tools: [toolModel({ ...table!, history })] };
  assert.deepEqual(modelAt(lossy, (models[3] as Model).time).tools[0]?.lost, {
    events: 8,
    keys: 12,
    runs: 20,
  });
  assert.deepEqual(modelAt(lossy, (models[5] as Model).time).tools[0]?.lost, {
    events: 12,
    keys: 18,
    runs: 30,
  });
});

Deno.test("snapshotAt() steps through the snapshots and stops at both ends", () => {
  const { models, newest } = ran(10);
  const at = (i: number): number => (models[i] as Model).time;
  assert.equal(snapshotAt(newest, at(5), -1)?.time, at(4));
  assert.equal(snapshotAt(newest, at(5), 2)?.time, at(7));
  assert.equal(snapshotAt(newest, at(5), 99)?.time, at(9));
  assert.equal(snapshotAt(newest, at(5), -99)?.time, at(0));
  assert.equal(snapshotAt(new FakeMonitor().model(), 5, -1), null);
});
