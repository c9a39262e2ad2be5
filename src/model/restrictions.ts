/**
 * What the command line restricts in every tool: tasks, in the kernel, and the tier. A leading `!` negates a filter.
 *
 * @module
 */

/** A process id, or with `!` all others. */
export type IdFilter = number | `!${number}`;

/** The restrictions. Text is escaped. */
export interface Restrictions {
  readonly pid?: IdFilter;
  readonly ppid?: IdFilter;
  readonly user?: string;
  readonly comm?: string;
  readonly container?: readonly string[];
  readonly unit?: readonly string[];
  readonly pod?: readonly string[];
  readonly cgroup?: readonly string[];
  /** The words of the command of which, with its children, nothing but is measured. */
  readonly command?: readonly string[];
  readonly tier?: string;
}

/** The filters among the restrictions, in the order in which they are shown. */
export const FILTER_NAMES = [
  "command",
  "pid",
  "ppid",
  "user",
  "comm",
  "container",
  "unit",
  "pod",
  "cgroup",
] as const;

/** A filter that is set. */
export interface NamedFilter {
  readonly name: typeof FILTER_NAMES[number];
  readonly value: string;
}

/** Words as one line, quoted if they contain spaces or quotes. */
export const quotedWords = (words: readonly string[]): string =>
  words.map((word) => word === "" || /[\s'"]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word).join(
    " ",
  );

/** The filters that are set, one for each value; a command is one. */
export function filtersIn(restrictions: Restrictions): NamedFilter[] {
  return FILTER_NAMES.flatMap((name) => {
    const given = restrictions[name] ?? [];
    const value = name === "command" && restrictions.command ? quotedWords(restrictions.command) : given;
    return (typeof value === "object" ? value : [value]).map((one) => ({ name, value: String(one) }));
  });
}

/** The value of a filter without the `!` that negates it. */
export function negation(text: string): { readonly negated: boolean; readonly value: string } {
  const negated = text.startsWith("!");
  return { negated, value: negated ? text.slice(1) : text };
}
