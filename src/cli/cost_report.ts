/**
 * `ktop TOOL --cost`: what the tool's BPF programs cost, as one table at the end of the run.
 *
 * @module
 */
import { textColumns, type Tick } from "../model/mod.ts";
import { deriveProbes, measureRunTime, probes, refusal, type Runner, sampleProbes } from "../monitor/mod.ts";
import { textFormat } from "../output/mod.ts";

/** Starts measuring. The returned function stops it and returns the report, lines of text. */
export function startCostReport(runner: Runner): () => string {
  let measurement: ReturnType<typeof measureRunTime>;
  try {
    measurement = measureRunTime();
  } catch (error) {
    const { reason, remedy } = refusal(error);
    return () => `${[reason, remedy].filter((part) => part !== "").join(" ")}\n`;
  }
  const first = sampleProbes([runner]);
  return () => {
    const last = sampleProbes([runner]);
    measurement.close();
    const tick: Tick = {
      ...deriveProbes(last, first),
      tool: probes.name,
      time: Date.now(),
      intervalS: (last.at - first.at) / 1000,
      tier: runner.tier,
      lost: { events: 0, keys: 0 },
    };
    const tool = probes;
    return textFormat({ tool, columns: textColumns(tool, true) }).tick(tick);
  };
}
