/**
 * `ktop TOOL --cost`: what the tool's BPF programs cost, as one table at the end of the run.
 *
 * @module
 */
import { textColumns } from "../model/mod.ts";
import { enableStats, probes, probeTick, type Runner, sampleProbes, statsFailure } from "../monitor/mod.ts";
import { textFormat } from "../output/mod.ts";
import { humanBytes } from "../text/mod.ts";

/** Starts measuring. The returned function stops it and returns the report, lines of text. */
export function startCostReport(runner: Runner): () => string {
  let stats: ReturnType<typeof enableStats>;
  try {
    stats = enableStats();
  } catch (error) {
    const { reason, remedy } = statsFailure(error);
    return () => `${[reason, remedy].filter((part) => part !== "").join(" ")}\n`;
  }
  const first = sampleProbes([runner]);
  return () => {
    const last = sampleProbes([runner]);
    stats.close();
    const table = textFormat({ tool: probes, columns: textColumns(probes, true) }).tick(
      probeTick(last, first),
    );
    const { mapBytes } = runner;
    return mapBytes === null
      ? table
      : `${table}Kernel memory of its maps and ring buffers: ${humanBytes(mapBytes)}.\n`;
  };
}
