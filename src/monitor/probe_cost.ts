/**
 * Measures the run time of ktop's own BPF programs, for the probes pane and for `--cost`.
 *
 * @module
 */
import { RunTimeStats, sharedMapBytes, sharedPrograms, statsOfHelper } from "../bpf/mod.ts";
import { BpfError } from "../errors.ts";
import type { Tick, ToolModel, ToolState } from "../model/mod.ts";
import { addTick, NO_HISTORY, toolModel } from "./history/history.ts";
import { type ProbeCounts, probes, PROBES_TIER, type ProbeSample, probeTick } from "./probes.ts";

/** Keeps statistics enabled until it is closed. */
interface EnabledStats {
  close(): void;
}

/** A running tool. */
export interface ProgramOwner {
  /** The kernel's counters of each of its programs. */
  programCounts(): ProbeCounts[];
  /** Kernel memory of its maps and ring buffers, bytes; null if unknown. */
  readonly mapBytes: number | null;
}

/** The programs on sys_enter and sys_exit that tools share. */
const SHARED: ProgramOwner = {
  programCounts: () =>
    sharedPrograms().map(({ tools, ...counts }) => ({ ...counts, tool: [...new Set(tools)].join("+") })),
  get mapBytes() {
    return sharedMapBytes();
  },
};

const STATS_SYSCTL = "/proc/sys/kernel/bpf_stats_enabled";

function enabledBySysctl(): boolean {
  try {
    return Deno.readTextFileSync(STATS_SYSCTL).trim() === "1";
  } catch {
    return false; // unreadable, or a kernel without it
  }
}

/** Enables run-time statistics. @throws BpfError if the kernel or the privileges do not allow it. */
export function enableStats(): EnabledStats {
  try {
    return statsOfHelper() ?? new RunTimeStats();
  } catch (error) {
    if (enabledBySysctl()) return { close: () => {} };
    throw error;
  }
}

/** Why statistics cannot be enabled, and the remedy. */
export function statsFailure(error: unknown): { readonly reason: string; readonly remedy: string } {
  const errno = error instanceof BpfError ? error.errno : "";
  if (errno === "EPERM") {
    return {
      reason: "Measuring BPF programs needs CAP_SYS_ADMIN.",
      remedy: "Run ktop as root, or have root run: sysctl kernel.bpf_stats_enabled=1.",
    };
  }
  if (errno === "EINVAL") {
    return {
      reason: "This kernel cannot enable BPF statistics on request, which needs Linux 5.8.",
      remedy: "Have root run: sysctl kernel.bpf_stats_enabled=1 (Linux 5.1 and later).",
    };
  }
  return { reason: error instanceof Error ? error.message : String(error), remedy: "" };
}

/** The probes pane, which can be switched on and off. Tests replace `enable`. */
export class ProbeCost {
  readonly #enable: () => EnabledStats;
  #stats: EnabledStats | null = null;
  #state: ToolState | null = null;
  #previous: ProbeSample | null = null;
  #tick: Tick | null = null;
  #history = NO_HISTORY;
  #mapBytes: number | null = null;

  constructor(enable: () => EnabledStats = enableStats) {
    this.#enable = enable;
  }

  /** Switches the pane on or off. If statistics cannot be enabled, the pane shows why. */
  toggle(running: readonly ProgramOwner[]): void {
    if (this.#state !== null) return this.close();
    try {
      this.#stats = this.#enable();
      this.#state = { kind: "running", tier: PROBES_TIER, missing: [] };
      this.#previous = sampleProbes(running);
    } catch (error) {
      this.close();
      this.#state = { kind: "unavailable", ...statsFailure(error) };
    }
  }

  /** Ends an interval. */
  advance(running: readonly ProgramOwner[]): void {
    if (this.#stats === null) return;
    try {
      this.#advance(running);
    } catch (error) {
      this.close();
      this.#state = { kind: "unavailable", ...statsFailure(error) };
    }
  }

  #advance(running: readonly ProgramOwner[]): void {
    const now = sampleProbes(running);
    const previous = this.#previous ?? now;
    const tick = probeTick(now, previous);
    this.#tick = tick;
    this.#history = addTick(this.#history, tick, probes);
    this.#previous = now;
    this.#mapBytes = sumMapBytes(running);
  }

  /** Clears the history. */
  clear(): void {
    this.#history = NO_HISTORY;
  }

  /** CPU time of all programs, milliseconds per second; null while it is not measured. */
  msPerS(): number | null {
    if (this.#tick === null) return null;
    return this.#tick.rows.reduce((sum, row) => sum + Number(row.cpu_pct) * 10, 0);
  }

  /** Kernel memory of the maps and ring buffers, bytes; null while programs are not measured, or if unknown. */
  mapBytes(): number | null {
    return this.#mapBytes;
  }

  /** The pane; empty while it is switched off. */
  models(): ToolModel[] {
    if (this.#state === null) return [];
    return [toolModel({ tool: probes, state: this.#state, tick: this.#tick, history: this.#history })];
  }

  /** Switches it off. May be called twice. */
  close(): void {
    this.#stats?.close();
    this.#stats = null;
    this.#state = null;
    this.#previous = null;
    this.#tick = null;
    this.#history = NO_HISTORY;
    this.#mapBytes = null;
  }
}

/** Kernel memory of the maps and ring buffers of these tools and of the programs that they share, bytes; null if it is unknown of one. */
export function sumMapBytes(running: readonly Pick<ProgramOwner, "mapBytes">[]): number | null {
  return [...running, SHARED].reduce<number | null>(
    (sum, { mapBytes }) => sum === null || mapBytes === null ? null : sum + mapBytes,
    0,
  );
}

/** Reads the counters of all programs of these tools and of those that they share. */
export function sampleProbes(running: readonly ProgramOwner[]): ProbeSample {
  return { programs: [...running, SHARED].flatMap((one) => one.programCounts()), at: performance.now() };
}
