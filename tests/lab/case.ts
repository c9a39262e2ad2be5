/**
 * Cases of the lab, the runs of ktop that they check, and their results.
 *
 * @module
 */
import type { JsonTick } from "../support/ticks.ts";
import type { Machine } from "./machine.ts";
import type { Architecture } from "./pins.ts";

/** The tiers ktop can be forced to, best first. */
export const tiers = ["fentry", "kprobe", "tracepoint"] as const;
/** One of {@linkcode tiers}. */
export type TierName = typeof tiers[number];
/** A column of the matrix: a forced tier, or the tier that ktop chooses. */
export type Cell = TierName | "default";

/** How a guest is booted: with two CPUs or with eight. */
export type BootKind = "usual" | "eight-cpus";

/** Where a case runs. */
export interface Context {
  readonly machine: Machine;
  /** Name of the kernel: "6.1", "arm64-6.1", or "native". */
  readonly kernel: string;
  /** Version of the kernel: "6.1"; of this machine's kernel "native". */
  readonly version: string;
  readonly architecture: Architecture;
  /** The tier to force; "default" forces none. */
  readonly cell: Cell;
  /** ktop runs without `--tier` and must choose the tier of the cell. */
  readonly unforced?: true;
}

/** Output of ktop and of the workload alongside it. */
export interface Outcome {
  readonly context: Context;
  readonly ticks: readonly JsonTick[];
  /** Standard output of the workload. */
  readonly workload: string;
}

/** Returns the failures of a run, one sentence each; empty if it passed. */
export type Check = (outcome: Outcome) => string[];

/** One case. */
export interface Case {
  /** The behaviour that it proves: "calls are counted exactly". */
  readonly name: string;
  readonly tool: string;
  /** Its columns of the matrix; a tier that the kernel is expected not to support is skipped. */
  readonly cells: readonly Cell[];
  /** Versions of its kernels, or "native"; all when absent. */
  readonly kernels?: readonly string[];
  /** Why it does not run on arm64 kernels. */
  readonly notOnArm64?: string;
  /** How its guest is booted; on this machine only "usual" cases run. */
  readonly boot: BootKind;
  /** Whether it may run on this machine: it must not change anything. */
  readonly native: boolean;
  /** Runs even if the table expects that the tool cannot run: for cases about the table. */
  readonly always?: true;
  /** Its workload is a 32-bit program. */
  readonly is32Bit?: true;
  /** It counts switches to a thread. The kernel of this machine may hide some: ../support/process1.ts */
  readonly countsSwitches?: true;
  /** Whether it can run with {@linkcode Context.unforced}. */
  readonly unforced?: true;
  /** The tier that ktop must choose, for a case that proves only this choice. */
  readonly chooses?: string;
  /** Runs it and returns its failures, one sentence each; empty if it passed. */
  run(context: Context): Promise<string[]>;
}

/** The result of a case. */
export interface Result {
  readonly kernel: string;
  readonly tool: string;
  readonly cell: Cell;
  readonly name: string;
  /** Empty when it passed. */
  readonly failures: readonly string[];
  /** How often it ran, because the kernel skipped programs of ktop or hid switches; absent: once. */
  readonly attempts?: number;
}
