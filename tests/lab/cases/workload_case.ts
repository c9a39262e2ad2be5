/**
 * The most common case: ktop alongside a workload with known numbers.
 *
 * @module
 */
import { type Case, type Cell, tiers } from "../case.ts";
import { runWithWorkload, type WorkloadRun } from "../run.ts";
import { all, wellFormed } from "../checks.ts";

/** A run alongside a workload; by default on all tiers, in the usual guest and natively. */
export interface WorkloadCase extends WorkloadRun {
  readonly name: string;
  readonly cells?: readonly Cell[];
  readonly kernels?: readonly string[];
  readonly notOnArm64?: string;
  readonly boot?: Case["boot"];
  readonly native?: boolean;
  readonly is32Bit?: true;
  readonly countsSwitches?: true;
}

/** The case of a run alongside a workload; the form of each tick is checked too. */
export function workloadCase(spec: WorkloadCase): Case {
  return {
    name: spec.name,
    tool: spec.tool,
    cells: spec.cells ?? tiers,
    kernels: spec.kernels,
    notOnArm64: spec.notOnArm64,
    boot: spec.boot ?? "usual",
    native: spec.native ?? true,
    is32Bit: spec.is32Bit,
    countsSwitches: spec.countsSwitches,
    unforced: true,
    run: (context) => runWithWorkload({ ...spec, check: all(wellFormed, spec.check) }, context),
  };
}
