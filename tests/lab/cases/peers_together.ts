/**
 * ktop and its peer of libbpf-tools on the same run of a workload: their rows or histograms are compared. Known differences
 * are in the case, with their reasons.
 *
 * The peer statsnoop looks for its tracepoints under names that no kernel has (`events/syscalls/statfs` for
 * `sys_enter_statfs`): the case creates these names. There is no case for biosnoop: the verifiers of 5.10 and 6.12 refuse the
 * peer, and on 6.1 the function that it needs is inlined. Those of servers' tools are in `peers_server.ts`.
 *
 * @module
 */
import { countNames, type Counts, type Row, rowsOf } from "../../support/ticks.ts";
import type { Case, Context, Outcome } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { type Machine, type Program, Signal } from "../machine.ts";
import { describeEnd, explained, runWithWorkload, waitUntilDetached, type WorkloadRun } from "../run.ts";
import { blocksOnDisk } from "./blocks.ts";
import { prepared } from "./prepared.ts";
import { MOUNT_EXT4, slowOnExt4 } from "./slow.ts";

/** One comparison. */
export interface Comparison extends Omit<WorkloadRun, "check" | "during"> {
  /** The peer's command for a workload's process id. */
  readonly peer: (pid: number) => readonly string[];
  /** How many BPF links the peer makes: its programs are attached when they exist. */
  readonly links: number;
  /** The peer prints only when it is interrupted. */
  readonly printsAtEnd?: boolean;
  /** Shell command that prepares the guest, and the one that undoes it. */
  readonly prepare?: string;
  readonly undo?: string;
  /** Counts by name in the output of ktop and of the peer. */
  readonly ours: (outcome: Outcome) => Counts;
  readonly theirs: (output: string, pid: number) => Counts;
  /** How many more (negative: fewer) of a name the peer reports, for a known reason. */
  readonly differs?: Counts;
  /** By which part the counts may differ; 0 by default. */
  readonly within?: number;
}

/** A sentence for each name whose counts differ by another number than the known one, and by more than a part of it. */
export function compare(ours: Counts, theirs: Counts, known: Counts = {}, within = 0): string[] {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs), ...Object.keys(known)]);
  if (Object.keys(ours).length === 0) return ["ktop has nothing to compare"];
  return [...names].flatMap((name) => {
    const expected = (ours[name] ?? 0) + (known[name] ?? 0), found = theirs[name] ?? 0;
    return Math.abs(found - expected) <= within * expected
      ? []
      : [`${JSON.stringify(name)}: the peer has ${found}, expected ${expected}, ktop ${ours[name] ?? 0}`];
  });
}

/** Counts ktop's rows by name. */
export const rows = (nameOf: (row: Row) => string | null) => ({ ticks }: Outcome): Counts =>
  countNames(rowsOf(ticks).map(nameOf));

/** Counts the peer's lines that match, by names made from the groups of the match. */
export const lines =
  (pattern: RegExp, name: (groups: readonly string[]) => string | null) => (output: string): Counts =>
    countNames(
      output.split("\n").map((line) => pattern.exec(line)).map((match) => match && name(match.slice(1))),
    );

/** Sums of the peer's histograms by the first group of the heading. */
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
async function startPeer(machine: Machine, { links, peer }: Comparison, pid: number): Promise<Program> {
  const before = Number(await machine.shell(LINKS));
  const program = await machine.start(peer(pid));
  const attached = `[ $(${LINKS}) -ge ${before + links} ]`;
  await machine.shell(`until ${attached} || ! kill -0 ${program.pid}; do sleep 0.1; done`);
  return program;
}

/** The number of epoll_wait(2) on x86-64, the only architecture of these cases. */
const EPOLL_WAIT = 232;

/**
 * Waits until the peer has read all events: it sleeps in epoll_wait only when its buffers are empty. When interrupted, it drops
 * events that it has not read.
 */
async function waitUntilRead(machine: Machine, peer: Program): Promise<void> {
  await machine.shell(
    `until grep -q '^${EPOLL_WAIT} ' /proc/${peer.pid}/syscall || ! kill -0 ${peer.pid}; do sleep 0.1; done`,
  );
}

