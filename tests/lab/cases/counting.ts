/**
 * Makes a case of a counting run: ktop beside a workload of known numbers.
 *
 * @module
 */
import { type Case, type Cell, tiers } from "../case.ts";
import { type Counting, runCounting } from "../run.ts";
import { all, wellFormed } from "../checks.ts";

/** A counting run, and where it belongs. All tiers and the usual guest unless told. */
export interface CountingCase extends Counting {
  readonly name: string;
  readonly cells?: readonly Cell[];
  readonly kernels?: readonly string[];
  readonly boot?: Case["boot"];
  readonly native?: boolean;
}

/** The case of a counting run; every tick is checked for its form too. */
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
