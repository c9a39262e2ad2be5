/**
 * Tools without a kernel, with columns like the real ones, and their states.
 *
 * @module
 */
import type { Column, Offer, ToolInfo, ToolState, Unit } from "../../src/model/mod.ts";

type Spec = readonly [key: string, title: string, unit: Unit, width: number, extra?: Partial<Column>];

const columns = (specs: readonly Spec[]): Column[] =>
  specs.map(([key, title, unit, width, extra]) => ({
    key,
    title,
    unit,
    width,
    align: unit === "text" || unit === "time" ? "left" : "right",
    description: `What ${title} says about one row of this tool.`,
    ...extra,
  }));

function makeTool(name: string, view: ToolInfo["view"], cols: readonly Column[]): ToolInfo {
  return {
    name,
    view,
    summary: `A fake ${name} for tests.`,
    columns: cols,
    flags: name === "filetop"
      ? [
        { name: "all-types", letter: "a", description: "All types.", kind: "switch" },
        {
          name: "directory",
          letter: "d",
          description: "Only files below it.",
          kind: "text",
          argument: "DIR",
        },
        { name: "rows", letter: "r", description: "At most this many.", kind: "integer", min: 1, max: 99 },
        {
          name: "sort-by",
          description: "The order",
          kind: "choice",
          choices: ["reads", "all"],
          orders: { reads: ["reads"], all: ["reads", "writes"] },
          default: "all",
        },
      ]
      : [],
    graph: view === "counters"
      ? cols.filter(({ unit }) => unit === "count").map(({ key }) => key)
      : cols.filter(({ unit }) => unit === "kb").map(({ key }) => key),
    caveats: { tracepoint: "Sees system calls only: what the kernel does by itself is missing." },
  };
}

const rate = { perSecond: true };
/** Reads and writes by file. */
export const filetop = makeTool(
  "filetop",
  "table",
  columns([
    ["tid", "TID", "id", 7],
    ["comm", "COMM", "text", 15],
    ["reads", "READS", "count", 6],
    ["writes", "WRITES", "count", 6],
    ["read_bytes", "R_Kb", "kb", 7],
    ["write_bytes", "W_Kb", "kb", 7],
    ["type", "T", "text", 1],
    ["file", "FILE", "text", 30],
    ["pid", "PID", "id", 7, { shown: "data" }],
    ["inode", "INODE", "id", 10, { shown: "data" }],
  ]),
);
/** Keys of its columns. */
export const CALLS = ["read", "write", "fsync", "open", "create", "unlink", "mkdir", "rmdir"] as const;
/** Counters. */
export const vfsstat = makeTool(
  "vfsstat",
  "counters",
  columns(CALLS.map((key) => [key, `${key.toUpperCase()}/s`, "count", 9, rate] as const)),
);
/** Counters that need kprobes. */
export const dcstat = makeTool(
  "dcstat",
  "counters",
  columns([
    ["refs", "REFS/s", "count", 9, rate],
    ["slow", "SLOW/s", "count", 9, rate],
    ["miss", "MISS/s", "count", 9, rate],
    ["hit_pct", "HIT%", "pct", 7],
  ]),
);
/** Events with a histogram. */
export const runqslower = makeTool(
  "runqslower",
  "events",
  columns([
    ["time", "TIME", "time", 8],
    ["comm", "COMM", "text", 15],
    ["tid", "TID", "id", 7],
    ["lat_us", "LAT(us)", "us", 9],
    ["prev_comm", "PREV COMM", "text", 15, { shown: "wide" }],
  ]),
);
const opensnoop = makeTool(
  "opensnoop",
  "events",
  columns([
    ["time", "TIME", "time", 8],
    ["pid", "PID", "id", 7],
    ["comm", "COMM", "text", 15],
    ["fd", "FD", "id", 3],
    ["path", "PATH", "text", 40],
  ]),
);
/** A histogram alone. */
export const runqlat = makeTool(
  "runqlat",
  "histogram",
  columns([["low_us", "LOW", "us", 8], ["count", "COUNT", "count", 8]]),
);
const execsnoop = makeTool(
  "execsnoop",
  "events",
  columns([["time", "TIME", "time", 8], ["pid", "PID", "id", 7]]),
);
const vfscount = makeTool(
  "vfscount",
  "table",
  columns([["func", "FUNC", "text", 30], ["count", "COUNT", "count", 8]]),
);
/** Stacks. */
export const profile: ToolInfo = {
  ...makeTool(
    "profile",
    "table",
    columns([
      ["pid", "PID", "id", 7],
      ["comm", "COMM", "text", 15],
      ["samples", "SAMPLES", "count", 8],
      ["stack", "STACK", "text", 40],
      ["kernel_frames", "KERNEL", "count", 6, { shown: "data", adds: false }],
    ]),
  ),
  graph: ["samples"],
  flame: { weight: "samples" },
};
/** Every fake tool, in the order of the menu. */
export const TOOLS = [filetop, vfsstat, dcstat, runqslower, opensnoop, runqlat, execsnoop, vfscount];
/** Tools that a kernel without kprobes cannot run. */
export const NEEDS_KPROBES: readonly ToolInfo[] = [dcstat, vfscount];

/** The state of a tool that needs kprobes on a kernel without them. */
export const unavailable = ({ name }: ToolInfo): ToolState => ({
  kind: "unavailable",
  reason: `${name} needs fentry or kprobes; this kernel has neither (CONFIG_KPROBES is not set).`,
  remedy: "Use a kernel with CONFIG_KPROBES=y or CONFIG_FUNCTION_TRACER=y.",
});
/** Its program is attached. */
export const RUNNING: ToolState = { kind: "running", tier: "tracepoint", missing: [] };

/** The entries of the tool menu. */
export const OFFERS: readonly Offer[] = TOOLS.map((tool) => ({
  name: tool.name,
  summary: tool.summary,
  tier: NEEDS_KPROBES.includes(tool) ? null : "tracepoint",
  reason: NEEDS_KPROBES.includes(tool) ? "the kernel was built without CONFIG_KPROBES" : "",
}));
