/**
 * What a case is, and what a run of ktop leaves behind for it to check.
 *
 * @module
 */
import type { Machine } from "./machine.ts";

/** The tiers ktop can be forced to, best first. */
export const tiers = ["fentry", "kprobe", "tracepoint"] as const;
/** One of {@linkcode tiers}. */
export type TierName = typeof tiers[number];
/** A column of the matrix: a forced tier, or what ktop chooses by itself. */
export type Cell = TierName | "default";

/** How a guest is booted: as usual with two CPUs, or with eight. */
export type BootKind = "usual" | "eight-cpus";

/** Where a case runs. */
export interface Context {
  readonly machine: Machine;
  /** Name of the kernel: "6.1", or "native". */
  readonly kernel: string;
  /** The tier to force; "default" forces none. */
  readonly cell: Cell;
  /** ktop is not told the tier of the cell, and must choose it by itself. */
  readonly unforced?: true;
}

/** One line of `ktop TOOL --json`: a tick. */
export interface Tick {
  readonly v: number;
  readonly tool: string;
  readonly time: string;
  readonly interval_s: number;
  readonly tier: string;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly lost: { readonly events: number; readonly keys: number };
}

/** What a run of ktop beside a workload left. */
export interface Outcome {
  readonly context: Context;
  readonly ticks: readonly Tick[];
  /** All that the workload printed. */
  readonly workload: string;
}

/** Looks at an outcome and returns what is wrong with it, one sentence each. */
export type Check = (outcome: Outcome) => string[];

/** One case. */
export interface Case {
  /** What it shows: "calls are counted exactly". */
  readonly name: string;
  readonly tool: string;
  /** The columns of the matrix it belongs to; a forced tier that the kernel is expected not to have is left out. */
  readonly cells: readonly Cell[];
  /** Kernels it is for; all when absent. */
  readonly kernels?: readonly string[];
  /** The guest it needs; natively only "usual" cases run. */
  readonly boot: BootKind;
  /** Whether it may run on the machine of the developer: it changes nothing there. */
  readonly native: boolean;
  /** Runs whatever the table expects of its tool: the cases about the table itself. */
  readonly always?: true;
  /** Whether it can run with {@linkcode Context.unforced}. */
  readonly unforced?: true;
  /** The tier that ktop must choose: the case is about nothing else. */
  readonly chooses?: string;
  /** Runs it and returns what is wrong, one sentence each. */
  run(context: Context): Promise<string[]>;
}

/** What became of a case. */
export interface Result {
  readonly kernel: string;
  readonly tool: string;
  readonly cell: Cell;
  readonly name: string;
  /** Empty when it passed. */
  readonly complaints: readonly string[];
}
