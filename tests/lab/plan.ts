/**
 * Selects the runs: which cases on which kernel, in which cells of the matrix and in which guest.
 *
 * @module
 */
import type { BootKind, Case, Cell, Result } from "./case.ts";
import { type KernelExpectation, tableCases, works } from "./expectations.ts";
import { versionOf } from "./pins.ts";

/** The user's selection; an empty list means all. */
export interface Selection {
  /** Empty: all but those of arm64. */
  readonly kernels: readonly string[];
  readonly tools: readonly string[];
  /** "chosen": the tier that ktop chooses for the tool, and "default". */
  readonly cells: readonly (Cell | "chosen")[];
  /** Parts of the names of the cases. */
  readonly names: readonly string[];
}

/** One run of a case. */
export interface Step {
  readonly one: Case;
  readonly cell: Cell;
  /** The case that this run also proves: without `--tier` ktop chooses the cell's tier. */
  readonly proves?: Case;
}

/** Cases that run one after another in one guest. */
export interface Job {
  readonly kernel: string;
  readonly boot: BootKind;
  readonly steps: readonly Step[];
}

/** The jobs of one kernel; empty when nothing of it is selected. */
export function plan(
  kernel: string,
  { expectation, cases, selection }: {
    expectation: KernelExpectation;
    cases: readonly Case[];
    selection: Selection;
  },
): Job[] {
  const wanted = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  const named = (one: Case) =>
    selection.names.length === 0 || selection.names.some((part) => one.name.includes(part));
  const version = versionOf(kernel), isArm64 = version !== kernel;
  if (isArm64 ? !selection.kernels.includes(kernel) : !wanted(selection.kernels, kernel)) return [];
  const steps = [...tableCases(expectation), ...cases]
    .filter((one) => one.kernels?.includes(version) ?? true)
    .filter((one) => !isArm64 || one.notOnArm64 === undefined)
    .filter((one) => kernel !== "native" || (one.native && one.boot === "usual"))
    .filter((one) => wanted(selection.tools, one.tool) && named(one))
    .flatMap((one) => one.cells.map((cell) => ({ one, cell })))
    .filter(({ one, cell }) =>
      (wanted(selection.cells, cell) ||
        selection.cells.includes("chosen") && isChosen(one, cell, expectation)) &&
      possible(one, cell, expectation)
    );
  const boots: readonly BootKind[] = ["usual", "eight-cpus"];
  const merged = mergeChoices(steps);
  return boots.map((boot) => ({ kernel, boot, steps: merged.filter(({ one }) => one.boot === boot) }))
    .filter((job) => job.steps.length > 0);
}

/** The results of a job in which each case has these failures. */
export function resultsOf({ kernel, steps }: Job, failures: readonly string[]): Result[] {
  return steps.flatMap(({ one, cell, proves }) => [
    { kernel, tool: one.tool, cell, name: one.name, failures },
    ...proves ? [{ kernel, tool: proves.tool, cell: "default" as const, name: proves.name, failures }] : [],
  ]);
}

/**
 * Lets a run without `--tier` on the tier that ktop must choose prove the choice too: starting ktop is what takes long in a
 * guest.
 */
function mergeChoices(steps: readonly Step[]): Step[] {
  const proved = new Map<Step, Case>();
  for (const { one } of steps.filter(({ one }) => one.chooses !== undefined)) {
    const run = steps.find((step) =>
      step.one.tool === one.tool && step.cell === one.chooses && step.one.unforced && !proved.has(step)
    );
    if (run) proved.set(run, one);
  }
  const merged = new Set(proved.values());
  return steps.filter(({ one }) => !merged.has(one)).map((step) => ({ ...step, proves: proved.get(step) }));
}

/** Whether ktop runs the tool in this cell without `--tier`. */
const isChosen = (one: Case, cell: Cell, kernel: KernelExpectation): boolean =>
  cell === "default" || kernel.tools[one.tool]?.default === cell;

/** Whether the tool is expected to work in the cell; cases about the table always run. */
function possible(one: Case, cell: Cell, kernel: KernelExpectation): boolean {
  const expectation = kernel.tools[one.tool];
  if (one.always) return true;
  return expectation !== undefined && works(expectation, cell);
}
