/**
 * syscount: system calls by name or by process, with errors and time, like BCC's syscount. Source: bpf/syscount/syscount.bpf.c.
 *
 * @module
 */
import type { Attached, Hook } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import { type Column, type Derived, type Row } from "../../model/mod.ts";
import { ERRNO_NAMES, nearest, shownValue } from "../../text/mod.ts";
import { withShown } from "../lib/columns_for.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { filterConstants, threadConstants, TID_FLAG } from "../lib/filter.ts";
import { growth, mapEntries } from "../lib/maps.ts";
import type { Counters } from "../lib/struct.ts";
import { U32 } from "../lib/struct.ts";
import { NOBODY, WHO, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { SyscountCounts, SyscountProcess } from "./layout.gen.ts";
import { callName, callNumbers } from "./names.ts";

/** Bits of a call: enum syscount_call. */
const COMPAT = 1 << 30, UNKNOWN = 1 << 29;

/** A call that no program makes. */
const NO_CALL = 2 ** 32 - 1;

/** Threads that can be inside system calls at once with -L. */
const IN_FLIGHT = 32_768;

const perProcess = ({ flags }: ToolOptions): boolean => flags["per-process"] === true;

/** Each measures the time of the calls. */
const TIME_SWITCHES = ["latency", "milliseconds"] as const;
const isTimed = ({ flags }: ToolOptions): boolean => TIME_SWITCHES.some((name) => flags[name] === true);

const COLUMNS: readonly Column[] = [
  { ...PID, description: "Process id; unknown without -P.", needs: ["per-process"], shown: "data" },
  {
    ...COMM,
    description: "Name of the process's main thread; unknown without -P.",
    needs: ["per-process"],
    shown: "data",
  },
  {
    key: "syscall",
    title: "SYSCALL",
    description:
      "Name of the system call, # and its number if ktop does not know it; unknown with -P and for invalid numbers.",
    excludedBy: "per-process",
    unit: "text",
    width: 24,
    minWidth: 14,
    priority: 2,
    align: "left",
    metricLabel: "syscall",
  },
  {
    key: "count",
    title: "COUNT",
    description: "Calls that ended in the interval.",
    unit: "count",
    width: 10,
    priority: 3,
    align: "right",
  },
  {
    key: "errors",
    title: "ERRORS",
    description: "Those that returned an error.",
    unit: "count",
    width: 8,
    priority: 1,
    align: "right",
  },
  {
    key: "time_us",
    title: "TIME(us)",
    description: "Their total time in microseconds; unknown without -L.",
    needs: TIME_SWITCHES,
    unit: "us",
    width: 14,
    priority: 2,
    align: "right",
    shown: "data",
  },
  {
    key: "time_ms",
    title: "TIME(ms)",
    description: "Their total time in milliseconds; unknown without -L.",
    needs: TIME_SWITCHES,
    unit: "ms",
    width: 14,
    priority: 2,
    align: "right",
    shown: "data",
  },
  ...WHO.map((column): Column => ({ ...column, needs: ["per-process"] })),
];

function columnsFor(options: ToolOptions): readonly Column[] {
  const time = options.flags.milliseconds === true ? "time_ms" : "time_us";
  return withShown(COLUMNS, {
    ...perProcess(options) ? { pid: "always", comm: "always", syscall: "data" } : {},
    ...isTimed(options) ? { [time]: "always" } : {},
  });
}

function hooks(options: ToolOptions): readonly Hook[] {
  const all = isTimed(options) ? ["sys_exit__tracepoint", "sys_enter__tracepoint"] : ["sys_exit__tracepoint"];
  return [{
    name: "sys_exit",
    tiers: { tracepoint: [{ all, maxEntries: { starts: isTimed(options) ? IN_FLIGHT : 1 } }] },
  }];
}

/** Second names of errors: include/uapi/asm-generic/errno.h, and ENOTSUP of the C library. */
const SYNONYMS: Readonly<Record<string, string>> = {
  EWOULDBLOCK: "EAGAIN",
  EDEADLOCK: "EDEADLK",
  ENOTSUP: "EOPNOTSUPP",
};

/** Throws UsageError that suggests the nearest name. */
function errnoOf(text: string): number {
  const name = text.toUpperCase();
  const number = /^\d+$/.test(text) ? Number(text) : ERRNO_NAMES.indexOf(SYNONYMS[name] ?? name) + 1;
  if (number >= 1 && number <= ERRNO_NAMES.length && text !== "-") return number;
  const hint = nearest(name, ERRNO_NAMES.filter((each) => each !== "-"));
  throw new UsageError(
    `There is no error ${shownValue(text) || '""'}.`,
    {
      remedy: hint === undefined
        ? `Errors are names or 1 to ${ERRNO_NAMES.length}.`
        : `Did you mean ${hint}?`,
    },
  );
}

const NEVER_END: readonly string[] = ["exit", "exit_group"];

/** Throws UsageError for a call that would never be counted under its name. */
function assertCounted(name: string, options: ToolOptions): void {
  if (NEVER_END.includes(name)) {
    throw new UsageError(
      `syscount cannot count ${name}, which does not return: calls are counted when they end.`,
    );
  }
  if (name === "sigreturn" && !isTimed(options)) {
    throw new UsageError("syscount counts sigreturn as rt_sigreturn.", {
      remedy: "With -L it has its own row.",
    });
  }
}

function callConstants(name: string, options: ToolOptions): Constants {
  assertCounted(name, options);
  const { native, compat } = callNumbers(name);
  return {
    filter_call_on: true,
    filter_call: native ?? NO_CALL,
    filter_compat_call: compat === null ? NO_CALL : compat | COMPAT,
  };
}

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  return {
    ...filterConstants(filters),
    ...typeof flags.syscall === "string" ? callConstants(flags.syscall, options) : {},
    filter_errno: typeof flags.errno === "string" ? errnoOf(flags.errno) : 0,
    ...threadConstants(options),
    failed_only: flags.failed === true,
    per_process: perProcess(options),
    timed: isTimed(options),
  };
}

