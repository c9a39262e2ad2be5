/**
 * execsnoop: programs that are executed, like BCC's execsnoop. Source: bpf/execsnoop/execsnoop.bpf.c.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import type { Hook } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { Pattern, PatternError, shownValue } from "../../text/mod.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, PPID, TID, TIME, TIME_S, UID } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { type SyscallFunctions, syscallHook } from "../lib/hooks.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { ExecsnoopEvent } from "./layout.gen.ts";
import { parseUser, readPasswd, userNames } from "../lib/users.ts";

/** Default of `--max-args`, the program's path included, as in BCC. */
const DEFAULT_ARGUMENTS = 20;
/** MAX_ARGUMENTS of bpf/execsnoop/execsnoop.bpf.c, less the arguments that the kernel adds for an interpreter. */
const MOST_ARGUMENTS = 60;

/** Shown for an argument that could not be read. It is unique: backslashes in arguments are doubled. */
const UNREADABLE = "\\?";

const COLUMNS: readonly Column[] = [
  { ...TIME, shown: "data" },
  { ...TIME_S, shown: "data" },
  { ...UID, shown: "data" },
  {
    ...COMM,
    title: "PCOMM",
    description: "Name of the program; of the caller if the call failed.",
    priority: 2,
  },
  PID,
  { ...TID, shown: "data" },
  PPID,
  {
    key: "ret",
    title: "RET",
    description: "Result of the call: 0, or a negative error number.",
    unit: "id",
    names: "result",
    width: 8,
    priority: 1,
    align: "right",
  },
  {
    key: "args",
    title: "ARGS",
    description: "Path of the program and its arguments; ends in ... if some are left out.",
    unit: "text",
    width: 28,
    minWidth: 28,
    priority: 3,
    align: "left",
  },
  {
    key: "parent_comm",
    title: "PARENT",
    description: "Name of the caller's parent.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "data",
  },
  ...WHO,
];

const SYSCALLS: SyscallFunctions = {
  native: ["execve", "execveat"],
  compat: ["compat_sys_execve", "compat_sys_execveat"],
};

/** Reports the calls that succeed, on every tier. */
const SUCCESSES = "sched_process_exec__tracepoint";

/** `-x` alone needs programs on the system calls. */
function hooks({ flags }: ToolOptions): readonly Hook[] {
  if (flags.fails === true) return [syscallHook("execve", SYSCALLS, [SUCCESSES])];
  const sets = [{ all: [SUCCESSES] }];
  return [{
    name: "execve",
    tiers: { tracepoint: sets, fentry: sets, kprobe: sets },
    order: ["tracepoint", "fentry", "kprobe"],
  }];
}

const LIMITS =
  "shows at most 64 arguments of at most 4095 bytes, and ... where it cut; on arm64 does not see failed " +
  "calls by 32-bit programs";

/** The arguments of a program as recorded. */
export interface Arguments {
  /** Null if it could not be read. */
  readonly path: string | null;
  /** Starts with argv[0]. */
  readonly list: readonly string[];
  readonly more: boolean;
  /** The list is the interpreter's: its own arguments, the path, then the program's arguments without argv[0]. */
  readonly interpreted: boolean;
}

/** The path and at most `maxArgs` - 1 of the arguments after argv[0], as the caller passed them. */
export function commandLine({ path, list, more, interpreted }: Arguments, maxArgs: number): string[] {
  const inserted = interpreted && path !== null ? list.indexOf(path, 1) : -1;
  const given = list.slice(Math.max(inserted, 0) + 1);
  const shown = [path ?? UNREADABLE, ...given.slice(0, maxArgs - 1)];
  return more || given.length > maxArgs - 1 ? [...shown, "..."] : shown;
}

/** An argument in the form of `-q`. */
function quote(argument: string): string {
  return argument === "..." ? argument : `"${argument.replaceAll('"', '\\"')}"`;
}

