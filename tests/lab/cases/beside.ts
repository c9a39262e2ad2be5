/**
 * Event tools and histograms beside their peers of libbpf-tools: one workload, watched by ktop and by the peer at once, and
 * what both say about it compared row by row. Where they differ, the number and the peer's reason stand in the case.
 *
 * statsnoop looks for its tracepoints under names that no kernel has (`events/syscalls/statfs` for `sys_enter_statfs`) and
 * then watches nothing: it gets these names. biosnoop is not here: the verifiers of 5.10 and 6.12 refuse it, and on 6.1 it
 * looks for a function that the compiler has inlined.
 *
 * @module
 */
import type { Case, Context, Outcome, Tick } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { type Machine, type Program, Signal } from "../machine.ts";
import { type Counting, describeEnd, runCounting } from "../run.ts";
import { onDisk } from "./blocks.ts";
import { diskWorkload, MOUNT } from "./slow.ts";

/** One comparison. */
interface Beside extends Omit<Counting, "check" | "during"> {
  readonly peer: (pid: number) => readonly string[];
  /** How many links the peer makes: then its programs are attached. */
  readonly links: number;
  /** Shell commands that prepare the guest, and that take back what was done to it. */
  readonly before?: string;
  readonly after?: string;
  /** What is counted, by name, in ktop's rows and in the peer's output. */
  readonly ours: (outcome: Outcome) => Counts;
  readonly theirs: (output: string, pid: number) => Counts;
  /** How many more (or, negative, fewer) of a name the peer has, for a reason that is known. */
  readonly differs?: Counts;
}

/** How often each name came. */
type Counts = Readonly<Record<string, number>>;

/** What differs between ktop and the peer beyond what is known, one sentence for each name. */
export function compare(ours: Counts, theirs: Counts, known: Counts = {}): string[] {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs), ...Object.keys(known)]);
  if (Object.keys(ours).length === 0) return ["ktop has nothing to compare"];
  return [...names].flatMap((name) => {
    const expected = (ours[name] ?? 0) + (known[name] ?? 0), found = theirs[name] ?? 0;
    return found === expected
      ? []
      : [`${JSON.stringify(name)}: the peer has ${found}, expected ${expected}, ktop ${ours[name] ?? 0}`];
  });
}

