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
  readonly cgroup?: string;
  readonly tier?: string;
}

/** The filters among the restrictions, in the order in which they are shown. */
export const FILTER_NAMES = ["pid", "ppid", "user", "comm", "cgroup"] as const;

/** A filter that is set. */
export interface NamedFilter {
  readonly name: typeof FILTER_NAMES[number];
  readonly value: string;
}

/** The filters that are set. */
export function filtersIn(restrictions: Restrictions): NamedFilter[] {
  return FILTER_NAMES.flatMap((name) => {
    const value = restrictions[name];
    return value === undefined ? [] : [{ name, value: String(value) }];
  });
}

/** The value of a filter without the `!` that negates it. */
export function negation(text: string): { readonly negated: boolean; readonly value: string } {
  const negated = text.startsWith("!");
  return { negated, value: negated ? text.slice(1) : text };
}
