/**
 * dcsnoop: lookups in the directory-entry cache by name, like BCC's dcsnoop. Source: bpf/dcsnoop/dcsnoop.bpf.c.
 *
 * @module
 */
import type { Hook } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { actorColumns, TIME_BESIDE_S, TIME_S_IN_TEXT } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { FILE } from "../lib/file_columns.ts";
import { filterConstants } from "../lib/filter.ts";
import { exitHook } from "../lib/hooks.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { DcsnoopEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME_BESIDE_S, description: "When the name was looked up." },
  {
    ...TIME_S_IN_TEXT,
    description: "When the name was looked up, in seconds since the tool was first started.",
  },
  ...actorColumns("looked it up"),
  {
    key: "type",
    title: "T",
    description: "M: the name was not in the cache; R: it was.",
    unit: "text",
    width: 1,
    priority: -2,
    align: "left",
  },
  { ...FILE, description: "The name, one component of a path.", width: 32, priority: 3 },
  ...WHO,
];

const HOOKS: readonly Hook[] = [
  exitHook("lookup_fast", { kprobeEntry: true }),
  exitHook("d_lookup", { kprobeEntry: true }),
];

function configure({ filters, flags }: ToolOptions): Constants {
  return { ...filterConstants(filters), all_lookups: flags.all === true };
}

/** Makes the row of an event. */
export const readEvent: ReadEvent<DcsnoopEvent> = (event, clock) => ({
  time: clock.iso(event.time_ns),
  time_s: clock.seconds(event.time_ns),
  pid: event.pid,
  tid: event.tid,
  comm: event.comm,
  ...whoOf(event, event.pid),
  type: event.missed === 1 ? "M" : "R",
  file: event.file || null,
});

export const dcsnoop: Tool<readonly Row[]> = {
  name: "dcsnoop",
  summary: "names missing from the directory-entry cache",
  searchWords: "dentry cache dcache missing not found lookup path",
  examples: [
    {
      question: "Which names are missing from the directory-entry cache?",
      command: "ktop dcsnoop",
      look:
        "T is M for a missing name: often the same library, looked for in each directory of a search path.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  flags: [{
    name: "all",
    letter: "a",
    kind: "switch",
    description: "also show names that were in the cache",
  }],
  graph: [],
  hooks: HOOKS,
  caveats: {
    tracepoint: "not available: no tracepoint reports lookups in the directory-entry cache",
  },
  configure,
  adapt: (types) => ({ lookup_fast_argument_count: types.parameterCount("lookup_fast") ?? 1 }),
  sampler: (attached) => eventSampler(attached, DcsnoopEvent, readEvent),
  derive: eventRows,
};
