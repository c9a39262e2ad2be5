/**
 * What a tool is: its columns, flags and hooks as data, a session that samples the kernel, and a pure function
 * that turns samples into rows. Everything that shows, prints or documents a tool is made from these.
 *
 * @module
 */
import type { Attached, Hook, Self, TierName, VmlinuxBtf } from "../bpf/mod.ts";

/** A cell's value. `null` is unknown: `-` in text, `null` in JSON. Strings are already escaped (src/text). */
export type Value = string | number | null;

/** One row: values by column key. Counts are exact counts of the interval; rates are made when text is made. */
export type Row = Readonly<Record<string, Value>>;

/** What a number or text measures; decides how text shows it (src/model/format.ts). */
export type Unit =
  | "count" // a number of things in the interval
  | "bytes" // bytes in the interval
  | "kb" // held in bytes, shown as KiB (BCC's R_Kb)
  | "us" // microseconds
  | "ms" // milliseconds
  | "s" // seconds
  | "pct" // 0 to 100
  | "id" // a number that is a name: pid, cpu, inode
  | "time" // wall clock: ISO 8601 in JSON, HH:MM:SS in text
  | "text"; // comm, file name, type letter

/** One column of a tool: the source of headers, sort menus, help, --fields, JSON keys and the CSV header. */
export interface Column {
  /** JSON key: snake_case, unit as suffix (`lat_us`, `read_bytes`). */
  readonly key: string;
  /** Header in text: `R_Kb`, `READ/s`. */
  readonly title: string;
  /** One sentence for the help. */
  readonly description: string;
  readonly unit: Unit;
  /** Cells it takes in text. The last shown column of unit "text" takes what is left. */
  readonly width: number;
  readonly align: "left" | "right";
  /** Digits after the point in text, where those of the unit are too few or too many. */
  readonly decimals?: number;
  /** Text divides the count by the measured interval. */
  readonly perSecond?: boolean;
  /** Where it is shown without being asked for: always (default), only on wide panes, or only in JSON and CSV. */
  readonly shown?: Shown;
  /** Where `shown` depends on the options: `-P` shows the previous task. */
  readonly shownFor?: (options: ToolOptions) => Shown;
}

/** Where a column is shown without being asked for. */
export type Shown = "always" | "wide" | "data";

/** A log2 histogram: `slots[i]` counts values in [2^i, 2^(i+1)), slot 0 also holds 0. */
export interface Histogram {
  readonly label: string;
  /** Unit of the values: "us", "ms", "ns". */
  readonly unit: string;
  readonly slots: readonly number[];
  /** Sum of the values, in `unit`; text then ends with average, total and count. */
  readonly sum?: number;
}

/** Losses of one interval. */
export interface Lost {
  /** Ring-buffer records that found no room. */
  readonly events: number;
  /** Keys that found no room in a map, and entries whose start was missed. */
  readonly keys: number;
}

/** What `derive` makes of two samples. */
export interface Derived {
  readonly rows: readonly Row[];
  readonly histograms?: readonly Histogram[];
  /** What text is when {@linkcode Tool.plain} says so: lines for another program. */
  readonly lines?: readonly string[];
}

/** One tool, one tick: what every screen and output renders. */
export interface Tick extends Derived {
  readonly tool: string;
  /** Wall clock at the end of the interval, milliseconds since the epoch. */
  readonly time: number;
  /** Measured length of the interval in seconds (monotonic clock). */
  readonly intervalS: number;
  /** What could not be counted in this interval. */
  readonly lost: Lost;
  /** The tier that produced it; `fentry+kprobe` where hooks differ. */
  readonly tier: string;
  /** How full the fullest map was, 0 to 1; absent where no map can fill. */
  readonly mapFill?: number;
}

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
  readonly kind: "switch" | "text" | "integer" | "choice";
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

