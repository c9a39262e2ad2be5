/**
 * opensnoop: completed open calls, like BCC's opensnoop. Source: bpf/opensnoop/opensnoop.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { escapeText } from "../../text/mod.ts";
import { withShown, withSwitched } from "../lib/columns_for.ts";
import {
  CALL_DIRECTORY,
  DIRECTORY_DEPTH,
  DIRECTORY_PATHS,
  directoryPathConstants,
  directoryPathTypes,
} from "../lib/directory_filter.ts";
import { COMM, ERR, PID, TID, TIME, UID } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants, threadConstants, TID_FLAG, UID_FLAG, withUser } from "../lib/filter.ts";
import { type SyscallFunctions, syscallHook } from "../lib/hooks.ts";
import { callPath, CUT_DIRECTORIES, PathPart } from "../lib/paths.ts";
import { sharedTexts } from "../lib/shared_texts.ts";
import { userName, WHO_BESIDE_UID, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { OpensnoopEvent } from "./layout.gen.ts";
import { CREATES, openFlagNames, parseOpenFlags } from "./open_flags.ts";

const CALLS: SyscallFunctions = {
  native: ["openat", "open", "openat2", "creat", "open_by_handle_at"],
  compat: [
    "compat_sys_openat",
    "compat_sys_open",
    "sys_openat2",
    "sys_creat",
    "compat_sys_open_by_handle_at",
  ],
};

const UNSEEN =
  "does not see opens by io_uring, by the kernel itself (exec, core dumps, nfsd) and, on arm64, by " +
  "32-bit programs, nor message queues (mq_open); marks paths longer than 4095 bytes as cut; " +
  `${CUT_DIRECTORIES}; ${DIRECTORY_DEPTH}; failed opens ${DIRECTORY_PATHS}`;

/** BCC's `-d` is the duration. */
const { letter: _letter, ...DIRECTORY } = CALL_DIRECTORY;

/** Column key → name of the switch that shows it. */
const SWITCHES = {
  time: "timestamp",
  uid: "print-uid",
  flags: "extended-fields",
  mode: "extended-fields",
};

/** `-t TID` shows the thread id instead of the process id. */
function columnsFor({ flags }: ToolOptions): readonly Column[] {
  const columns = withSwitched(COLUMNS, flags, SWITCHES);
  return flags.tid === undefined ? columns : withShown(columns, { pid: "data", tid: "always" });
}

const COLUMNS: readonly Column[] = [
  { ...TIME, shown: "data" },
  { ...UID, shown: "data" },
  PID,
  { ...TID, shown: "data" },
  COMM,
  {
    key: "fd",
    title: "FD",
    description: "The new file descriptor; -1: the call failed.",
    unit: "id",
    width: 4,
    priority: -2,
    align: "right",
  },
  ERR,
  {
    key: "flags",
    title: "FLAGS",
    description: "Flags of the call; octal in JSON and CSV.",
    unit: "text",
    names: "flags",
    width: 20,
    priority: -1,
    align: "left",
    shown: "data",
  },
  {
    key: "mode",
    title: "MODE",
    description: "Mode argument; octal in JSON and CSV; unknown for calls that cannot create a file.",
    unit: "text",
    names: "mode",
    width: 9,
    priority: -2,
    align: "left",
    shown: "data",
  },
  {
    key: "path",
    title: "PATH",
    description: "Path as given; with -F, relative paths are joined with their starting directory. For " +
      "open_by_handle_at, the path of the opened file.",
    unit: "text",
    cut: "start",
    width: 32,
    minWidth: 32,
    priority: 2,
    align: "left",
  },
  ...WHO_BESIDE_UID,
];

function pathOf(event: OpensnoopEvent): string | null {
  const { path_parts } = event;
  // The usual case of a flood of events.
  if (path_parts === PathPart.given) return event.trailingText();
  return callPath(path_parts, event.walked, event.trailingTexts(path_parts & PathPart.given ? 1 : 0));
}

const octalFlags = sharedTexts((flags) => flags.toString(8).padStart(8, "0"));
const octalMode = sharedTexts((mode) => mode.toString(8).padStart(4, "0"));

const nameOfFlags = openFlagNames();

/** Makes the row of an event. */
export const readEvent: ReadEvent<OpensnoopEvent> = (event, clock) => {
  const { ret, flags } = event;
  const flagsKnown = event.flags_known === 1;
  const hasMode = flagsKnown && (flags & CREATES) !== 0;
  return {
    time: clock.iso(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    uid_name: userName(event.uid),
    fd: ret < 0 ? -1 : ret,
    err: ret < 0 ? -ret : 0,
    flags: flagsKnown ? octalFlags(flags) : null,
    flags_name: flagsKnown ? nameOfFlags(flags) : null,
    mode: hasMode ? octalMode(event.mode) : null,
    path: pathOf(event),
  };
};

function sampler(attached: Attached, { flags }: ToolOptions): Sampler<readonly Row[]> {
  const name = typeof flags.name === "string" ? escapeText(flags.name) : "";
  if (name === "") return eventSampler(attached, OpensnoopEvent, readEvent);
  return eventSampler(
    attached,
    OpensnoopEvent,
    (event, clock) => event.comm.includes(name) ? readEvent(event, clock) : null,
    { selective: true },
  );
}

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  const { "flag-filter": list } = flags;
  const wanted = typeof list === "string" ? parseOpenFlags(list) : null;
  return {
    ...filterConstants(withUser(filters, flags.uid)),
    ...directoryPathConstants(options),
    ...(wanted && { filter_flags_on: true, filter_access: wanted.access, filter_flags: wanted.flags }),
    ...threadConstants(options),
    failed_only: flags.failed === true,
    full_path: flags["full-path"] === true,
  };
}

export const opensnoop: Tool<readonly Row[]> = {
  name: "opensnoop",
  summary: "open calls, with path and result",
  searchWords: "missing not found enoent eacces permission configuration which file errors",
  examples: [
    {
      question: "Which configuration file does a program fail to find?",
      command: "ktop opensnoop -x -n nginx",
      look: "ERR is ENOENT if there is no such file, EACCES without permission; PATH is the file it tried.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor,
  letters: { duration: "d" },
  flags: [
    { name: "timestamp", letter: "T", kind: "switch", description: "show when the call ended" },
    { name: "print-uid", letter: "U", kind: "switch", description: "show the user id" },
    { name: "failed", letter: "x", kind: "switch", description: "only calls that failed" },
    TID_FLAG,
    UID_FLAG,
    {
      name: "name",
      letter: "n",
      kind: "text",
      argument: "NAME",
      description: "only threads whose name contains this",
    },
    { name: "extended-fields", letter: "e", kind: "switch", description: "show flags and mode" },
    {
      name: "flag-filter",
      letter: "f",
      kind: "text",
      argument: "FLAGS",
      list: true,
      description: "only opens with any of these flags: O_WRONLY,O_CREAT",
    },
    {
      name: "full-path",
      letter: "F",
      kind: "switch",
      description: "join relative paths with their starting directory, across mounts",
    },
    DIRECTORY,
  ],
  graph: [],
  hooks: [syscallHook("open", CALLS)],
  caveats: { fentry: UNSEEN, kprobe: UNSEEN, tracepoint: UNSEEN },
  configure,
  adapt: directoryPathTypes,
  sampler,
  derive: eventRows,
};
