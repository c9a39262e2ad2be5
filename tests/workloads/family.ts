/**
 * What execsnoop --parents reports for family.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** An ancestor in JSON. */
export interface Ancestor {
  readonly pid: number | null;
  readonly comm: string | null;
}

/** Ancestors that execsnoop reports of a process. */
const MOST = 8;

/** A chain as execsnoop reports it: what is beyond the last ancestor is one without id and name. */
const cut = (chain: readonly Ancestor[]): Ancestor[] =>
  chain.length > MOST ? [...chain.slice(0, MOST), { pid: null, comm: null }] : [...chain];

/** The generations before the last one, the nearest first. */
const generations = (printed: Counts, name: string, last: number): Ancestor[] =>
  Array.from({ length: last - 1 }, (_, i) => last - 1 - i).map((generation) => ({
    pid: printed[`${name}_${generation}`]!,
    comm: generation === 2 ? "\\x1b[31m < a(1" : `generation ${generation}`,
  }));

/**
 * The expected chains.
 *
 * @param printed the process ids that family printed
 * @param above the ancestors of family
 */
export function chains(printed: Counts, above: readonly Ancestor[]): Record<"short" | "long", Ancestor[]> {
  const known = [{ pid: printed.family!, comm: "family" }, ...above];
  return {
    short: cut([...generations(printed, "short", 3), ...known]),
    long: cut([...generations(printed, "long", 10), ...known]),
  };
}

/** The chains in rows, by the argument of the program. */
export function chainsIn(rows: readonly Row[]): Record<string, Ancestor[]> {
  // Rows of other tools have no lists.
  const listIn = ({ parents }: Row): Ancestor[] => parents as unknown as Ancestor[];
  return Object.fromEntries(rows.map((row) => [/ (\w+)$/.exec(String(row.args))?.[1], listIn(row)]));
}
