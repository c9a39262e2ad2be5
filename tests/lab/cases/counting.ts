/**
 * The most common case: ktop beside a workload with known numbers.
 *
 * @module
 */
import { type Case, type Cell, tiers } from "../case.ts";
import { type Counting, runCounting } from "../run.ts";
import { all, wellFormed } from "../checks.ts";

/** A run beside a workload, and where it runs; by default on all tiers, in the usual guest and natively. */
export interface CountingCase extends Counting {
  readonly name: string;
  readonly cells?: readonly Cell[];
  readonly kernels?: readonly string[];
  readonly boot?: Case["boot"];
  readonly native?: boolean;
}

/** The case of a run beside a workload; the form of each tick is checked too. */
export function counting(spec: CountingCase): Case {
  return {
    name: spec.name,
    tool: spec.tool,
    cells: spec.cells ?? tiers,
    kernels: spec.kernels,
    boot: spec.boot ?? "usual",
    native: spec.native ?? true,
    unforced: true,
    run: (context) => runCounting({ ...spec, check: all(wellFormed, spec.check) }, context),
  };
}
