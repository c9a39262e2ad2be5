/**
 * A tool as data: its columns, flags and examples, without the code that runs it.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest, shownValue } from "../text/mod.ts";
import { type Column, displayOrder } from "./columns.ts";
import type { Row } from "./tick.ts";
import type { Unit } from "./unit.ts";

/** Ways to observe the kernel: trampolines; kprobes and kretprobes; tp_btf, raw_tp and tracepoint programs. */
export type TierName = "fentry" | "kprobe" | "tracepoint";

/** A value of a tool's own flag after parsing. */
export type FlagValue = string | number | boolean;

/** A flag of a tool, beyond those that all tools share. */
export interface Flag {
  /** Option name without dashes: "all-types". */
  readonly name: string;
  /** Single letter, if BCC has one. */
  readonly letter?: string;
  readonly description: string;
  /** Name of the argument for the help ("DIR"); absent for a switch. */
  readonly argument?: string;
  /** A "pattern" is a regular expression: `loadPatterns()` must be awaited before the tool is configured with one. */
  readonly kind: "switch" | "text" | "pattern" | "integer" | "choice";
  readonly choices?: readonly string[];
  /** Of a choice that sorts rows: the columns of each choice, whose sum orders the rows. */
  readonly orders?: Readonly<Record<string, readonly string[]>>;
  readonly default?: FlagValue;
  /** The text is a list separated by commas: given twice, both lists count. */
  readonly list?: true;
  /** Smallest and largest integer accepted. */
  readonly min?: number;
  readonly max?: number;
  /** Present if the flag is required: how to pass it. */
  readonly required?: string;
  /** Present: the flag is BCC's letter for this option, which all tools share; `by` has the key of a column, or "process". */
  readonly sameAs?: "csv" | "json" | { readonly by: string };
  /** It changes only what is printed, not what a pane shows. */
  readonly printOnly?: true;
  /** With another value, something else is measured: graphs do not join the past of both. */
  readonly splitsPast?: true;
  /** The formats that obey it; absent: all do, or have what it asks for. */
  readonly formats?: readonly ("text" | "json" | "csv")[];
}

/** True if one of the values is a regular expression. */
export const hasPattern = (flags: readonly Flag[], values: Readonly<Record<string, unknown>>): boolean =>
  flags.some(({ kind, name }) => kind === "pattern" && values[name] !== undefined);

/** An example of use, for the help and the man page. */
export interface Example {
  /** The question that it answers. */
  readonly question: string;
  /** The command that answers it. */
  readonly command: string;
  /** What to look for in the output. */
  readonly look: string;
}

/** A series of a graph that is not the sum of a column over all rows. */
export interface GraphSeries {
  /** Its name among the series: snake_case. */
  readonly key: string;
  /** What it counts, without the unit of time: "reads". */
  readonly title: string;
  readonly unit: Unit;
  /**
   * The value of one interval: of a unit that graphs show as a rate the count of the interval, else the level. null: unknown.
   * Pure.
   */
  readonly value: (rows: readonly Row[]) => number | null;
}

/** Describes a tool. Recorded tools and the probes pane are only this; a tool that runs is a `Tool`. */
export interface ToolInfo {
  readonly name: string;
  /** One line for `ktop list`. */
  readonly summary: string;
  /** Everyday words, besides those of the summary, by which the menu of tools finds it: "unlink rm". */
  readonly searchWords?: string;
  /** Examples for the help and the man page. */
  readonly examples?: readonly Example[];
  /**
   * How it is shown: the rows of one interval ("table"), one row of rates ("counters"), the newest rows of all intervals
   * ("events"), or distributions ("histogram": each row is a slot with a count).
   */
  readonly view: "table" | "counters" | "events" | "histogram";
  /** Present: it is that tool with some flags set. */
  readonly aliasOf?: string;
  /** The columns with default options; `Tool.columnsFor` returns those for others. */
  readonly columns: readonly Column[];
  /** Maximum number of rows of a table in text without `-r`; absent: all. */
  readonly textRows?: number;
  readonly flags: readonly Flag[];
  /** The first positional argument as in BCC (`runqslower MIN_US`), stored in the flags under its name. */
  readonly positional?: Flag;
  /** BCC's letters for options that all tools share: opensnoop's `-d` is `--duration`, syscount's `-c` is `--ppid`. */
  readonly letters?: Readonly<{ duration?: string; ppid?: string }>;
  /** Keys of the columns whose sum orders its rows, largest first; absent: a flag decides, or events are newest first. */
  readonly order?: readonly string[];
  /** What graphs and sparklines show: columns by key, each summed over the rows, which must be addable; and other series. */
  readonly graph: readonly (string | GraphSeries)[];
  /**
   * Present: it counts stacks, which a flame graph adds up. Its rows are stacks, unless its ticks have others: then they have the column
   * `stack`, function names joined by semicolons, the outermost first; `kernel_frames`, how many of these at the end are the
   * kernel's; and `comm`.
   */
  readonly flame?: {
    /** Key of the column that is added up. */
    readonly weight: string;
    /** The ticks have stacks beside the rows. */
    readonly separate?: true;
  };
  /** What each tier misses or approximates. */
  readonly caveats: Readonly<Partial<Record<TierName, string>>>;
}

