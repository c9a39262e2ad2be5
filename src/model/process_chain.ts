/**
 * A process's ancestors as one text, which columns, filters and groups handle like any other, and as the list that JSON has.
 *
 * @module
 */

/** An ancestor. Both are null for those beyond the ones that are known. */
export interface Ancestor {
  readonly pid: number | null;
  /** Escaped. */
  readonly comm: string | null;
}

const SEPARATOR = " < ";
/** Stands for further ancestors. */
const MORE = "...";
/** A `<` in a name, so that no name can imitate another process. */
const ESCAPED_SEPARATOR = "\\x3c";

const MORE_ANCESTORS: Ancestor = { pid: null, comm: null };

/** `make(812) < bash(700) < systemd(1)`, the nearest first; ends in `...` if there are more. */
export function chainText(ancestors: readonly Ancestor[]): string {
  return ancestors.map(({ pid, comm }) =>
    pid === null ? MORE : `${(comm ?? "").replaceAll("<", ESCAPED_SEPARATOR)}(${pid})`
  ).join(SEPARATOR);
}

/** The ancestors in a text that {@linkcode chainText} made. */
export function parseChain(text: string): Ancestor[] {
  if (text === "") return [];
  return text.split(SEPARATOR).map((process) => {
    const [, comm, pid] = /^(.*)\((\d+)\)$/.exec(process) ?? [];
    if (comm === undefined) return MORE_ANCESTORS;
    // A doubled backslash is one character: what follows it is no escape.
    const name = comm.replace(/\\\\|\\x3c/g, (escape) => escape === ESCAPED_SEPARATOR ? "<" : escape);
    return { pid: Number(pid), comm: name };
  });
}
