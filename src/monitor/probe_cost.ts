/**
 * The measurement of ktop's own BPF programs: switched on and off, sampled with the tools, kept as a pane of its own.
 *
 * @module
 */
import { RunTimeStats } from "../bpf/mod.ts";
import { BpfError } from "../errors.ts";
import type { Tick, ToolModel, ToolState } from "../model/mod.ts";
import { addTick, NO_HISTORY } from "./history/history.ts";
import { toolModel } from "./history/rewind.ts";
import { deriveProbes, type ProbeCounts, probes, type ProbeSample } from "./probes.ts";

/** What keeps the kernel measuring. */
interface Measurement {
  close(): void;
}

/** A tool that runs, as far as its programs go. */
export interface Measured {
  /** What the kernel counted for each of its programs. */
  programCounts(): ProbeCounts[];
}

/** Set to 1 by somebody else, it lets the kernel measure too. */
const STATS_SYSCTL = "/proc/sys/kernel/bpf_stats_enabled";

function measuredAnyway(): boolean {
  try {
    return Deno.readTextFileSync(STATS_SYSCTL).trim() === "1";
  } catch {
    return false; // unreadable, or a kernel without it
  }
}

/** Switches run-time statistics on. @throws BpfError where the kernel or the privileges do not allow it. */
export function measureRunTime(): Measurement {
  try {
    return new RunTimeStats();
  } catch (error) {
    if (measuredAnyway()) return { close: () => {} };
    throw error;
  }
}

/** Why the kernel does not measure, and what would help. */
export function refusal(error: unknown): { readonly reason: string; readonly remedy: string } {
  const errno = error instanceof BpfError ? error.errno : "";
  if (errno === "EPERM") {
    return {
      reason: "The kernel measures BPF programs only for those with CAP_SYS_ADMIN.",
      remedy: "Run ktop as root, or have root run: sysctl kernel.bpf_stats_enabled=1.",
    };
  }
  if (errno === "EINVAL") {
    return {
      reason: "This kernel does not measure BPF programs on request: that came with Linux 5.8.",
      remedy: "Have root run: sysctl kernel.bpf_stats_enabled=1 (Linux 5.1 and later).",
    };
  }
  return { reason: error instanceof Error ? error.message : String(error), remedy: "" };
}

/** The measurement while it is wanted. `start` switches it on; tests bring their own. */
export class ProbeCost {
  readonly #start: () => Measurement;
  #measurement: Measurement | null = null;
  #state: ToolState | null = null;
  #previous: ProbeSample | null = null;
  #tick: Tick | null = null;
  #history = NO_HISTORY;

  constructor(start: () => Measurement = measureRunTime) {
    this.#start = start;
  }

  /** Switches the measurement on, or off. Where the kernel refuses, the pane says why. */
  toggle(running: readonly Measured[]): void {
    if (this.#state !== null) return this.close();
    try {
      this.#measurement = this.#start();
      this.#state = { kind: "running", tier: "run-time statistics", missing: [] };
      this.#previous = sampleProbes(running);
    } catch (error) {
      this.close();
      this.#state = { kind: "unavailable", ...refusal(error) };
    }
  }

  /** Ends an interval. */
  advance(running: readonly Measured[]): void {
    if (this.#measurement === null) return;
    try {
      this.#advance(running);
    } catch (error) {
      this.close();
      this.#state = { kind: "unavailable", ...refusal(error) };
    }
  }

  #advance(running: readonly Measured[]): void {
    const now = sampleProbes(running);
    const previous = this.#previous ?? now;
    const tick: Tick = {
      ...deriveProbes(now, previous),
      tool: probes.name,
      time: Date.now(),
      intervalS: (now.at - previous.at) / 1000,
      tier: "run-time statistics",
      lost: { events: 0, keys: 0 },
    };
    this.#tick = tick;
    this.#history = addTick(this.#history, tick, probes);
    this.#previous = now;
  }

  /** Forgets history. */
  clear(): void {
    this.#history = NO_HISTORY;
  }

  /** CPU time that all programs take, milliseconds per second; null while that is not measured. */
  msPerS(): number | null {
    if (this.#tick === null) return null;
    return this.#tick.rows.reduce((sum, row) => sum + Number(row.cpu_pct) * 10, 0);
  }

  /** The pane; none while it is switched off. */
  models(): ToolModel[] {
    if (this.#state === null) return [];
    return [toolModel({ tool: probes, state: this.#state, tick: this.#tick, history: this.#history })];
  }

  /** Switches it off. May be called twice. */
  close(): void {
    this.#measurement?.close();
    this.#measurement = null;
    this.#state = null;
    this.#previous = null;
    this.#tick = null;
    this.#history = NO_HISTORY;
  }
}

/** What the kernel counted for the programs of these tools by now. */
export function sampleProbes(running: readonly Measured[]): ProbeSample {
  return { programs: running.flatMap((one) => one.programCounts()), at: performance.now() };
}
