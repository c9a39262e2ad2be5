/**
 * The clock and what hangs on it: a tool becomes a runner, its samples become ticks, ticks become the model that a
 * screen draws. This room knows no terminal, no output format and no pointer.
 *
 * @module
 */
export { callAfter, Clock, INTERVAL_RANGE, realTimers, type Timers } from "./clock.ts";
export { Monitor } from "./monitor.ts";
export { addTick, NO_HISTORY } from "./history/history.ts";
export { HISTORY_LIMITS, lastNotAfter } from "./history/limits.ts";
export { addSnapshot, modelAt, snapshotAt, toolModel } from "./history/rewind.ts";
export { Poller } from "./poller.ts";
export { measureRunTime, refusal, sampleProbes } from "./probe_cost.ts";
export { deriveProbes, probes } from "./probes.ts";
export { Runner } from "./runner.ts";
export type { ToolRequest } from "./slot.ts";