/** Calls by enum syscount_call and number, since the object was loaded. */
type Calls = ReadonlyMap<number, Counters<SyscountCounts>>;

/** One sample: with -P the rows of the interval, without it `calls`. */
export interface Sample {
  readonly calls: Calls;
  readonly processes: readonly Row[];
}

/** The columns of a row that count. */
function countColumns(count: number, errors: number, timeNs: number, timed: boolean): Row {
  return {
    count,
    errors,
    time_us: timed ? timeNs / 1e3 : null,
    time_ms: timed ? timeNs / 1e6 : null,
  };
}

function sampler({ object }: Attached, options: ToolOptions): Sampler<Sample> {
  const timed = isTimed(options);
  if (!perProcess(options)) {
    const calls = object.map("calls");
    return {
      sample: () => ({
        calls: new Map(
          mapEntries(calls.entries(), [U32, SyscountCounts], (key, counts) => [key.value, counts.counters()]),
        ),
        processes: [],
      }),
      fill: (sample) => sample.calls.size / calls.maxEntries,
    };
  }
  const processes = new DoubleHash(object, "processes", SyscountProcess);
  return {
    sample: () => ({
      calls: new Map(),
      processes: mapEntries(processes.take(), [U32, SyscountProcess], (pid, process): Row => ({
        pid: pid.value,
        comm: process.comm,
        ...whoOf(process, pid.value),
        syscall: null,
        ...countColumns(process.calls, process.errors, process.time_ns, timed),
      })),
    }),
    fill: (sample) => sample.processes.length / processes.maxEntries,
  };
}

function nameOf(call: number): string | null {
  const compat = (call & COMPAT) !== 0;
  return call & UNKNOWN ? null : callName(call & ~COMPAT, compat);
}

/** A row for each name: a call has different numbers in 64-bit and 32-bit programs. */
function callRows(calls: Calls, previous: Calls, timed: boolean): Row[] {
  const sums = new Map<string | null, { count: number; errors: number; timeNs: number }>();
  for (const [call, now] of calls) {
    const before = previous.get(call) ?? { calls: 0n, errors: 0n, time_ns: 0n };
    const count = growth(now.calls, before.calls);
    if (count === 0) continue;
    const name = nameOf(call);
    const sum = sums.get(name) ?? { count: 0, errors: 0, timeNs: 0 };
    sums.set(name, {
      count: sum.count + count,
      errors: sum.errors + growth(now.errors, before.errors),
      timeNs: sum.timeNs + growth(now.time_ns, before.time_ns),
    });
  }
  return [...sums].map(([syscall, { count, errors, timeNs }]) => ({
    pid: null,
    comm: null,
    ...NOBODY,
    syscall,
    ...countColumns(count, errors, timeNs, timed),
  }));
}

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  const rows = perProcess(options)
    ? [...sample.processes]
    : previous === null
    ? []
    : callRows(sample.calls, previous.calls, isTimed(options));
  return { rows: rows.sort((a, b) => Number(b.count) - Number(a.count)) };
}

export const syscount: Tool<Sample> = {
  name: "syscount",
  summary: "system calls by name or process: count, errors, time",
  searchWords: "syscalls kernel rate failed errno latency strace",
  examples: [
    {
      question: "What keeps a busy program in the kernel?",
      command: "ktop syscount -p 1234 -L --sort time_us 5 1",
      look:
        "TIME(us) of the first rows: calls that wait, such as futex, poll or epoll_wait, are harmless. ERRORS near " +
        "COUNT mean that a program retries in vain: -e and opensnoop -x show more.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  columnsFor,
  textRows: 10,
  order: ["count"],
  letters: { duration: "d", ppid: "c" },
  flags: [
    TID_FLAG,
    { ...ROWS, letter: "T", description: "at most this many rows (text: 10)" },
    { name: "failed", letter: "x", kind: "switch", description: "only calls that failed" },
    {
      name: "errno",
      letter: "e",
      kind: "text",
      argument: "ERRNO",
      description: "only calls that failed with this error: ENOENT, 2",
    },
    { name: "latency", letter: "L", kind: "switch", description: "measure and show the time of the calls" },
    { name: "milliseconds", letter: "m", kind: "switch", description: "as -L, in milliseconds" },
    {
      name: "per-process",
      letter: "P",
      kind: "switch",
      description: "a row for each process, not for each call",
    },
    { name: "syscall", kind: "text", argument: "NAME", description: "only this system call: openat" },
  ],
  graph: ["count", "errors"],
  hooks,
  caveats: {
    tracepoint:
      "does not count exit and exit_group, which do not return; of the calls of 32-bit programs it counts sigreturn as " +
      "rt_sigreturn, and on arm64 it has no names; a program runs for every system call of the machine, with -L two",
  },
  configure,
  sampler,
  derive,
};
