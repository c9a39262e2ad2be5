/**
 * filegone: files and directories that were removed or renamed, like BCC's filegone. Source: bpf/filegone/filegone.bpf.c.
 *
 * @module
 */
import type { Hook, VmlinuxBtf } from "../../bpf/mod.ts";
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
import { DIR, PATH } from "../lib/file_columns.ts";
import { filterConstants } from "../lib/filter.ts";
import { FULL_PATH, withFullPath } from "../lib/full_path.ts";
import { callPrograms, functionHook } from "../lib/hooks.ts";
import { CUT_DIRECTORIES, pathOfPlace, PathPart, type Place, placeOf } from "../lib/paths.ts";
import { dentryArguments, preemptible, WRITE_MOUNT_HOOK } from "../lib/removal.ts";
import { CUT } from "../lib/struct.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { FilegoneEvent } from "./layout.gen.ts";

/** enum filegone_action. */
const ACTIONS = ["DELETE", "RMDIR", "RENAME"] as const;

const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When the name was removed." },
  ...actorColumns("removed or renamed it"),
  {
    key: "action",
    title: "ACTION",
    description: "DELETE: a file was removed; RMDIR: a directory was removed; RENAME: either was renamed.",
    unit: "text",
    width: 6,
    priority: 2,
    align: "left",
    metricLabel: "operation",
  },
  {
    key: "file",
    title: "FILE",
    description: "The removed name; for RENAME also the new one: old > new.",
    unit: "text",
    width: 24,
    minWidth: 12,
    priority: 3,
    align: "left",
  },
  {
    key: "name",
    title: "NAME",
    description: "The removed name.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "data",
  },
  {
    key: "new_name",
    title: "NEW_NAME",
    description: "The new name; only for RENAME.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "data",
  },
  {
    ...DIR,
    description:
      "The directory of the removed name; for RENAME to another directory also the new one: old > new.",
  },
  { ...PATH, description: "The removed path." },
  { ...PATH, key: "new_path", title: "NEW_PATH", description: "The new path; only for RENAME." },
  ...WHO,
];

/** A function from start to end. `callers`: functions into which it may be inlined. */
function removalHook(name: string, callers: readonly string[] = []): Hook {
  return functionHook(name, (tier) => ({
    constants: preemptible(tier),
    all: callPrograms(name, tier),
    any: callers.flatMap((caller) => callPrograms(caller, tier)),
  }), { all: ["sys_exit__tracepoint"], constants: { [`syscalls_${name.slice("vfs_".length)}`]: true } });
}

const HOOKS: readonly Hook[] = [
  WRITE_MOUNT_HOOK,
  removalHook("vfs_unlink"),
  removalHook("vfs_rmdir", ["do_rmdir"]),
  removalHook("vfs_rename"),
];

const UPPER_CAVEAT = `${CUT_DIRECTORIES}; ${DIRECTORY_DEPTH}`;

function adapt(types: VmlinuxBtf, options: ToolOptions): Constants {
  const renameArguments = types.parameterCount("vfs_rename") ?? 1;
  return {
    ...directoryPathTypes(types, options),
    ...dentryArguments(types, { unlink: "vfs_unlink", rmdir: "vfs_rmdir" }),
    rename_by_struct: renameArguments === 1,
    rename_argument_count: renameArguments,
  };
}

const shownWith = (old: string | null, changed: string | null): string | null =>
  changed === null || changed === old ? old : `${old ?? CUT} > ${changed}`;

/** Makes the row of an event. */
export const readEvent: ReadEvent<FilegoneEvent> = (event, clock) => {
  const action = ACTIONS[event.action]!;
  const given = action === "RENAME" ? 2 : 1;
  const texts = event.trailingTexts(event.path_parts & PathPart.given ? given : 0);
  const names = texts.slice(given, given + event.names);
  const place = placeOf(event.path_parts, event.walked, texts[0] ?? "", names);
  let moved: Place | null = null;
  if (given === 2) {
    const [walked, newNames] = event.same_directory
      ? [event.walked, names]
      : [event.new_walked, texts.slice(given + event.names)];
    moved = placeOf(event.new_path_parts, walked, texts[1] ?? "", newNames);
  }
  return {
    time: clock.iso(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    action,
    file: moved === null ? place.name : `${place.name} > ${moved.name}`,
    dir: shownWith(place.dir, moved && moved.dir),
    name: place.name,
    new_name: moved && moved.name,
    path: pathOfPlace(place),
    new_path: moved && pathOfPlace(moved),
  };
};

export const filegone: Tool<readonly Row[]> = {
  name: "filegone",
  summary: "files and directories that are removed or renamed",
  searchWords: "delete deleted unlink rm rmdir mv rename missing removed who",
  examples: [
    {
      question: "Which process removed my file?",
      command: "ktop filegone",
      look:
        "ACTION, FILE and DIR; COMM and PID are the process that did it. A renamed file shows as old > new.",
    },
    {
      question: "Which processes remove files in this directory?",
      command: "ktop filegone -d /var/lib/app",
      look: "COMM and PID. DIR is the directory at or below the one of -d.",
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
      "shows the paths that programs pass to system calls, and does not follow symbolic links in them; does not see " +
      "removals and renames by the kernel itself, by io_uring or, on arm64, by 32-bit programs, nor message queues; " +
      `${CUT_DIRECTORIES}; ${DIRECTORY_DEPTH}; calls ${DIRECTORY_PATHS}`,
  },
  configure: (options) => ({ ...filterConstants(options.filters), ...directoryPathConstants(options) }),
  adapt,
  sampler: (attached) => eventSampler(attached, FilegoneEvent, readEvent),
  derive: eventRows,
};