/** Counts names; null is left out. */
export function countNames(names: readonly (string | null)[]): Counts {
  const counts: Record<string, number> = {};
  for (const name of names) if (name !== null) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Names for the rows of ktop. */
const rows = (name: (row: Tick["rows"][number]) => string | null) => ({ ticks }: Outcome): Counts =>
  countNames(ticks.flatMap((tick) => tick.rows).map(name));

/** Names for those lines of the peer that match, made from the groups of the match. */
const lines =
  (pattern: RegExp, name: (groups: readonly string[]) => string | null) => (output: string): Counts =>
    countNames(
      output.split("\n").map((line) => pattern.exec(line)).map((match) => match && name(match.slice(1))),
    );

/** Sums of the histograms of the peer, by what stands in their headings. */
export function histogramSums(output: string, heading: RegExp): Counts {
  const counts: Record<string, number> = {};
  let name: string | null = null;
  for (const line of output.split("\n")) {
    name = heading.exec(line)?.[1] ?? name;
    const slot = /^\s*\d+ -> \d+\s*: (\d+)/.exec(line);
    if (slot && name !== null) counts[name] = (counts[name] ?? 0) + Number(slot[1]);
  }
  return counts;
}

const LINKS = "bpftool link list | grep -cE '^[0-9]+:' || true";

/** Starts the peer and waits until its programs are attached or it has ended. */
async function startPeer(machine: Machine, { links, peer }: Beside, pid: number): Promise<Program> {
  const before = Number(await machine.shell(LINKS));
  const program = await machine.start(peer(pid));
  const attached = `[ $(${LINKS}) -ge ${before + links} ]`;
  await machine.shell(`until ${attached} || ! kill -0 ${program.pid}; do sleep 0.1; done`);
  return program;
}

async function beside(spec: Beside, context: Context): Promise<string[]> {
  let peer: Program | null = null, pid = 0;
  const outcomes: Outcome[] = [];
  const complaints = await runCounting({
    ...spec,
    during: async (machine, workload) => {
      pid = workload.pid;
      peer = await startPeer(machine, spec, pid);
    },
    check: all(nothingLost, (outcome) => (outcomes.push(outcome), [])),
  }, context);
  if (peer === null || complaints.length > 0) return complaints;
  const program: Program = peer;
  program.kill(Signal.INT);
  const status = await program.end(60_000);
  if (status !== 0) return [`the peer ended with ${describeEnd(program)}`];
  return compare(spec.ours(outcomes[0]!), spec.theirs(program.output, pid), spec.differs);
}

/** Numbers out of names. */
const bare = (name: unknown): string => String(name).replace(/\d+$/, "");

const opensnoop: Beside = {
  tool: "opensnoop",
  workload: ["opens"],
  peer: (pid) => ["peer-opensnoop", "-p", String(pid)],
  links: 4,
  ours: rows((row) => row.path === null ? `none ${row.err}` : `${row.path} ${row.err}`),
  theirs: lines(/^\d+ +opens +-?\d+ +(\d+) ?(.*)$/, ([err, path]) => `${path || "none"} ${err}`),
  // It watches open and openat: neither openat2 nor creat.
  differs: { "file 0": -7, "new 0": -5 },
};

const execArguments = (text: unknown): string =>
  String(text).replace(/^\/\S+\/execs /, "EXECS ").replace(/ \d+(?= |$)/, " N").replace(/ +/g, " ").trim();

const execsnoop: Beside = {
  tool: "execsnoop",
  options: ["-x"],
  workload: ["execs"],
  peer: () => ["peer-execsnoop", "-x"],
  links: 2,
  ours: rows((row) => `${row.ret} ${execArguments(row.args)}`),
  theirs: (output, pid) =>
    lines(
      /^\S+ +(\d+) +\d+ +(-?\d+) (.*)$/,
      ([own, ret, words]) => Number(own) === pid ? `${ret} ${execArguments(words)}` : null,
    )(output),
  // It does not watch execveat.
  differs: { "-2 absent x y": -5, "0 /dev/fd/9 step N": -7, "0 /dev/fd/8/link step N": -3 },
};

const events = "/sys/kernel/debug/tracing/events/syscalls";
const STAT_EVENTS = `mount -t tmpfs tmpfs ${events} && ` +
  `for event in /sys/kernel/tracing/events/syscalls/*; do ln -s $event ${events}/; done; ` +
  `for name in statfs statx newstat newfstatat newlstat; do ln -s sys_enter_$name ${events}/$name; done`;

const statsnoop: Beside = {
  tool: "statsnoop",
  workload: ["stats"],
  before: STAT_EVENTS,
  after: `umount ${events}`,
  peer: (pid) => ["peer-statsnoop", "-p", String(pid)],
  links: 10,
  ours: rows((row) => `${String(row.path ?? "none").replace(/^\/tmp\/ktop-lab-stats-\d+\//, "")} ${row.err}`),
  theirs: lines(/^\d+ +stats +-?\d+ +(\d+) *(.*)$/, ([err, path]) => `${path || "none"} ${err}`),
  // It does not watch fstat and fstatfs (13 + 23 of a file, 31 of a pipe, 37 that fail), and 5 + 2 calls by descriptor have
  // no path there.
  differs: { "sub/inner 0": -(13 + 23 + 5 + 2), "none 0": 5 + 2 - 31, "none 9": -37 },
};

/** The peer names MNT_DETACH by the table of mount(2), has room for seven letters of a type, and prints "" for NULL. */
const mountText = (text: string): string =>
  text.replace('umount("a", MS_NOSUID)', 'umount("a", MNT_DETACH)').replaceAll(" | ", "|")
    .replace('"ktop-no", MS_RDONLY, ""', '"ktop-none", MS_RDONLY, NULL');

const mountsnoop: Beside = {
  tool: "mountsnoop",
  workload: ["mounts"],
  peer: (pid) => ["peer-mountsnoop", "-p", String(pid)],
  links: 4,
  // It watches mount and umount alone.
  ours: rows(({ call }) => /^u?mount\(/.test(String(call)) ? String(call) : null),
  theirs: lines(/^mounts +\d+ +\d+ +\d+ +(.*)$/, ([call]) => mountText(call!)),
};

const filelife: Beside = {
  tool: "filelife",
  workload: ["lives"],
  peer: (pid) => ["peer-filelife", "-p", String(pid)],
  links: 4,
  ours: rows(({ file }) => bare(file)),
  theirs: lines(/^\S+ +\d+ +lives +\S+ +(.*)$/, ([file]) => bare(file)),
  // It tells a file with two names when the first goes: the file is still there.
  differs: { linked: 7, other: -7 },
};

const fsslower: Beside = {
  tool: "fsslower",
  options: ["0", "-t", "ext4"],
  workload: diskWorkload,
  before: MOUNT,
  peer: (pid) => ["peer-fsslower", "-t", "ext4", "-m", "0", "-p", String(pid)],
  links: 8,
  ours: rows(({ operation, file }) => `${operation} ${file}`),
  theirs: lines(
    /^\S+ +slow +\d+ +([RWOF]) +\S+ +\S+ +\S+ +(.*)$/,
    ([letter, file]) => `${letter === "F" ? "S" : letter} ${file}`,
  ),
  // The fsync within a synchronous write takes the place of the write in its map.
  differs: { "W sync.dat": -17 },
};

const fsdist: Beside = {
  tool: "fsdist",
  options: ["-t", "ext4"],
  workload: diskWorkload,
  before: MOUNT,
  peer: (pid) => ["peer-fsdist", "-t", "ext4", "-p", String(pid)],
  links: 8,
  ours: ({ ticks }) => {
    const counts: Record<string, number> = {};
    for (const { operation, count } of ticks.flatMap((tick) => tick.rows)) {
      counts[String(operation)] = (counts[String(operation)] ?? 0) + Number(count);
    }
    return counts;
  },
  theirs: (output) => histogramSums(output, /^operation = '(\w+)'/),
  // As with fsslower.
  differs: { write: -17 },
};

const biolatency: Beside = {
  tool: "biolatency",
  options: ["-F"],
  workload: onDisk.workload,
  before: onDisk.during,
  peer: () => ["peer-biolatency", "-F", "-d", "nvme0n1"],
  links: 2,
  ours: ({ ticks }) => {
    const counts: Record<string, number> = {};
    for (const { flags, count } of ticks.flatMap((tick) => tick.rows)) {
      const name = String(flags).split("-").at(-1)!;
      counts[name] = (counts[name] ?? 0) + Number(count);
    }
    return counts;
  },
  theirs: (output) => histogramSums(output, /^flags = (?:\S*-)?(\w+)/),
};

/** They run on this kernel; the workload and the names are the same on all. */
const KERNEL = "6.1";

const specs = [opensnoop, execsnoop, statsnoop, mountsnoop, filelife, fsslower, fsdist, biolatency];

export const besideCases: readonly Case[] = specs.map((spec) => ({
  name: `agrees with ${spec.tool} of libbpf-tools on one workload`,
  tool: spec.tool,
  cells: ["default"],
  kernels: [KERNEL],
  boot: "usual",
  native: false,
  run: async (context) => {
    if (spec.before) await context.machine.shell(spec.before);
    try {
      return await beside(spec, context);
    } finally {
      if (spec.after) await context.machine.shell(spec.after);
    }
  },
}));
