/**
 * What a tool is, apart from how it runs: its columns, flags and examples as data.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest } from "../text/mod.ts";
import type { Column } from "./columns.ts";

/** Ways to observe the kernel: trampolines; kprobes and kretprobes; tp_btf, raw_tp and tracepoint programs. */
export type TierName = "fentry" | "kprobe" | "tracepoint";

/** A value of a tool's own flag after parsing. */
export type FlagValue = string | number | boolean;

/** A flag of a tool, beyond those that all tools share. */
export interface Flag {
  /** Option name without dashes: "all-types". */
  readonly name: string;
  /** Single letter as in BCC, where BCC has one. */
  readonly letter?: string;
  readonly description: string;
  /** Name of the argument for the help ("DIR"); absent for a switch. */
  readonly argument?: string;
  /** A "pattern" is a regular expression: `loadPatterns()` must be awaited before the tool is configured with one. */
  readonly kind: "switch" | "text" | "pattern" | "integer" | "choice";
  readonly choices?: readonly string[];
  readonly default?: FlagValue;
  /** Smallest and largest integer accepted. */
  readonly min?: number;
  readonly max?: number;
  /** Present: the command line must give it; says how. A pane shows what the tool makes of its absence. */
  readonly required?: string;
  /** Present: BCC's letter for an option that all tools share. */
  readonly sameAs?: "csv" | "json";
}

/** True where the values include a regular expression. */
export const hasPattern = (flags: readonly Flag[], values: Readonly<Record<string, unknown>>): boolean =>
  flags.some(({ kind, name }) => kind === "pattern" && values[name] !== undefined);

/** A use of a tool, for its help and the man page. */
export interface Example {
  /** The question that it answers. */
  readonly question: string;
  /** The command that answers it. */
  readonly command: string;
  /** What to look for in what it prints. */
  readonly look: string;
}

/** What there is to know about a tool without running it. Recordings and the probes pane have tools that are only this. */
export interface ToolInfo {
  readonly name: string;
  /** One line for `ktop list`. */
  readonly summary: string;
  /** Uses from real life. */
  readonly examples?: readonly Example[];
  /**
   * How it is shown: rows of one interval ("table"), one row of rates ("counters"), rows that stay until newer ones push
   * them out ("events"), or distributions ("histogram": the rows are the slots that counted anything).
   */
  readonly view: "table" | "counters" | "events" | "histogram";
  /** Present: this is that tool under another name, with some flags chosen. */
  readonly aliasOf?: string;
  /** Its columns without any option; `Tool.columnsFor` has those of given options. */
  readonly columns: readonly Column[];
  /** Rows of text a table is limited to when `-r` is not given; absent: all. */
  readonly textRows?: number;
  readonly flags: readonly Flag[];
  /** A first positional as in BCC (`runqslower MIN_US`): stored in flags under its name. */
  readonly positional?: Flag;
  /** Letters that BCC gives to options which ktop has in long form for all tools: opensnoop's `-d` is `--duration`. */
  readonly letters?: Readonly<{ duration?: string }>;
  /** Keys of the numeric columns that graphs and sparklines show. */
  readonly graph: readonly string[];
  /** What each tier misses or approximates; for `ktop doctor` and the README. */
  readonly caveats: Readonly<Partial<Record<TierName, string>>>;
}

/** True for a tool that is shown as rows under titles. */
export function isList(tool: ToolInfo): boolean {
  return tool.view === "table" || tool.view === "events";
}

/** The columns of the text form, those marked "wide" only if `wide`. */
export function textColumns(tool: ToolInfo, wide: boolean): readonly Column[] {
  return tool.columns.filter(({ shown = "always" }) => shown === "always" || (wide && shown === "wide"));
}

/** Finds a column by key or title, ignoring case. Throws UsageError that suggests the nearest key. */
export function findColumn(tool: ToolInfo, name: string): Column {
  const wanted = name.trim().toLowerCase();
  const found = tool.columns.find(({ key, title }) => key === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const keys = tool.columns.map(({ key }) => key);
  const hint = nearest(wanted, keys);
  throw new UsageError(
    `${tool.name} has no column "${name}".`,
    { remedy: hint ? `Did you mean ${hint}? Columns: ${keys.join(", ")}.` : `Columns: ${keys.join(", ")}.` },
  );
}

/** All flags of a tool, with its positional threshold. */
export const flagsOf = ({ flags, positional }: ToolInfo): readonly Flag[] =>
  positional ? [...flags, positional] : flags;
