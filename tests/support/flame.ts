/**
 * A screen with one pane of stacks.
 *
 * @module
 */
import type { Model, Row, Tick } from "../../src/model/mod.ts";
import { addTick, NO_HISTORY, toolModel } from "../../src/monitor/mod.ts";
import { type Context, initialUi } from "../../src/tui/state/mod.ts";
import { FakeMonitor } from "./fake_monitor.ts";
import { profile, RUNNING } from "./fake_tools.ts";
import { LIVE } from "./test_screen.ts";

const START = Date.UTC(2026, 10, 20, 18, 0, 0);

/** A row of web (1) or db (2). */
export const row = (pid: number, samples: number, stack: string, kernelFrames = 0): Row => ({
  pid,
  comm: pid === 1 ? "web" : "db",
  samples,
  stack,
  kernel_frames: kernelFrames,
});

/** Half of the samples are of web: 30 in parse, 20 in read; the others of db: 40 in scan, 10 in its own main. */
export const ROWS = [
  row(1, 30, "main;serve;parse"),
  row(1, 20, "main;serve;read;vfs_read", 1),
  row(2, 40, "main;scan"),
  row(2, 10, "main"),
];

/** A model with one pane of stacks that had these rows, an interval a second. */
export function flameModel(intervals: readonly (readonly Row[])[]): Model {
  let history = NO_HISTORY;
  let tick: Tick | null = null;
  intervals.forEach((rows, i) => {
    const lost = { events: 0, keys: 0, runs: 0 };
    tick = { tool: "profile", time: START + i * 1000, intervalS: 1, tier: "tracepoint", rows, lost };
    history = addTick(history, tick, profile);
  });
  return {
    ...new FakeMonitor().model(),
    time: START,
    tools: [toolModel({ tool: profile, state: RUNNING, tick, history })],
  };
}

/** A screen of 60×16 cells, or of another size. */
export function flameContext(model: Model, [width, height] = [60, 16]): Context {
  return { ui: initialUi(1), model, size: { width: width!, height: height! }, capabilities: LIVE };
}
