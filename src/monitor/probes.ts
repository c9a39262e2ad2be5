/**
 * The probes pane: the run time of ktop's own BPF programs.
 *
 * @module
 */
import { type Column, type Derived, makeTick, type Row, type Tick, type ToolInfo } from "../model/mod.ts";
import { escapeText } from "../text/mod.ts";

/** The kernel's counters of one program since it was loaded, while statistics were on. */
export interface ProbeCounts {
  readonly tool: string;
  /** C function name: "vfs_read__fentry". */
  readonly program: string;
  /** ELF section, which names the hook: "fentry/vfs_read". */
  readonly section: string;
  /** The kernel's program id, which is new each time it is loaded. */
  readonly id: number;
  readonly runs: bigint;
  readonly runTimeNs: bigint;
  /** Calls skipped because the program was already running on that CPU. */
  readonly misses: bigint;
}

/** The counters of all programs at one time. */
export interface ProbeSample {
  readonly programs: readonly ProbeCounts[];
  /** Monotonic milliseconds. */
  readonly at: number;
}

const COLUMNS: readonly Column[] = [
  {
    key: "tool",
    title: "TOOL",
    description: "Tool that the program belongs to; of a shared program all tools, joined with +.",
    unit: "text",
    width: 12,
    priority: 1,
    align: "left",
  },
  {
    key: "cpu_pct",
    title: "CPU%",
    description: "CPU time of the program, in percent of one CPU.",
    unit: "pct",
    width: 7,
    priority: 3,
    align: "right",
    adds: true,
    decimals: 3,
  },
  {
    key: "events",
    title: "EVENTS/s",
    description: "How often it ran.",
    unit: "count",
    width: 9,
    align: "right",
    perSecond: true,
  },
  {
    key: "ns_per_event",
    title: "NS/EVENT",
    description: "Average run time in nanoseconds, including the kernel's own measurement.",
    unit: "count",
    width: 9,
    priority: 1,
    align: "right",
    adds: false,
    decimals: 0,
  },
  {
    key: "tier",
    title: "TIER",
    description: "Tier: how the program is attached.",
    unit: "text",
    width: 10,
    align: "left",
    shown: "wide",
  },
  {
    key: "program",
    title: "PROGRAM",
    description: "Name of the program.",
    unit: "text",
    width: 30,
    priority: 2,
    align: "left",
  },
  {
    key: "hook",
    title: "HOOK",
    description: "Kernel function or tracepoint it is attached to.",
    unit: "text",
    width: 26,
    align: "left",
    shown: "wide",
  },
  {
    key: "run_time_ns",
    title: "NS",
    description: "Run time in nanoseconds.",
    unit: "count",
    width: 10,
    align: "right",
    shown: "data",
  },
  {
    key: "missed",
    title: "MISSED",
    description: "Calls skipped because the program was already running on that CPU.",
    unit: "count",
    width: 7,
    align: "right",
    shown: "data",
  },
];

/** Splits `vfs_read_exit__fentry` into name and tier. */
function splitName(program: string): { name: string; tier: string | null } {
  const at = program.lastIndexOf("__");
  return at < 0 ? { name: program, tier: null } : { name: program.slice(0, at), tier: program.slice(at + 2) };
}

function probeRow(now: ProbeCounts, before: ProbeCounts | undefined, intervalNs: number): Row {
  const events = Number(now.runs - (before?.runs ?? 0n));
  const runTimeNs = Number(now.runTimeNs - (before?.runTimeNs ?? 0n));
  const { name, tier } = splitName(now.program);
  return {
    tool: now.tool,
    events,
    ns_per_event: events > 0 ? runTimeNs / events : null,
    cpu_pct: 100 * runTimeNs / intervalNs,
    tier,
    program: escapeText(name),
    hook: escapeText(now.section.slice(now.section.indexOf("/") + 1)),
    run_time_ns: runTimeNs,
    missed: Number(now.misses - (before?.misses ?? 0n)),
  };
}

/** One row a program, most CPU time first. A program loaded since the previous sample starts at zero. */
export function deriveProbes(sample: ProbeSample, previous: ProbeSample | null): Derived {
  if (previous === null) return { rows: [] };
  const intervalNs = (sample.at - previous.at) * 1e6;
  const before = new Map(previous.programs.map((program) => [program.id, program]));
  const rows = sample.programs.map((program) => probeRow(program, before.get(program.id), intervalNs));
  return { rows: rows.sort((a, b) => Number(b.cpu_pct) - Number(a.cpu_pct)) };
}

/** The probes pane. The monitor samples the programs of the running tools for it. */
export const probes: ToolInfo = {
  name: "probes",
  summary: "run time of ktop's own BPF programs, as the kernel measures it",
  view: "table",
  columns: COLUMNS,
  flags: [],
  order: ["cpu_pct"],
  graph: ["run_time_ns"],
  caveats: {},
};

/** Name of the tier in ticks of the probes pane. */
export const PROBES_TIER = "run-time statistics";

/** The tick between two samples. */
export function probeTick(sample: ProbeSample, previous: ProbeSample): Tick {
  const intervalS = (sample.at - previous.at) / 1000;
  return makeTick(probes, { time: Date.now(), intervalS, tier: PROBES_TIER }, deriveProbes(sample, previous));
}
