/**
 * Metrics about ktop itself.
 *
 * @module
 */
import type { Lost } from "../model/mod.ts";
import type { MetricFamily } from "../output/mod.ts";

/** A tool as the metrics show it. */
export interface ToolHealth {
  readonly name: string;
  /** Empty if it could not be attached. */
  readonly tier: string;
  readonly isUp: boolean;
  readonly lost: Lost;
}

/** What a BPF program has run. */
export interface ProbeTotals {
  readonly tool: string;
  readonly runs: bigint;
  readonly runTimeNs: bigint;
}

/** The version of ktop. */
export const buildFamily = (version: string): MetricFamily => ({
  name: "ktop_build",
  kind: "info",
  help: "Version of ktop.",
  series: [{ labels: [["version", version]], value: 1 }],
});

/** Which tools run. */
export const upFamily = (tools: readonly ToolHealth[]): MetricFamily => ({
  name: "ktop_tool_up",
  kind: "gauge",
  help: "1 if the tool runs, 0 if it cannot.",
  series: tools.map(({ name, tier, isUp }) => ({
    labels: [["tool", name], ["tier", tier]],
    value: isUp ? 1 : 0,
  })),
});

const LOSSES = [
  ["events", "Events that are missing: a ring buffer was full, or they exceeded --max-memory."],
  ["keys", "Map entries that are missing: the map was full, or the start of a call was missed."],
  ["runs", "Runs of BPF programs that the kernel skipped: as many calls may be missing, or none."],
] as const;

/** What the tools could not count. */
export function lostFamilies(tools: readonly ToolHealth[]): MetricFamily[] {
  return LOSSES.map(([what, help]) => ({
    name: `ktop_lost_${what}`,
    kind: "counter",
    help,
    series: tools.map(({ name, lost }) => ({ labels: [["tool", name]], value: lost[what] })),
  }));
}

/** The cost of the BPF programs; programs that tools share have their names joined by +. */
export function probeFamilies(programs: readonly ProbeTotals[]): MetricFamily[] {
  const tools = Map.groupBy(programs, ({ tool }) => tool);
  const series = (value: (program: ProbeTotals) => number) =>
    [...tools].map(([tool, own]) => ({
      labels: [["tool", tool]] as const,
      value: own.reduce((sum, program) => sum + value(program), 0),
    }));
  return [
    {
      name: "ktop_probe_run_seconds",
      kind: "counter",
      unit: "seconds",
      help: "CPU time of the BPF programs.",
      series: series(({ runTimeNs }) => Number(runTimeNs) / 1e9),
    },
    {
      name: "ktop_probe_runs",
      kind: "counter",
      help: "Runs of the BPF programs.",
      series: series(({ runs }) => Number(runs)),
    },
  ];
}
