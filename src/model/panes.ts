/**
 * Lists of tools that panes show: their limits, and named sets.
 *
 * @module
 */

/** Maximum number of panes: the keys 1 to 9 focus them, and each attaches dozens of programs to the kernel. */
export const MAX_PANES = 9;

/** Maximum number of panes of a named set. */
export const MAX_SET_PANES = 6;

/** A named set of panes that belong together. */
export interface PaneSet {
  /** As `--screen` takes it. */
  readonly name: string;
  /** What the panes show together: a part of a sentence. */
  readonly summary: string;
  /** Names of the tools that it shows, in the order of the panes. */
  readonly tools: readonly string[];
  /** Names of the tools that replace those that cannot run, the best first. */
  readonly spares: readonly string[];
}

/**
 * What is wrong with a list of tools, as the end of a sentence that starts with the name of the option or setting.
 *
 * @param max maximum number of tools
 * @returns null: nothing; `names` may still hold unknown tools
 */
export function toolListProblem(names: readonly string[], max: number): string | null {
  if (names.length > max) return `takes at most ${max} tools, and ${names.length} are given.`;
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  return repeated === undefined ? null : `takes each tool once, and ${repeated} is given twice.`;
}