async function runTogether(spec: Comparison, context: Context): Promise<string[]> {
  let peer: Program | null = null, pid = 0;
  const outcomes: Outcome[] = [];
  // A link of the previous case that goes away would be missing when the peer's are counted.
  await waitUntilDetached(context.machine);
  const failures = await runWithWorkload({
    ...spec,
    during: async (machine, workload) => {
      pid = workload.pid;
      peer = await startPeer(machine, spec, pid);
    },
    check: all(nothingLost, (outcome) => (outcomes.push(outcome), [])),
  }, context);
  if (peer === null || failures.length > 0) return failures;
  const program: Program = peer;
  if (!spec.printsAtEnd) await waitUntilRead(context.machine, program);
  program.kill(Signal.INT);
  const status = await program.end(60_000);
  if (status !== 0) return [`the peer ended with ${describeEnd(program)}`];
  const differences = compare(
    spec.ours(outcomes[0]!),
    spec.theirs(program.output, pid),
    spec.differs,
    spec.within,
  );
  return explained(differences, outcomes[0]!.ticks);
}

/** A name without the number at its end. */
const withoutNumber = (name: unknown): string => String(name).replace(/\d+$/, "");

/** A path as both print it: below the workload's directory, and the long one, which each cuts in its own way, by a name. */
const openedPath = (path: string): string =>
  path.replace(/^\/tmp\/ktop-lab-opens-\d+\//, "").replace(/^\/{200,}(\\…)?$/, "long");

const opensnoop: Comparison = {
  tool: "opensnoop",
  workload: ["opens"],
  peer: (pid) => ["peer-opensnoop", "-p", String(pid)],
  links: 4,
  ours: rows((row) => row.path === null ? `none ${row.err}` : `${openedPath(String(row.path))} ${row.err}`),
  theirs: lines(/^\d+ +opens +-?\d+ +(\d+) ?(.*)$/, ([err, path]) => `${openedPath(path!) || "none"} ${err}`),
  // The peer watches open and openat: neither openat2, creat nor open_by_handle_at.
  differs: { "file 0": -7, "new 0": -5, "mnt/deep/er/inner 0": -37, "none 22": -3 },
};

/** Long arguments, which each cuts in its own way, are named. */
const execArguments = (text: unknown): string =>
  String(text).replace(/ x{100,} .*$/, " LONG").replace(/( y{100,})+.*$/, " MANY").replace(
    /^\/\S+\/execs /,
    "EXECS ",
  ).replace(/ \d+(?= |$)/, " N").replace(/ +/g, " ").trim();

const execsnoop: Comparison = {
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
  // The peer does not watch execveat.
  differs: { "-2 absent x y": -5, "0 /dev/fd/9 step N": -7, "0 /dev/fd/8/link step N": -3 },
};

const events = "/sys/kernel/debug/tracing/events/syscalls";
const STAT_EVENTS = `mount -t tmpfs tmpfs ${events} && ` +
  `for event in /sys/kernel/tracing/events/syscalls/*; do ln -s $event ${events}/; done; ` +
  `for name in statfs statx newstat newfstatat newlstat; do ln -s sys_enter_$name ${events}/$name; done`;

/** A path as both print it: ktop resolves the directory of relative paths, and each cuts the long one in its own way. */
const statPath = (path: string): string =>
  path.replace(/^\/tmp\/ktop-lab-stats-\d+\//, "").replace(/^(sub|\\…)\//, "").replace(
    /^\/{200,}(\\…)?$/,
    "long",
  );

const statsnoop: Comparison = {
  tool: "statsnoop",
  workload: ["stats"],
  prepare: STAT_EVENTS,
  undo: `umount ${events}`,
  peer: (pid) => ["peer-statsnoop", "-p", String(pid)],
  links: 10,
  ours: rows((row) => `${statPath(String(row.path ?? "none"))} ${row.err}`),
  theirs: lines(/^\d+ +stats +-?\d+ +(\d+) *(.*)$/, ([err, path]) => `${statPath(path!) || "none"} ${err}`),
  // The peer does not watch fstat and fstatfs (13 + 23 of a file, 31 of a pipe, 37 that fail), and leaves the path of 5 + 2
  // calls by descriptor empty.
  differs: { "inner 0": -(13 + 23 + 5 + 2), "none 0": 5 + 2 - 31, "none 9": -37 },
};

/** The peer takes the name of MNT_DETACH from the flags of mount(2), cuts types after seven letters, and prints NULL as "". */
const mountText = (text: string): string =>
  text.replace('umount("a", MS_NOSUID)', 'umount("a", MNT_DETACH)').replaceAll(" | ", "|")
    .replace('"ktop-no", MS_RDONLY, ""', '"ktop-none", MS_RDONLY, NULL');

const mountsnoop: Comparison = {
  tool: "mountsnoop",
  workload: ["mounts"],
  peer: (pid) => ["peer-mountsnoop", "-p", String(pid)],
  links: 4,
  // The peer watches only mount and umount.
  ours: rows(({ call }) => /^u?mount\(/.test(String(call)) ? String(call) : null),
  theirs: lines(/^mounts +\d+ +\d+ +\d+ +(.*)$/, ([call]) => mountText(call!)),
};

/**
 * A name without its number; null for those that get a file's second life. The peer finds a file's creation by the address of its
 * dentry: it takes some of these for new files, depending on which addresses the kernel uses again.
 */
const lifeOf = (file: unknown): string | null => {
  const name = withoutNumber(file);
  return ["again", "twice", "second"].includes(name) ? null : name;
};

const filelife: Comparison = {
  tool: "filelife",
  workload: ["lives"],
  peer: (pid) => ["peer-filelife", "-p", String(pid)],
  links: 4,
  ours: rows(({ file }) => lifeOf(file)),
  theirs: lines(/^\S+ +\d+ +lives +\S+ +(.*)$/, ([file]) => lifeOf(file)),
  // The peer reports a file with two names when the first is removed, although the file still exists.
  differs: { linked: 7, other: -7 },
};

const fsslower: Comparison = {
  tool: "fsslower",
  options: ["0", "-t", "ext4"],
  workload: slowOnExt4,
  prepare: MOUNT_EXT4,
  peer: (pid) => ["peer-fsslower", "-t", "ext4", "-m", "0", "-p", String(pid)],
  links: 8,
  ours: rows(({ operation, file }) => `${operation} ${file}`),
  theirs: lines(
    /^\S+ +slow +\d+ +([RWOF]) +\S+ +\S+ +\S+ +(.*)$/,
    ([letter, file]) => `${letter === "F" ? "S" : letter} ${file}`,
  ),
  // In the peer's map the fsync within a synchronous write replaces the write.
  differs: { "W sync.dat": -17 },
};

const fsdist: Comparison = {
  tool: "fsdist",
  options: ["-t", "ext4"],
  workload: slowOnExt4,
  prepare: MOUNT_EXT4,
  peer: (pid) => ["peer-fsdist", "-t", "ext4", "-p", String(pid)],
  links: 8,
  ours: ({ ticks }) => {
    const counts: Record<string, number> = {};
    for (const { operation, count } of rowsOf(ticks)) {
      counts[String(operation)] = (counts[String(operation)] ?? 0) + Number(count);
    }
    return counts;
  },
  printsAtEnd: true,
  theirs: (output) => histogramSums(output, /^operation = '(\w+)'/),
  // As with fsslower.
  differs: { write: -17 },
};

const biolatency: Comparison = {
  tool: "biolatency",
  options: ["-F"],
  workload: blocksOnDisk.workload,
  prepare: blocksOnDisk.during,
  peer: () => ["peer-biolatency", "-F", "-d", "nvme0n1"],
  links: 2,
  ours: ({ ticks }) => {
    const counts: Record<string, number> = {};
    for (const { flags, count } of rowsOf(ticks)) {
      const name = String(flags).split("-").at(-1)!;
      counts[name] = (counts[name] ?? 0) + Number(count);
    }
    return counts;
  },
  printsAtEnd: true,
  theirs: (output) => histogramSums(output, /^flags = (?:\S*-)?(\w+)/),
};

/** The comparisons run on one kernel: workloads and names are the same on all. */
const KERNEL = "6.1";

/** The case of a comparison. */
export const together = (spec: Comparison): Case =>
  prepared({ prepare: spec.prepare ?? "true", undo: spec.undo }, {
    name: `agrees with ${spec.tool} of libbpf-tools on the same run`,
    tool: spec.tool,
    cells: ["default"],
    kernels: [KERNEL],
    boot: "usual",
    native: false,
    run: (context) => runTogether(spec, context),
  });

export const peersTogetherCases: readonly Case[] = [
  opensnoop,
  execsnoop,
  statsnoop,
  mountsnoop,
  filelife,
  fsslower,
  fsdist,
  biolatency,
].map(together);
