/**
 * dcsnoop: lookups in the directory-entry cache by name, as BCC's dcsnoop. Source: bpf/dcsnoop.bpf.c.
 *
 * @module
 */
import { btf, type Hook } from "../bpf/mod.ts";
import { DcsnoopEvent } from "./dcsnoop.gen.ts";
import { eventSampler, type ReadEvent } from "./events.ts";
import { filterConstants } from "./filter.ts";
import { exitHook } from "./hooks.ts";
import { readText } from "./records.ts";
import type { Column, Constant, Row, Tool, ToolOptions } from "./tool.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "time",
    title: "TIME",
    description: "When the name was looked up.",
    unit: "time",
    width: 8,
    align: "left",
    shown: "data",
  },
  {
    key: "time_s",
    title: "TIME(s)",
    description: "When the name was looked up, in seconds since the tool began.",
    unit: "s",
    width: 12,
    align: "left",
  },
  {
    key: "pid",
    title: "PID",
    description: "Process that asked.",
    unit: "id",
    width: 7,
    align: "left",
  },
  {
    key: "tid",
    title: "TID",
    description: "Thread that asked.",
    unit: "id",
    width: 7,
    align: "left",
    shown: "data",
  },
  {
    key: "comm",
    title: "COMM",
    description: "Name of that thread.",
    unit: "text",
    width: 16,
    align: "left",
  },
  {
    key: "type",
    title: "T",
    description: "M: the name was not in the cache; R: it was.",
    unit: "text",
    width: 1,
    align: "left",
  },
  {
    key: "file",
    title: "FILE",
    description: "The name: one component of a path.",
    unit: "text",
    width: 32,
    align: "left",
  },
];

const HOOKS: readonly Hook[] = [
  exitHook("lookup_fast", { kprobeEntry: true }),
  exitHook("d_lookup", { kprobeEntry: true }),
];

function configure({ filters, flags }: ToolOptions): { constants: Record<string, Constant> } {
  using types = btf();
  return {
    constants: {
      ...filterConstants(filters),
      all_lookups: flags.all === true,
      lookup_fast_arguments: types.parameterCount("lookup_fast") ?? 1,
    },
  };
}

/** Reads one record; it is shorter where the name is. */
export const readEvent: ReadEvent = ({ view, at, length: size, clock }) => {
  const { offset, length } = DcsnoopEvent;
  return {
    time: clock.iso(view, at + offset.time_ns),
    time_s: clock.seconds(view, at + offset.time_ns),
    pid: view.getUint32(at + offset.pid, true),
    tid: view.getUint32(at + offset.tid, true),
    comm: readText(view, at + offset.comm, length.comm),
    type: view.getUint32(at + offset.missed, true) === 1 ? "M" : "R",
    file: readText(view, at + offset.file, size - offset.file) || null,
  };
};

/** dcsnoop, the tool. */
export const dcsnoop: Tool<readonly Row[]> = {
  name: "dcsnoop",
  summary: "names that the directory-entry cache did not have",
  view: "events",
  columns: COLUMNS,
  flags: [{
    name: "all",
    letter: "a",
    kind: "switch",
    description: "names that the cache had, too",
  }],
  graph: [],
  hooks: HOOKS,
  caveats: {
    tracepoint: "not available: no tracepoint reports lookups in the directory-entry cache",
  },
  configure,
  sampler: (attached) => eventSampler(attached, "events", readEvent),
  derive: (rows, previous) => ({ rows: previous === null ? [] : rows }),
};
