/**
 * Runs tools: attaches and samples them, turns samples into ticks, keeps their history, and publishes the model that a
 * screen draws. This room must not depend on a terminal, an output format or a pointer.
 *
 * @module
 */
export { callAfter, Clock, INTERVAL_RANGE, realTimers, type Timers, turns } from "./clock.ts";
export { Monitor } from "./monitor.ts";
export { addSnapshot, addTick, NO_HISTORY, restartSums, toolModel } from "./history/history.ts";
export { HISTORY_LIMITS, lastNotAfter } from "./history/limits.ts";
export { growRing, limitsOf, MAX_MEMORY, type ReplayLimits, replayLimitsOf } from "./memory.ts";
export { flagsAt, modelAt, snapshotAt } from "./history/rewind.ts";
export { countedPid, narrowToGroups, narrowTools, processInRows, scopedTools } from "./narrow.ts";
export { mostUrgent, pollDeadline, Poller } from "./poller.ts";
export { enableStats, sampleProbes, statsFailure } from "./probe_cost.ts";
export { probes, probeTick } from "./probes.ts";
export { Runner } from "./runner.ts";
export type { ToolRequest } from "./slot.ts";
