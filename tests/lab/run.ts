/**
 * Runs ktop alongside a workload, and a case to its result. The order of events makes counts exact: the workload waits for its
 * signal; ktop starts for its process id and prints a line when all programs are attached; the workload gets its signal and
 * ends; ktop prints two more lines (the first may have been sampled before the end) and is interrupted.
 *
 * @module
 */
import { hidesProcess1 } from "../support/process1.ts";
import { type JsonTick, skippedRuns } from "../support/ticks.ts";
import type { Case, Check, Context, Result } from "./case.ts";
import { type Machine, MachineError, type Program, Signal } from "./machine.ts";

/** How long ktop may take for its first line, and a workload to end, milliseconds: guests without KVM are slow. */
export const LIMIT_MS = 600_000;

/** A run of ktop alongside a workload, and its check. */
export interface WorkloadRun {
  readonly tool: string;
  /** Workload and its arguments (`tests/workloads/NAME.c`). */
  readonly workload: readonly string[];
  /** Options of ktop, besides `--json`, `-i`, `-p` and `--tier`. */
  readonly options?: readonly string[];
  /** Interval, seconds; 0.3 by default. */
  readonly interval?: number;
  /** ktop watches all processes, not the workload alone. */
  readonly wholeMachine?: true;
  /** The option that restricts ktop to the workload; `-p` by default. */
  readonly restrictedBy?: "-P";
  /** ktop is stopped while the workload works: nothing is drained, so that a map or ring overflows on a slow machine too. */
  readonly undrained?: boolean;
  /** The last line of a workload that does not exit by itself; without it the workload must exit with 0. */
  readonly lastLine?: RegExp;
  /** The beginning of a command that runs ktop's. */
  readonly through?: readonly string[];
  /** Runs when ktop is attached, before the workload gets its signal: a shell command or a function. */
  readonly during?: string | ((machine: Machine, workload: Program) => Promise<void>);
  /** Runs when the workload has ended, while ktop is still attached. */
  readonly atEnd?: () => Promise<void>;
  readonly check: Check;
}

/** The complete lines of ktop's output as ticks. Throws when one is not JSON. */
export function ticksOf(output: string): JsonTick[] {
  return output.split("\n").slice(0, -1).map((line) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(`ktop printed a line that is not JSON: ${JSON.stringify(line.slice(0, 200))}`);
    }
  });
}

/** `--tier T` for a forced tier. */
export function tierOption({ cell, unforced }: Pick<Context, "cell" | "unforced">): string[] {
  return cell === "default" || unforced ? [] : ["--tier", cell];
}

/** The beginning of a failure that explains the others: the kernel skipped programs, and counted that. */
const SKIPPED = "the kernel skipped";
/** How often a case runs until the kernel skips and hides nothing. */
const ATTEMPTS = 5;

/** These failures, explained if the kernel skipped programs of ktop: calls are then missing, as ktop says. */
export function explained(failures: readonly string[], ticks: readonly JsonTick[]): string[] {
  const skipped = skippedRuns(ticks);
  return failures.length > 0 && skipped > 0
    ? [...failures, `${SKIPPED} ${skipped} runs of ktop's programs`]
    : [...failures];
}

/** Runs ktop alongside the workload and returns the failures. */
export async function runWithWorkload(spec: WorkloadRun, context: Context): Promise<string[]> {
  const { machine } = context;
  const workload = await machine.start(spec.workload);
  await workload.until(
    ({ output, status }) => output.includes("ready\n") || status !== null ? true : null,
    "readiness of the workload",
    LIMIT_MS,
  );
  if (workload.status !== null) return [`${spec.workload[0]} ended early: ${workload.errors.trim()}`];
  const ktop = await machine.start([
    ...spec.through ?? [],
    ...["ktop", spec.tool, ...spec.options ?? [], "--json", "-i", String(spec.interval ?? 0.3)],
    ...spec.wholeMachine ? [] : [spec.restrictedBy ?? "-p", String(workload.pid)],
    ...tierOption(context),
  ]);
  await moreLines(ktop, 1);
  if (ktop.status !== null) return [`ktop ended early, ${describeEnd(ktop)}`];
  if (typeof spec.during === "string") await machine.shell(spec.during);
  else await spec.during?.(machine, workload);
  if (spec.undrained) await stopProcess(machine, ktop);
  workload.kill(Signal.USR1);
  const wrong = await endOfWorkload(workload, spec);
  if (spec.undrained) ktop.kill(Signal.CONT);
  if (wrong) return [wrong];
  await spec.atEnd?.();
  await moreLines(ktop, lineCount(ktop) + 2);
  if (ktop.status !== null) return [`ktop ended before it was interrupted, ${describeEnd(ktop)}`];
  ktop.kill(Signal.INT);
  const status = await ktop.end(LIMIT_MS);
  workload.kill(Signal.KILL);
  const ticks = ticksOf(ktop.output);
  const failures = explained(spec.check({ context, ticks, workload: workload.output }), ticks);
  if (status !== 0) failures.push(`ktop ended with status ${status} after SIGINT: ${ktop.errors.trim()}`);
  if (/libbpf:|were dropped/.test(ktop.errors)) failures.push(`on standard error: ${ktop.errors.trim()}`);
  return failures;
}