/** Filters that every tool applies in the kernel. */
export interface Filters {
  /** Only this process (tgid). */
  readonly pid?: number;
  /** Only tasks in this cgroup v2 directory or below. */
  readonly cgroup?: string;
  /** Only threads with this comm, exactly. */
  readonly comm?: string;
  /** Report ktop itself too. */
  readonly self: boolean;
  /** ktop itself in the host's terms; absent where it is in the host's namespaces. Runner.open finds it out. */
  readonly ktop?: Self;
}

/** What a tool is opened with: parsed flags and filters. */
export interface ToolOptions {
  readonly filters: Filters;
  /** By flag name; the tool's positional threshold under its own name. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** `--tier`: no other tier may be used. */
  readonly tier?: TierName;
}

/** A value for a constant of the BPF object's .rodata. */
export type Constant = number | bigint | boolean | Uint8Array;

/** What the options mean for the BPF object. Made before anything is loaded, so that usage errors come first. */
export interface Configuration {
  readonly constants: Readonly<Record<string, Constant>>;
}

/** A running tool's reader: turns maps and rings into a sample. */
export interface Sampler<S> {
  /** Everything since the last call. */
  sample(): S;
  /** Empties rings between samples, so that they do not overflow. True: a ring was filling, call again soon. */
  poll?(): boolean;
  /** Events that poll() had to let go because too many came in one interval; they count as lost. */
  dropped?(): number;
  /** How full the fullest map was when it was sampled, 0 to 1. */
  fill?(sample: S): number;
}

/** A tool put to use: for its help and the man page. */
export interface Example {
  /** What somebody wants to know: a question. */
  readonly question: string;
  /** The command that answers it. */
  readonly command: string;
  /** What to look for in what it prints. */
  readonly look: string;
}

/** A tool. `S` is what one sample holds: raw counters, drained entries, events. */
export interface Tool<S = unknown> {
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
  /** Name of its BPF object, where that is not its own. */
  readonly object?: string;
  /** Present: this is that tool under another name, with some flags chosen. */
  readonly aliasOf?: string;
  readonly columns: readonly Column[];
  /** Rows of text a table is limited to when `-r` is not given; absent: all. */
  readonly textRows?: number;
  readonly flags: readonly Flag[];
  /** A first positional as in BCC (`runqslower MIN_US`): stored in flags under its name. */
  readonly positional?: Flag;
  /** Whether text is to be the lines that derive makes, without titles, times and rows: for flags that ask for another program's format. */
  plain?(options: ToolOptions): boolean;
  /** Letters that BCC gives to options which ktop has in long form for all tools: opensnoop's `-d` is `--duration`. */
  readonly letters?: Readonly<{ duration?: string }>;
  /** Keys of numeric columns whose sum over the rows makes the sparkline. */
  readonly graph: readonly string[];
  /** What it observes; a function of the options where these decide (`fsslower -t xfs`). Read it through `hooksOf`. */
  readonly hooks: readonly Hook[] | ((options: ToolOptions) => readonly Hook[]);
  /** What each tier misses or approximates; for `ktop doctor` and the README. */
  readonly caveats: Readonly<Partial<Record<TierName, string>>>;
  /** Checks the options and says what they mean for the BPF side. Throws UsageError or KtopError. */
  configure(options: ToolOptions): Configuration;
  /** What the BPF side must know of the kernel's types: constants in addition to those of configure. */
  readonly adapt?: (types: VmlinuxBtf, options: ToolOptions) => Readonly<Record<string, Constant>>;
  /** Reads what the sampler needs, while the programs are loaded and attached. Never rejects. */
  prepare?(): Promise<void>;
  /** Starts reading an attached object. */
  sampler(attached: Attached, options: ToolOptions): Sampler<S>;
  /** Rows of one interval, in the tool's default order. Pure. `previous` is null on the first sample: then no counts, never a rate over an unknown time. */
  derive(sample: S, previous: S | null, options: ToolOptions): Derived;
}
