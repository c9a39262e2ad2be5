import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { Model } from "../../model/mod.ts";
import { addTick, NO_HISTORY } from "./history.ts";
import { modelAt, momentBeside, toolModel } from "./rewind.ts";

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

/** What a person sees of a model, without what leads further back. */
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

Deno.test("modelAt() is what the model was then: rows, events, series, sums", () => {
  const { models, newest } = ran(100);
  for (const i of [0, 1, 37, 60, 98, 99]) {
    const then = models[i] as Model;
    assert.deepEqual(seen(modelAt(newest, then.time)), seen(then), `after ${i}`);
  }
});

Deno.test("modelAt() takes the last moment that is not after the time, and the oldest when all are", () => {
  const { models, newest } = ran(20);
  assert.equal(modelAt(newest, (models[7] as Model).time + 999).time, models[7]?.time);
  assert.equal(modelAt(newest, 0).time, models[0]?.time);
  assert.equal(modelAt(newest, Infinity).time, newest.time);
});

Deno.test("modelAt() is the model itself when nothing is kept", () => {
  const model = new FakeMonitor().model();
  assert.equal(modelAt(model, 0), model);
});

Deno.test("modelAt() shows a tool without a tick at moments of which it has none", () => {
  const { models, newest } = ran(20);
  const late = newest.tools.map((tool, i) => {
    if (i > 0) return tool;
    const kept = tool.kept.after((models[9] as Model).time);
    return { ...tool, kept };
  });
  const then = modelAt({ ...newest, tools: late }, (models[5] as Model).time);
  assert.equal(then.tools[0]?.tick, null);
  assert.ok(then.tools[1]?.tick);
  const early = newest.tools.map((tool) => ({ ...tool, kept: tool.kept.until((models[4] as Model).time) }));
  const at = (i: number): Model => modelAt({ ...newest, tools: early }, (models[i] as Model).time);
  assert.deepEqual([at(4).tools[0]?.tick === null, at(5).tools[0]?.tick === null], [false, true]);
});

Deno.test("modelAt() of a past model goes further back", () => {
  const { models, newest } = ran(30);
  const then = modelAt(modelAt(newest, (models[20] as Model).time), (models[4] as Model).time);
  assert.deepEqual(seen(then), seen(models[4] as Model));
});

Deno.test("modelAt() counts the rows that were not kept", () => {
  const monitor = new FakeMonitor({ rows: 400 });
  monitor.attach();
  monitor.tick();
  monitor.tick();
  const { tick, droppedRows } = modelAt(monitor.model(), 0).tools[0]!;
  assert.deepEqual([tick?.rows.length, droppedRows], [100, 300]);
  assert.equal(monitor.model().tools[0]?.droppedRows, 0);
});

Deno.test("modelAt() knows what had been lost by then", () => {
  const { models, newest } = ran(6);
  const [table] = newest.tools;
  let history = NO_HISTORY;
  for (const model of models) {
    const tick = { ...model.tools[0]!.tick!, lost: { events: 2, keys: 3 } };
    history = addTick(history, tick, table!.tool);
  }
  const lossy = { ...newest, tools: [toolModel({ ...table!, history })] };
  assert.deepEqual(modelAt(lossy, (models[3] as Model).time).tools[0]?.lost, { events: 8, keys: 12 });
  assert.deepEqual(modelAt(lossy, (models[5] as Model).time).tools[0]?.lost, { events: 12, keys: 18 });
});

Deno.test("momentBeside() steps through the kept moments and stays at both ends", () => {
  const { models, newest } = ran(10);
  const at = (i: number): number => (models[i] as Model).time;
  assert.equal(momentBeside(newest, at(5), -1)?.time, at(4));
  assert.equal(momentBeside(newest, at(5), 2)?.time, at(7));
  assert.equal(momentBeside(newest, at(5), 99)?.time, at(9));
  assert.equal(momentBeside(newest, at(5), -99)?.time, at(0));
  assert.equal(momentBeside(new FakeMonitor().model(), 5, -1), null);
});
