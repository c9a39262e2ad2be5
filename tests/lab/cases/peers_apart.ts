/**
 * ktop and its peer of libbpf-tools one after the other in the same guest, each alongside its own run of a workload: the peer's
 * sums are compared with what ktop must count. Known differences have their reasons.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import { functions, kinds } from "../../workloads/calls.ts";
import * as io from "../../workloads/io.ts";
import type { Case, Context } from "../case.ts";
import { nothingLost } from "../checks.ts";
import { type Program, Signal } from "../machine.ts";
import { describeEnd, runWithWorkload, waitUntilDetached, type WorkloadRun } from "../run.ts";
import { ioCheck } from "./filetop.ts";
import { callsCheck } from "./vfsstat.ts";

/** A run of a peer, from before its workload starts to work until after its end. */
interface PeerRun {
  readonly peer: (pid: number) => readonly string[];
  readonly workload: readonly string[];
  /** Shell condition that holds when the peer's programs are attached. */
  readonly attached: string;
  /** The last line of a workload that does not exit by itself. */
  readonly lastLine?: RegExp;
  /** Whether the peer has printed everything: then it is interrupted, which drops what it has not read yet. */
  readonly complete: (output: string, workload: string) => boolean;
}

/** Output of the peer and its workload, or why there is none. */
interface PeerOutcome {
  readonly output: string;
  readonly workload: string;
  /** Process id of the workload. */
  readonly pid: number;
  readonly failure: string | null;
}

async function runPeer({ machine }: Context, spec: PeerRun): Promise<PeerOutcome> {
  const workload = await machine.start(spec.workload);
  await workload.until(
    ({ output }) => output.includes("ready\n") ? true : null,
    "readiness of the workload",
    60_000,
  );
  const peer = await machine.start(spec.peer(workload.pid));
  await machine.shell(`until ${spec.attached} || ! kill -0 ${peer.pid}; do sleep 0.1; done`);
  const { pid } = workload;
  if (peer.status !== null) {
    return { output: "", workload: "", pid, failure: `the peer ended early, ${describeEnd(peer)}` };
  }
  workload.kill(Signal.USR1);
  await endOf(workload, spec.lastLine);
  // If it never prints everything, the comparison reports what is missing.
  await peer.until(
    ({ output, status }) => status !== null || spec.complete(output, workload.output) ? true : null,
    "the peer's last lines",
    60_000,
  ).catch(() => {});
  peer.kill(Signal.INT);
  const status = await peer.end(60_000);
  workload.kill(Signal.KILL);
  const failure = status === 0 ? null : `the peer ended with ${describeEnd(peer)}`;
  return { output: peer.output, workload: workload.output, pid, failure };
}

async function endOf(workload: Program, lastLine?: RegExp): Promise<void> {
  await workload.until(
    ({ output, status }) => status !== null || lastLine?.test(output) ? true : null,
    "end of the workload",
    60_000,
  );
}

/** Runs ktop alongside its workload, and waits until only the peer's programs can be attached. */
async function runKtop(spec: WorkloadRun, context: Context): Promise<string[]> {
  const failures = await runWithWorkload(spec, context);
  await waitUntilDetached(context.machine);
  return failures;
}

/** Shell condition that ftrace traces these functions: its list has fentry trampolines and kprobes at function entries. */
function traced(...functions: string[]): string {
  return functions.map((name) => `grep -q '^${name} ' /sys/kernel/tracing/enabled_functions`).join(" && ");
}

/** Calls that the agent, busybox and the peer may add: the peer vfsstat counts all processes. */
const OTHERS = 60;

/** READ, WRITE, FSYNC, OPEN, CREATE of the peer's lines, summed. */
export function sumVfsstat(output: string): number[] {
  const lines = output.split("\n").filter((line) => /^\d\d:\d\d:\d\d:/.test(line));
  return lines.map((line) => line.trim().split(/\s+/).slice(1).map(Number))
    .reduce((total, row) => total.map((value, index) => value + row[index]!), [0, 0, 0, 0, 0]);
}

/** READS, WRITES, R_Kb, W_Kb of the peer's lines for one file, summed. */
export function sumFiletop(output: string, file: string): number[] {
  const rows = output.split("\n").map((line) => line.trim().split(/\s+/)).filter((words) =>
    words.at(-1) === file
  );
  return rows.map((words) => words.slice(2, 6).map(Number))
    .reduce((total, row) => total.map((value, index) => value + row[index]!), [0, 0, 0, 0]);
}

