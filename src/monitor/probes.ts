/**
 * The probes pane: what ktop's own BPF programs cost.
 *
 * @module
 */
import type { Column, Derived, Row, ToolInfo } from "../model/mod.ts";
import { escapeText } from "../text/mod.ts";

/** What the kernel counted for one program since it was loaded, while statistics were on. */
export interface ProbeCounts {
  /** The tool it belongs to. */
  readonly tool: string;
  /** C function name: "vfs_read__fentry". */
  readonly program: string;
  /** ELF section: what it is attached to, "fentry/vfs_read". */
  readonly section: string;
  /** The kernel's number of the program: a new one each time it is loaded. */
  readonly id: number;
  readonly runs: bigint;
  readonly runTimeNs: bigint;
  /** Calls that did not run it because it ran already on that CPU. */
  readonly misses: bigint;
}

/** All programs at one moment. */
export interface ProbeSample {
  readonly programs: readonly ProbeCounts[];
  /** Monotonic milliseconds. */
  readonly at: number;
}

const COLUMNS: readonly Column[] = [
  { key: "tool", title: "TOOL", description: "Tool it works for.", unit: "text", width: 12, align: "left" },
  {
    key: "cpu_pct",
    title: "CPU%",
    description: "CPU time that it took, in percent of one CPU.",
    unit: "pct",
    width: 7,
    align: "right",
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
    description: "Nanoseconds that one run took, on average; the kernel's own measuring is a part of them.",
    unit: "count",
    width: 9,
    align: "right",
    decimals: 0,
  },
  {
    key: "tier",
    title: "TIER",
    description: "Tier it belongs to: how it is attached.",
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
    description: "Nanoseconds it ran.",
    unit: "count",
    width: 10,
    align: "right",
    shown: "data",
  },
  {
    key: "missed",
    title: "MISSED",
    description: "Calls that did not run it because it ran already on that CPU.",
    unit: "count",
    width: 7,
    align: "right",
    shown: "data",
  },
];

/** The part of a name after its last "__" is the tier: `vfs_read_exit__fentry`. */
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

/** One row for each program, the dearest first. A program that was loaded since the previous sample counts from then. */
export function deriveProbes(sample: ProbeSample, previous: ProbeSample | null): Derived {
  if (previous === null) return { rows: [] };
  const intervalNs = (sample.at - previous.at) * 1e6;
  const before = new Map(previous.programs.map((program) => [program.id, program]));
  const rows = sample.programs.map((program) => probeRow(program, before.get(program.id), intervalNs));
  return { rows: rows.sort((a, b) => Number(b.cpu_pct) - Number(a.cpu_pct)) };
}

/** The probes pane, as a tool that is shown but not run: the monitor samples the programs of the running tools. */
export const probes: ToolInfo = {
  name: "probes",
  summary: "what the BPF programs of ktop cost, as the kernel measures it",
  view: "table",
  columns: COLUMNS,
  flags: [],
  graph: ["run_time_ns"],
  caveats: {},
};
