/**
 * statsnoop: completed calls of the stat family, like BCC's statsnoop. Source: bpf/statsnoop/statsnoop.bpf.c.
 *
 * @module
 */
import type { Column, Row } from "../../model/mod.ts";
import { withSwitched } from "../lib/columns_for.ts";
import {
  CALL_DIRECTORY,
  DIRECTORY_DEPTH,
  DIRECTORY_PATHS,
  directoryPathConstants,
  directoryPathTypes,
} from "../lib/directory_filter.ts";
import { COMM, ERR, PID, SYSCALL, TID, TIME, TIME_S } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { type SyscallFunctions, syscallHook } from "../lib/hooks.ts";
import { callPath, CUT_DIRECTORIES, PathPart } from "../lib/paths.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { StatsnoopEvent } from "./layout.gen.ts";

const SYSCALLS: SyscallFunctions = {
  native: ["newfstatat", "newstat", "newlstat", "newfstat", "statx", "statfs", "fstatfs"],
  compat: [
    "sys_stat",
    "sys_lstat",
    "sys_fstat",
    "compat_sys_newstat",
    "compat_sys_newlstat",
    "compat_sys_newfstat",
    "compat_sys_ia32_stat64",
    "compat_sys_ia32_lstat64",
    "compat_sys_ia32_fstat64",
    "compat_sys_ia32_fstatat64",
    "sys_statx",
    "compat_sys_statfs",
    "compat_sys_fstatfs",
    "compat_sys_statfs64",
    "compat_sys_fstatfs64",
  ],
};

const UNSEEN =
  "does not see calls by io_uring and, on arm64, by 32-bit programs; marks paths longer than 4095 bytes as cut; " +
  `${CUT_DIRECTORIES}; ${DIRECTORY_DEPTH}; calls ${DIRECTORY_PATHS}`;

/** Names by number: enum statsnoop_call in bpf/statsnoop/statsnoop.h. */
const CALLS = [null, "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs"] as const;

/** STATSNOOP_NO_FD in bpf/statsnoop/statsnoop.h. */
const NO_FD = -(2 ** 31);

const COLUMNS: readonly Column[] = [
  { ...TIME, shown: "data" },
  { ...TIME_S, shown: "data" },
  PID,
  { ...TID, shown: "data" },
  COMM,
  {
    key: "fd",
    title: "FD",
    description: "Result of the call, as in BCC: 0, or -1 for an error.",
    unit: "id",
    width: 4,
    priority: -2,
    align: "right",
  },
  ERR,
  { ...SYSCALL, shown: "data" },
  {
    key: "dirfd",
    title: "DIRFD",
    description: "File descriptor of the call, or of the directory that a relative path starts at.",
    unit: "id",
    width: 5,
    priority: -2,
    align: "right",
    shown: "data",
  },
  {
    key: "path",
    title: "PATH",
    description:
      "Path as given, after the directory if the call names one by descriptor; for a call on an open " +
      "file, its path.",
    unit: "text",
    cut: "start",
    width: 32,
    minWidth: 32,
    priority: 2,
    align: "left",
  },
  ...WHO,
];

function pathOf(event: StatsnoopEvent): string | null {
  const { path_parts } = event;
  // The usual case of a flood of events.
  if (path_parts === PathPart.given) return event.trailingText();
  return callPath(path_parts, event.walked, event.trailingTexts(path_parts & PathPart.given ? 1 : 0));
}

/** Makes the row of an event. */
export const readEvent: ReadEvent<StatsnoopEvent> = (event, clock) => {
  const { ret, dirfd } = event;
  return {
    time: clock.iso(event.time_ns),
    time_s: clock.seconds(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    fd: ret < 0 ? -1 : ret,
    err: ret < 0 ? -ret : 0,
    syscall: CALLS[event.call] ?? null,
    dirfd: dirfd === NO_FD ? null : dirfd,
    path: pathOf(event),
  };
};

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  return {
    ...filterConstants(filters),
    ...directoryPathConstants(options),
    failed_only: flags.failed === true,
  };
}

export const statsnoop: Tool<readonly Row[]> = {
  name: "statsnoop",
  summary: "calls of the stat family, with path and result",
  searchWords: "missing not found enoent poll errors",
  examples: [
    {
      question: "Which files does a program poll?",
      command: "ktop statsnoop -x",
      look: "The same PATH many times a second: a search path that is too long, or a program waiting for a " +
        "file.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) => withSwitched(COLUMNS, flags, { time_s: "timestamp", syscall: "syscall" }),
  flags: [
    { name: "timestamp", letter: "t", kind: "switch", description: "show the seconds since the start" },
    { name: "syscall", letter: "s", kind: "switch", description: "show the system call" },
    { name: "failed", letter: "x", kind: "switch", description: "only calls that failed" },
    CALL_DIRECTORY,
  ],
  graph: [],
  hooks: [syscallHook("stat", SYSCALLS)],
  caveats: { fentry: UNSEEN, kprobe: UNSEEN, tracepoint: UNSEEN },
  configure,
  adapt: directoryPathTypes,
  sampler: (attached) => eventSampler(attached, StatsnoopEvent, readEvent),
  derive: eventRows,
};
