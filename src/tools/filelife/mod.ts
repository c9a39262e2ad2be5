/**
 * filelife: the age at removal of files that were created while the tool ran, like BCC's filelife. Source:
 * bpf/filelife/filelife.bpf.c.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import {
  DIRECTORY,
  DIRECTORY_DEPTH,
  DIRECTORY_PATHS,
  directoryPathConstants,
  directoryPathTypes,
} from "../lib/directory_filter.ts";
import { actorColumns, TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { DIR, FILE, PATH } from "../lib/file_columns.ts";
import { filterConstants } from "../lib/filter.ts";
import { FULL_PATH, withFullPath } from "../lib/full_path.ts";
import { functionHook } from "../lib/hooks.ts";
import { CUT_DIRECTORIES, pathOfPlace, PathPart, placeOf } from "../lib/paths.ts";
import { dentryArguments, preemptible, WRITE_MOUNT_HOOK } from "../lib/removal.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Tool } from "../tool.ts";
import { FilelifeEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When the file was removed." },
  ...actorColumns("removed it"),
  {
    key: "age_s",
    title: "AGE(s)",
    description: "Seconds from its creation to its removal.",
    unit: "s",
    width: 12,
    priority: 3,
    align: "right",
    adds: false,
  },
  { ...FILE, minWidth: 12 },
  { ...DIR, description: "The directory from which it was removed." },
  { ...PATH, description: "The path under which it was removed." },
  ...WHO,
];

/** `open`: the function whose program detects that an open created its file. */
function programs(tier: "fentry" | "kprobe", open: "security_file_open" | "vfs_open"): ProgramSet {
  const all = ["vfs_unlink_exit", "vfs_unlink_enter", `${open}_enter`];
  const any = ["vfs_create_exit", ...(tier === "kprobe" ? ["vfs_create_enter"] : [])];
  const named = (name: string): string => `${name}__${tier}`;
  return { constants: preemptible(tier), all: all.map(named), any: any.map(named) };
}

/** One hook for creation and removal: both must identify a file in the same way. */
const HOOKS: readonly Hook[] = [
  WRITE_MOUNT_HOOK,
  functionHook(
    "vfs_open and vfs_unlink",
    (tier) => [programs(tier, "security_file_open"), programs(tier, "vfs_open")],
    { all: ["sys_exit__tracepoint"] },
  ),
];

/** Makes the row of an event. */
export const readEvent: ReadEvent<FilelifeEvent> = (event, clock) => {
  const { path_parts } = event;
  const [text = "", ...names] = event.trailingTexts(path_parts & PathPart.given ? 1 : 0);
  const place = placeOf(path_parts, event.walked, text, names);
  return {
    time: clock.iso(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    age_s: event.age_ns / 1e9,
    file: place.name || null,
    dir: place.dir,
    path: pathOfPlace(place),
  };
};

const UPPER_CAVEAT = `does not see message queues; ${CUT_DIRECTORIES}; ${DIRECTORY_DEPTH}`;

export const filelife: Tool<readonly Row[]> = {
  name: "filelife",
  summary: "the lifetime of files that are created and removed while it runs",
  searchWords: "temporary files created deleted delete unlink rm short-lived",
  examples: [
    {
      question: "Which processes create files and remove them at once?",
      command: "ktop filelife",
      look: "AGE(s) near 0 with the same COMM: temporary files. DIR is where they are; it could be on tmpfs.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: (options) => withFullPath(COLUMNS, options),
  flags: [DIRECTORY, FULL_PATH],
  graph: [],
  hooks: HOOKS,
  caveats: {
    fentry: UPPER_CAVEAT,
    kprobe: UPPER_CAVEAT,
    tracepoint:
      "identifies files by name: does not see files that had two links or were made by mknod, nor files created, " +
      "renamed or removed by the kernel itself, by io_uring or, on arm64, by 32-bit programs, nor message queues; shows the " +
      `paths that programs pass to system calls, and does not follow symbolic links in them; ${CUT_DIRECTORIES}; ` +
      `${DIRECTORY_DEPTH}; calls ${DIRECTORY_PATHS}`,
  },
  configure: (options) => ({ ...filterConstants(options.filters), ...directoryPathConstants(options) }),
  adapt: (types, options) => ({
    ...directoryPathTypes(types, options),
    ...dentryArguments(types, { create: "vfs_create", unlink: "vfs_unlink" }),
  }),
  sampler: (attached) => eventSampler(attached, FilelifeEvent, readEvent),
  derive: eventRows,
};
