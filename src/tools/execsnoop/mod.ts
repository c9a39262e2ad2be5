/**
 * execsnoop: programs that are executed, like BCC's execsnoop. Source: bpf/execsnoop/execsnoop.bpf.c.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import type { Attached, Hook, ProgramSet } from "../../bpf/mod.ts";
import { type Ancestor, chainText, type Row } from "../../model/mod.ts";
import { Pattern, PatternError, shownValue } from "../../text/mod.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants, withUser } from "../lib/filter.ts";
import { type SyscallFunctions, syscallHook } from "../lib/hooks.ts";
import { userName, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { commandLine, quote, readArguments } from "./arguments.ts";
import { COLUMNS, columnsFor, MOST_PARENTS } from "./columns.ts";
import { ExecsnoopEvent } from "./layout.gen.ts";
import { NO_END, RunningPrograms } from "./running_programs.ts";

/** Default of `--max-args`, the program's path included, as in BCC. */
const DEFAULT_ARGUMENTS = 20;
/** MAX_ARGUMENTS of bpf/execsnoop/execsnoop.bpf.c, less the arguments that the kernel adds for an interpreter. */
const MOST_ARGUMENTS = 60;

/** Programs that run at once with `--exit`: entries of the map `running`. */
const MOST_RUNNING = 8192;

/** Of the memory for events, the part for programs that have not ended. */
const RUNNING_PART = 1 / 4;

/** enum execsnoop_kind of bpf/execsnoop/execsnoop.h */
const KIND = { call: 0, exit: 1 } as const;

const SYSCALLS: SyscallFunctions = {
  native: ["execve", "execveat"],
  compat: ["compat_sys_execve", "compat_sys_execveat"],
};

/** Reports the calls that succeed, on every tier. */
const SUCCESSES = "sched_process_exec__tracepoint";
const EXITS = "sched_process_exit__tracepoint";

/** A hook whose only program is the same on every tier. */
const tracepointHook = (name: string, set: ProgramSet): Hook => ({
  name,
  tiers: { tracepoint: [set], fentry: [set], kprobe: [set] },
});

/** `-x` alone needs programs on the system calls. */
function hooks({ flags }: ToolOptions): readonly Hook[] {
  const fails = flags.fails === true;
  const calls = fails
    ? syscallHook("execve", SYSCALLS, [SUCCESSES])
    : tracepointHook("execve", { all: [SUCCESSES] });
  const exits = tracepointHook("exit", { all: [EXITS], maxEntries: { running: MOST_RUNNING } });
  const used = flags.exit === true ? [exits, calls] : [calls];
  return fails ? used : used.map((hook) => ({ ...hook, order: ["tracepoint", "fentry", "kprobe"] }));
}

const LIMITS =
  "shows at most 64 arguments of at most 4095 bytes, and ... where it cut; on arm64 does not see failed " +
  "calls by 32-bit programs";

/** The parents of an event with their names, the nearest first. */
function readParents(event: ExecsnoopEvent, names: readonly string[]): string {
  const pids = event.parent_pids;
  const chain = names.map((comm, i): Ancestor => ({ pid: pids[i]!, comm }));
  return chainText(event.more_parents === 1 ? [...chain, { pid: null, comm: null }] : chain);
}

/**
 * Makes rows of events; drops those that `-n` and `-l` do not match.
 *
 * @param running With `--exit`: keeps the rows of programs until they end.
 */
export function eventReader(
  { flags }: ToolOptions,
  running: RunningPrograms | null = null,
): ReadEvent<ExecsnoopEvent> {
  const name = pattern(flags.name);
  const line = pattern(flags.line);
  const maxArgs = flags["max-args"] as number;
  const quoted = flags.quote === true;
  const withParents = flags.parents === true;
  return (event, clock) => {
    const { comm, pid, kind, ret } = event;
    const endNs = event.time_ns;
    if (kind !== KIND.call) return running?.end(pid, endNs, kind === KIND.exit ? ret : null, clock) ?? null;
    const hasBegun = running !== null && ret >= 0;
    if (hasBegun) running.discard(pid);
    if (name && !name.test(comm)) return null;
    const texts = event.trailingTexts();
    const ancestors = texts.splice(0, event.parents);
    const words = commandLine(readArguments(event, texts), maxArgs);
    if (line && !line.test(words.join(" "))) return null;
    const row: Row = {
      time: clock.iso(endNs),
      time_s: clock.seconds(endNs),
      comm,
      ...whoOf(event, pid),
      uid_name: userName(event.uid),
      pid,
      tid: event.tid,
      ppid: event.ppid,
      ret,
      parent_comm: event.parent_comm,
      args: (quoted ? words.map(quote) : words).join(" "),
      parents: withParents ? readParents(event, ancestors) : null,
      ...NO_END,
    };
    if (!hasBegun) return row;
    running.begin(pid, row, endNs);
    return null;
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
  return {
    ...filterConstants(withUser(filters, flags.uid)),
    with_parents: flags.parents === true,
    with_exits: flags.exit === true,
    max_arguments: flags["max-args"] as number,
  };
}

function sampler(attached: Attached, options: ToolOptions): Sampler<readonly Row[]> {
  const { name, line, exit } = options.flags;
  if (exit !== true) {
    const selective = name !== undefined || line !== undefined;
    return eventSampler(attached, ExecsnoopEvent, eventReader(options), { selective });
  }
  const running = new RunningPrograms();
  const events = eventSampler(attached, ExecsnoopEvent, eventReader(options, running), {
    selective: true,
    unfinished: (nowNs, clock) => running.takeAll(nowNs, clock),
  });
  return {
    ...events,
    limit(limits) {
      running.maxBytes = limits.bytes * RUNNING_PART;
      events.limit({ ...limits, bytes: limits.bytes - running.maxBytes });
    },
    dropped: () => events.dropped() + running.takeDropped(),
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
    {
      question: "Which step of a build or a cron job fails, and which one takes long?",
      command: "ktop execsnoop --exit --parents",
      look:
        "EXIT other than 0 is a program that failed: its exit code, or the signal that ended it (SIGKILL: often out of memory). " +
        "DUR(ms) is how long it ran, PARENTS which script started it.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor,
  letters: { ppid: "P" },
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
    {
      name: "parents",
      kind: "switch",
      description: `show the chain of parents, at most ${MOST_PARENTS}`,
    },
    {
      name: "exit",
      kind: "switch",
      description:
        "show each program when it ends, with exit code or signal and duration; those that still run at ktop's end, with -",
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
  sampler,
  derive: eventRows,
};
