/**
 * What several tools at once have to say on standard error: which of them cannot run, and what others run without.
 *
 * @module
 */
import type { Monitor } from "../monitor/mod.ts";

/** Says which tools are left out, and which run without something. Throws the first's reason when all are. */
export function tellLeftOut(monitor: Monitor): void {
  assertSome(monitor);
  for (const { tool, state } of monitor.model().tools) {
    if (state.kind === "unavailable") {
      console.error(`ktop: ${tool.name} is left out: ${state.reason} ${state.remedy}`.trimEnd());
    } else if (state.kind === "running") {
      for (const missing of state.missing) console.error(`ktop: ${tool.name} runs without ${missing}`);
    }
  }
}

/** Throws what the first tool failed with when none is left that runs. */
export function assertSome(monitor: Monitor): void {
  const failures = monitor.failures();
  if (failures.length === monitor.model().tools.length) throw failures[0];
}