async function vfsstat(context: Context): Promise<string[]> {
  const own = await runKtop({ tool: "vfsstat", workload: ["calls"], check: callsCheck }, context);
  const { output, failure } = await runPeer(context, {
    // It exits by itself after five seconds. Nothing is printed before: its output is buffered, and lost at a signal.
    peer: () => ["peer-vfsstat", "1", "5"],
    workload: ["calls"],
    complete: () => false,
    attached: traced("vfs_read", "vfs_write", "vfs_fsync", "vfs_open", "vfs_create"),
  });
  const [read, write, fsync, open, create] = sumVfsstat(output) as [number, number, number, number, number];
  const near = (name: string, value: number, expected: number) =>
    value >= expected && value <= expected + OTHERS
      ? []
      : [`the peer's ${name} is ${value}, ktop's ${expected}`];
  // The peer hooks vfs_fsync, which fsync(2) does not call if the compiler inlined it; ktop hooks vfs_fsync_range.
  const wrongFsync = fsync === 0 || fsync === kinds.fsync ? [] : [`the peer's FSYNC is ${fsync}`];
  // The peer's CREATE counts only vfs_create, which open(O_CREAT) does not call.
  const wrongCreate = create === functions.vfs_create
    ? []
    : [`the peer's CREATE is ${create}, not ${functions.vfs_create}`];
  return [
    ...own,
    ...failure ? [failure] : [],
    ...near("READ", read, kinds.read),
    ...near("WRITE", write, kinds.write),
    ...near("OPEN", open, kinds.open),
    ...wrongFsync,
    ...wrongCreate,
  ];
}

async function filetop(context: Context): Promise<string[]> {
  const expected = io.files["rw.dat"];
  const own = await runKtop({ tool: "filetop", workload: ["io"], check: ioCheck }, context);
  const { output, failure } = await runPeer(context, {
    peer: (pid) => ["peer-filetop", "--noclear", "-p", String(pid), "1"],
    workload: ["io"],
    complete: (output) => {
      const [reads, writes] = sumFiletop(output, "rw.dat") as [number, number, number, number];
      return reads >= expected.reads && writes >= expected.writes;
    },
    attached: traced("vfs_read", "vfs_write"),
  });
  const [reads, writes] = sumFiletop(output, "rw.dat");
  const agree = reads === expected.reads && writes === expected.writes;
  return [
    ...own,
    ...failure ? [failure] : [],
    ...agree ? [] : [`the peer's READS and WRITES of rw.dat are ${reads} and ${writes}`],
  ];
}

/** Waits that a tool may miss: those from before it was attached, and those below its threshold. */
const UNSEEN = 60;

/** The peer's events of the two players, whose thread ids differ from the process id. */
function players(output: string, pid: number): number {
  return output.split("\n").map((line) => line.trim().split(/\s+/)).filter(([time, comm, tid]) =>
    /^\d\d:\d\d:\d\d$/.test(time!) && comm?.startsWith("pingpong") && tid !== String(pid)
  ).length;
}

const waitsOf = (workload: string): number => Number(/^waits (\d+)$/m.exec(workload)?.[1]);

/** The failure of a tool whose events are not the waits that the kernel counted for the two players ("waits N"). */
function wrongEvents(tool: string, events: number, workload: string): string[] {
  const waits = waitsOf(workload);
  return events <= waits && events >= waits - UNSEEN
    ? []
    : [`${tool} has ${events} events, the kernel ${waits} waits`];
}

async function runqslower(context: Context): Promise<string[]> {
  const spec: WorkloadRun = {
    tool: "runqslower",
    options: ["2"],
    workload: ["pingpong", "1009"],
    lastLine: /^waits \d+$/m,
    // The main thread, whose id is the process id, polls while the players run: its number of waits varies.
    check: (outcome) => {
      const rows = rowsOf(outcome.ticks).filter(({ tid, pid }) => tid !== pid);
      return [...nothingLost(outcome), ...wrongEvents("ktop", rows.length, outcome.workload)];
    },
  };
  const failures = await runKtop(spec, context);
  const links = (await context.machine.shell("bpftool link list | grep -cE '^[0-9]+:' || true")).trim();
  const { output, workload, pid, failure } = await runPeer(context, {
    // The peer has no threshold of 0, and leaves out waits equal to the threshold.
    peer: (pid) => ["peer-runqslower", "-p", String(pid), "1"],
    workload: spec.workload,
    attached: `[ $(bpftool link list | grep -cE '^[0-9]+:') -ge $((${links} + 3)) ]`,
    lastLine: spec.lastLine,
    complete: (output, workload) => players(output, 0) >= waitsOf(workload) - UNSEEN,
  });
  return [
    ...failures,
    ...failure ? [failure] : wrongEvents("the peer", players(output, pid), workload),
  ];
}

const common = { cells: ["default"], boot: "usual", native: false } as const;

export const peersApartCases: readonly Case[] = [
  { ...common, tool: "vfsstat", name: "agrees with vfsstat of libbpf-tools", run: vfsstat },
  { ...common, tool: "filetop", name: "agrees with filetop of libbpf-tools", run: filetop },
  { ...common, tool: "runqslower", name: "agrees with runqslower of libbpf-tools", run: runqslower },
];
