/**
 * Names of functions and threads as frames of a stack in text.
 *
 * @module
 */

/** A name without semicolons, which separate frames. As in stackcollapse-perf.pl. */
export const frameText = (name: string): string => name.replaceAll(";", ":");

/** A line of Brendan Gregg's folded format: frames, outermost first, joined by semicolons, a space, a number. */
export function foldedLine(path: readonly string[], weight: number): string {
  return `${path.map((name) => frameText(name).replaceAll(" ", "_")).join(";")} ${weight}`;
}
