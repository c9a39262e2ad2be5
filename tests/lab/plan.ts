/**
 * Decides what runs: which cases on which kernel, in which cells of the matrix and in which guest.
 *
 * @module
 */
import type { BootKind, Case, Cell } from "./case.ts";
import { type KernelExpectation, tableCases, works } from "./expectations.ts";

/** What the user asked for; an empty list means all. */
export interface Selection {
  readonly kernels: readonly string[];
  readonly tools: readonly string[];
  readonly cells: readonly Cell[];
  /** Part of the case's name. */
  readonly name: string;
}

/** Cases that run one after another in one guest. */
export interface Job {
  readonly kernel: string;
  readonly boot: BootKind;
  readonly steps: readonly { readonly one: Case; readonly cell: Cell }[];
}

/** The jobs of one kernel: none when nothing was selected of it. */
export function plan(
  kernel: string,
  { expectation, cases, selection }: {
    expectation: KernelExpectation;
    cases: readonly Case[];
    selection: Selection;
  },
): Job[] {
  const wanted = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  if (!wanted(selection.kernels, kernel)) return [];
  const steps = [...tableCases(expectation), ...cases]
    .filter((one) => one.kernels?.includes(kernel) ?? true)
    .filter((one) => kernel !== "native" || (one.native && one.boot === "usual"))
    .filter((one) => wanted(selection.tools, one.tool) && one.name.includes(selection.name))
    .flatMap((one) => one.cells.map((cell) => ({ one, cell })))
    .filter(({ one, cell }) => wanted(selection.cells, cell) && possible(one, cell, expectation));
  const boots: readonly BootKind[] = ["usual", "eight-cpus"];
  return boots.map((boot) => ({ kernel, boot, steps: steps.filter(({ one }) => one.boot === boot) }))
    .filter((job) => job.steps.length > 0);
}

/** Cases run only where their tool is expected to work, but for those about the table itself. */
function possible(one: Case, cell: Cell, kernel: KernelExpectation): boolean {
  const expectation = kernel.tools[one.tool];
  if (one.always) return true;
  return expectation !== undefined && works(expectation, cell);
}