/** True for a tool that is shown as rows under titles. */
export function isList(tool: ToolInfo): boolean {
  return tool.view === "table" || tool.view === "events";
}

/** The columns of the text form, those marked "wide" only if `wide`. */
export function textColumns(tool: ToolInfo, wide: boolean): readonly Column[] {
  const isShown = ({ shown = "always" }: Column): boolean => shown === "always" || (wide && shown === "wide");
  return displayOrder(tool.columns).filter(isShown);
}

/** Finds a column by key or title, ignoring case. Throws UsageError that suggests the nearest key. */
export function findColumn(tool: ToolInfo, name: string): Column {
  const wanted = name.trim().toLowerCase();
  const found = tool.columns.find(({ key, title }) => key === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const keys = tool.columns.map(({ key }) => key);
  const hint = nearest(wanted, keys);
  throw new UsageError(
    `${tool.name} has no column "${shownValue(name)}".`,
    { remedy: hint ? `Did you mean ${hint}? Columns: ${keys.join(", ")}.` : `Columns: ${keys.join(", ")}.` },
  );
}

/** Keys of the columns by which a tool orders its rows itself, largest first; none if no column shows the order. */
export function ownOrder(tool: ToolInfo, flags: Readonly<Record<string, FlagValue>> = {}): readonly string[] {
  const { order, view, columns } = tool;
  const sorting = tool.flags.find(({ orders }) => orders !== undefined);
  if (sorting?.orders) return sorting.orders[String(flags[sorting.name] ?? sorting.default)] ?? [];
  if (order) return order;
  return view === "events" && columns.some(({ key }) => key === "time") ? ["time"] : [];
}

/** Titles of the columns by which a tool orders its rows itself: of several, their sum counts. */
export function orderTitles(tool: ToolInfo, flags?: Readonly<Record<string, FlagValue>>): readonly string[] {
  return ownOrder(tool, flags).flatMap((key) =>
    tool.columns.find((column) => column.key === key)?.title ?? []
  );
}

/** A flag as it is typed: `-L`, or `--by-process` if it has no letter. */
export const typedFlag = ({ name, letter }: Flag): string =>
  letter === undefined ? `--${name}` : `-${letter}`;

/** Why the values of a column are unknown with these flags, as in "… without -L"; null if they are known. */
export function unknownReason(
  tool: ToolInfo,
  { needs, excludedBy }: Column,
  flags: Readonly<Record<string, FlagValue>>,
): string | null {
  const typed = (need: string): string => {
    const [name, value] = need.split("=");
    const option = typedFlag(tool.flags.find((flag) => flag.name === name)!);
    return value === undefined ? option : `${option} ${value}`;
  };
  const isMet = (need: string): boolean => {
    const [name, value = true] = need.split("=");
    return flags[name!] === value;
  };
  if (needs !== undefined && !needs.some(isMet)) return `without ${needs.map(typed).join(" or ")}`;
  const isExcluded = excludedBy !== undefined && (flags[excludedBy] ?? false) !== false;
  return isExcluded ? `with ${typed(excludedBy)}` : null;
}

/** All flags of a tool, with its positional threshold. */
export const flagsOf = ({ flags, positional }: ToolInfo): readonly Flag[] =>
  positional ? [...flags, positional] : flags;