function readArguments(event: ExecsnoopEvent): Arguments {
  const texts = event.trailingTexts();
  const path = event.path_known === 1 ? texts.shift() ?? null : null;
  const unreadable = event.exact("unreadable");
  const list = Array.from(
    { length: event.arguments },
    (_, i) => (unreadable >> BigInt(i)) & 1n ? UNREADABLE : texts.shift() ?? UNREADABLE,
  );
  return { path, list, more: event.more === 1, interpreted: event.interpreted === 1 };
}

/** Makes rows of events; drops those that `-n` and `-l` do not match. */
export function eventReader({ flags }: ToolOptions): ReadEvent<ExecsnoopEvent> {
  const name = pattern(flags.name);
  const line = pattern(flags.line);
  const maxArgs = flags["max-args"] as number;
  const quoted = flags.quote === true;
  const nameOfUser = userNames();
  return (event, clock) => {
    const { comm, uid } = event;
    if (name && !name.test(comm)) return null;
    const words = commandLine(readArguments(event), maxArgs);
    if (line && !line.test(words.join(" "))) return null;
    return {
      time: clock.iso(event.time_ns),
      time_s: clock.seconds(event.time_ns),
      uid,
      uid_name: nameOfUser(uid),
      comm,
      ...whoOf(event.cgroup_id, event.pid),
      pid: event.pid,
      tid: event.tid,
      ppid: event.ppid,
      ret: event.ret,
      parent_comm: event.parent_comm,
      args: (quoted ? words.map(quote) : words).join(" "),
    };
  };
}

/** Compiles a flag's regular expression. Throws UsageError for an invalid one. */
function pattern(flag: unknown): Pattern | null {
  if (typeof flag !== "string") return null;
  try {
    return new Pattern(flag);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new UsageError(`"${shownValue(flag)}" is not a regular expression: ${shownValue(error.message)}.`);
  }
}

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  eventReader(options); // for its UsageError
  const uid = typeof flags.uid === "string" ? parseUser(flags.uid, readPasswd) : null;
  return {
    ...filterConstants(filters),
    ...(uid === null ? {} : { filter_uid_on: true, filter_uid: uid }),
    max_arguments: flags["max-args"] as number,
  };
}

export const execsnoop: Tool<readonly Row[]> = {
  name: "execsnoop",
  summary: "executed programs, with their arguments",
  searchWords: "fork spawn start short-lived processes command storm cron",
  examples: [
    {
      question: "Which short-lived programs does a cron job or a script start?",
      command: "ktop execsnoop -T",
      look: "The same PCOMM again and again with one PPID is a loop. ARGS is its command line.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) =>
    withSwitched(COLUMNS, flags, { time: "time", time_s: "timestamp", uid: "print-uid" }),
  flags: [
    { name: "time", letter: "T", kind: "switch", description: "show the time of day" },
    { name: "timestamp", letter: "t", kind: "switch", description: "show the seconds since the start" },
    { name: "fails", letter: "x", kind: "switch", description: "also show calls that failed" },
    {
      name: "uid",
      letter: "u",
      kind: "text",
      argument: "USER",
      description: "only this user (id or name)",
    },
    { name: "quote", letter: "q", kind: "switch", description: 'put arguments in quotes (")' },
    {
      name: "name",
      letter: "n",
      kind: "pattern",
      argument: "NAME",
      description: "only programs whose name matches this regular expression",
    },
    {
      name: "line",
      letter: "l",
      kind: "pattern",
      argument: "LINE",
      description: "only command lines that match this regular expression",
    },
    { name: "print-uid", letter: "U", kind: "switch", description: "show the user id" },
    {
      name: "max-args",
      kind: "integer",
      argument: "N",
      min: 1,
      max: MOST_ARGUMENTS,
      default: DEFAULT_ARGUMENTS,
      description: `show at most this many arguments, the path included (default ${DEFAULT_ARGUMENTS})`,
    },
  ],
  graph: [],
  hooks,
  caveats: { fentry: LIMITS, kprobe: LIMITS, tracepoint: LIMITS },
  configure,
  sampler: (attached, options) => {
    const selective = options.flags.name !== undefined || options.flags.line !== undefined;
    return eventSampler(attached, ExecsnoopEvent, eventReader(options), { selective });
  },
  derive: eventRows,
};