/**
 * Waits until the kernel has detached the programs of every ktop that has ended: a child process holds them for a while
 * (`src/ffi/native/detach.c`). Only for guests, where no other ktop runs.
 */
export async function waitUntilDetached(machine: Machine): Promise<void> {
  await machine.shell("while grep -qs '^ktop' /proc/[0-9]*/comm; do sleep 0.05; done");
}

/** Stops all threads of the program. */
async function stopProcess(machine: Machine, program: Program): Promise<void> {
  program.kill(Signal.STOP);
  await machine.shell(`until grep -q '^State:.T' /proc/${program.pid}/status; do sleep 0.01; done`);
}

function lineCount(program: Program): number {
  return program.output.split("\n").length - 1;
}

/** Waits until the program has printed that many lines or has ended. */
export async function moreLines(program: Program, count: number): Promise<void> {
  await program.until(
    (now) => lineCount(now) >= count || now.status !== null ? true : null,
    `line ${count} of ktop (standard error: ${JSON.stringify(program.errors)})`,
    LIMIT_MS,
  );
}

async function endOfWorkload(workload: Program, spec: WorkloadRun): Promise<string | null> {
  const { lastLine } = spec;
  await workload.until(
    ({ output, status }) => status !== null || lastLine?.test(output) ? true : null,
    `end of ${spec.workload[0]}`,
    LIMIT_MS,
  );
  if (lastLine ? workload.status === null : workload.status === 0) return null;
  return `${spec.workload[0]} failed: status ${workload.status}: ${workload.errors.trim()}`;
}

/** The exit status and standard error of a program, for messages. */
export function describeEnd(program: Program): string {
  return `status ${program.status}: ${program.errors.trim() || "(nothing on standard error)"}`;
}

/** Whether the failures may be of what the kernel skipped, or hid. */
function mayHaveMissed(one: Case, { kernel }: Context, failures: readonly string[]): boolean {
  if (failures.some((failure) => failure.startsWith(SKIPPED))) return true;
  return failures.length > 0 && one.countsSwitches === true && kernel === "native" && hidesProcess1();
}

/** Runs a case to its result, again if the kernel skipped programs or hid switches. What it throws becomes a failure. */
export async function runCase(one: Case, context: Context): Promise<Result> {
  const { kernel, cell } = context;
  for (let attempts = 1;; attempts++) {
    const failures = await runOnce(one, context);
    if (attempts < ATTEMPTS && mayHaveMissed(one, context, failures)) {
      console.error(`again  ${kernel} ${one.tool} ${cell}: ${one.name}: ${failures.join("; ")}`);
      continue;
    }
    return { kernel, tool: one.tool, cell, name: one.name, failures, ...attempts > 1 ? { attempts } : {} };
  }
}

/** Runs a case and returns its failures. Its programs and directories are removed. */
async function runOnce(one: Case, context: Context): Promise<string[]> {
  const { machine } = context;
  const failures = await one.run(context).catch((error: Error) => [error.message]);
  try {
    const pids = await machine.killAll();
    await machine.shell(`rm -rf ${pids.map((pid) => `/tmp/ktop-lab-*-${pid}`).join(" ")}`);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    failures.push(error.message);
  }
  return failures;
}
