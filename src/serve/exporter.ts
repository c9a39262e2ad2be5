/**
 * Runs tools, keeps their totals, and makes the text of a scrape from them.
 *
 * @module
 */
import {
  enableStats,
  limitsOf,
  mostUrgent,
  pollDeadline,
  Runner,
  sampleProbes,
  statsFailure,
  type ToolRequest,
  turns,
} from "../monitor/mod.ts";
import { type MetricFamily, type MetricsFormat, metricsText } from "../output/mod.ts";
import { errnoOf, PermissionError, UnsupportedError } from "../errors.ts";
import type { Backlog } from "../tools/mod.ts";
import { buildFamily, lostFamilies, probeFamilies, type ProbeTotals, upFamily } from "./health.ts";
import type { Measured } from "./tool_metrics.ts";
import { ToolTotals } from "./tool_totals.ts";

/** A tool to export. */
export interface ExportedTool extends ToolRequest {
  readonly measured: Measured;
}

/** Options of an exporter. */
export interface ExporterOptions {
  /** Memory of events that wait for the end of an interval, MiB. */
  readonly maxMemory: number;
  /** Most series of a metric, beside `other`. */
  readonly series: number;
  /** Also measure the run time of the BPF programs. */
  readonly cost: boolean;
  /** Version of ktop. */
  readonly version: string;
  /** Called when a tool cannot run, or not any more. */
  readonly onFailure: (tool: string, error: unknown) => void;
}

/** A tool that runs, or did. */
interface Running {
  readonly name: string;
  readonly totals: ToolTotals;
  runner: Runner | null;
  tier: string;
}

/** Throws PermissionError or UnsupportedError if the cost of BPF programs cannot be measured. */
function enabledStats(): ReturnType<typeof enableStats> {
  try {
    return enableStats();
  } catch (error) {
    const { reason, remedy } = statsFailure(error);
    if (errnoOf(error) === "EPERM") throw new PermissionError(reason, { cause: error, remedy });
    throw new UnsupportedError("BPF_ENABLE_STATS", reason, { cause: error, remedy });
  }
}

/** The tools of a run and their totals. */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #tools: Running[] = [];
  #stats: ReturnType<typeof enableStats> | null = null;
  #lastPolled = 0;
  readonly #texts = new Map<MetricsFormat, Uint8Array>();

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  /** Attaches the tools one after another. Throws the error of the first one if none can run. */
  async open(tools: readonly ExportedTool[]): Promise<void> {
    const { maxMemory, series, cost, onFailure } = this.#options;
    if (cost) this.#stats = enabledStats();
    const limits = limitsOf({ maxMemory, streamed: true }, tools.length);
    const failures: unknown[] = [];
    for (const { tool, options, measured } of tools) {
      const runner = await Runner.open(tool, options, limits).catch((error: unknown) => {
        failures.push(error);
        onFailure(tool.name, error);
        return null;
      });
      const totals = new ToolTotals(measured, series);
      this.#tools.push({ name: tool.name, totals, runner, tier: runner?.tier ?? "" });
    }
    if (failures.length === tools.length) throw failures[0];
  }

  /** What is missing of the running tools, as sentences. */
  missing(): string[] {
    return this.#tools.flatMap(({ name, runner }) =>
      (runner?.missing ?? []).map((missing) => `${name} runs without ${missing}`)
    );
  }

  /** Drains ring buffers between intervals: of the tools in turn, until the time of one poll is used up. */
  poll(): Backlog {
    const deadline = pollDeadline();
    const backlogs: Backlog[] = [];
    for (let i = 0; i < this.#tools.length && backlogs.at(-1) !== "more"; i++) {
      this.#lastPolled = (this.#lastPolled + 1) % this.#tools.length;
      this.#use(this.#tools[this.#lastPolled]!, (runner) => backlogs.push(runner.poll(deadline)));
    }
    return mostUrgent(backlogs);
  }

  /** Ends an interval. Throws the last failure when no tool is left. */
  async tick(): Promise<void> {
    const endTurn = turns();
    for (const tool of this.#tools) {
      this.#use(tool, (runner) => tool.totals.add(runner.tickStreamed()));
      await endTurn();
    }
    this.#texts.clear();
  }

  /** The response of a scrape. Made once an interval. */
  text(format: MetricsFormat): Uint8Array {
    const made = this.#texts.get(format);
    if (made) return made;
    const text = new TextEncoder().encode(metricsText(this.#families(), format));
    this.#texts.set(format, text);
    return text;
  }

  /** Detaches everything. May be called twice. */
  close(): void {
    this.#stats?.close();
    this.#stats = null;
    for (const { runner } of this.#tools) runner?.close();
  }

  #families(): MetricFamily[] {
    const tools = this.#tools.map(({ name, totals, runner, tier }) => ({
      name,
      tier,
      isUp: runner !== null,
      lost: totals.lost,
    }));
    return [
      buildFamily(this.#options.version),
      upFamily(tools),
      ...lostFamilies(tools),
      ...(this.#stats === null ? [] : probeFamilies(this.#probes())),
      ...this.#tools.flatMap(({ totals, runner }) => runner === null ? [] : totals.families()),
    ];
  }

  #probes(): readonly ProbeTotals[] {
    return sampleProbes(this.#tools.flatMap(({ runner }) => runner ?? [])).programs;
  }

  /** Detaches a tool that fails; the others go on. */
  #use(tool: Running, use: (runner: Runner) => void): void {
    if (tool.runner === null) return;
    try {
      use(tool.runner);
    } catch (error) {
      tool.runner.close();
      tool.runner = null;
      this.#options.onFailure(tool.name, error);
      if (this.#tools.every(({ runner }) => runner === null)) throw error;
    }
  }
}
