/**
 * filegone: files and directories that were removed or renamed, like BCC's filegone. Source: bpf/filegone/filegone.bpf.c.
 *
 * @module
 */
import type { Hook, VmlinuxBtf } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { actorColumns, TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { callPrograms, functionHook } from "../lib/hooks.ts";
import { dentryArguments } from "../lib/removal.ts";
import type { Constants, Tool } from "../tool.ts";
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
  },
  {
    key: "file",
    title: "FILE",
    description: "The removed name; for RENAME also the new one: old > new.",
    unit: "text",
    width: 32,
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
];

/** A function from start to end. `callers`: functions into which it may be inlined. */
function removalHook(name: string, callers: readonly string[] = []): Hook {
  return functionHook(name, (tier) => ({
    all: callPrograms(name, tier),
    any: callers.flatMap((caller) => callPrograms(caller, tier)),
  }), { all: ["sys_exit__tracepoint"], constants: { [`syscalls_${name.slice("vfs_".length)}`]: true } });
}

const HOOKS: readonly Hook[] = [
  removalHook("vfs_unlink"),
  removalHook("vfs_rmdir", ["do_rmdir"]),
  removalHook("vfs_rename"),
];

function adapt(types: VmlinuxBtf): Constants {
  const renameArguments = types.parameterCount("vfs_rename") ?? 1;
  return {
    ...dentryArguments(types, { unlink: "vfs_unlink", rmdir: "vfs_rmdir" }),
    rename_by_struct: renameArguments === 1,
    rename_argument_count: renameArguments,
  };
}

/** The name without the slashes that a program may write after a directory's path. */
function withoutSlashes(name: string): string {
  return name.replace(/\/+$/, "") || name;
}

/** Makes the row of an event. Its names follow it, in equal parts of the rest of the record. */
export const readEvent: ReadEvent<FilegoneEvent> = (event, clock) => {
  const action = ACTIONS[event.action]!;
  const renamed = action === "RENAME";
  const room = event.trailingBytes / (renamed ? 2 : 1);
  const name = withoutSlashes(event.trailingName(0, room));
  const newName = renamed ? withoutSlashes(event.trailingName(room, room)) : null;
  return {
    time: clock.iso(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    action,
    file: newName === null ? name : `${name} > ${newName}`,
    name,
    new_name: newName,
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
      look: "ACTION and FILE; COMM and PID are the process that did it. A renamed file shows as old > new.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  flags: [],
  graph: [],
  hooks: HOOKS,
  caveats: {
    tracepoint:
      "shows the names that programs pass to system calls; does not see removals and renames by the kernel itself, by " +
      "io_uring or by 32-bit programs, nor message queues",
  },
  configure: ({ filters }) => filterConstants(filters),
  adapt,
  sampler: (attached) => eventSampler(attached, FilegoneEvent, readEvent),
  derive: eventRows,
};
