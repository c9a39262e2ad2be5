/**
 * Runs one case: ktop beside a workload. The order makes counts exact: the workload waits at its gate, ktop is started for its
 * pid, the first line of ktop says that all probes are attached, the workload is let go and ends, two more lines follow (the
 * first of them may have been sampled before the end), and ktop is interrupted.
 *
 * @module
 */
import type { JsonTick } from "../support/ticks.ts";
import type { Case, Check, Context, Result } from "./case.ts";
import { type Machine, MachineError, type Program, Signal } from "./machine.ts";

/** How long ktop may take to its first line, and a workload to its end, milliseconds: guests without KVM are slow. */
const LIMIT_MS = 240_000;

/** A case that counts: a workload, ktop's options, and what must come out. */
export interface Counting {
  readonly tool: string;
  /** Workload and its arguments (`workloads/NAME.c`). */
  readonly workload: readonly string[];
  /** What ktop is given after the tool's name, beside `--json`, `-i`, `-p` and `--tier`. */
  readonly options?: readonly string[];
  /** Sampling interval, seconds; 0.3 unless told. */
  readonly interval?: number;
  /** The workload's last line when it stays until it is killed; it is awaited to exit with 0 when absent. */
  readonly lastLine?: RegExp;
  /** Words before ktop's command. */
  readonly through?: readonly string[];
  /** What is done when ktop is attached, before the workload is let go: a shell command, or anything else. */
  readonly during?: string | ((machine: Machine, workload: Program) => Promise<void>);
  readonly check: Check;
}

/** The complete lines of a program's output as ticks. Throws when one is not JSON. */
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

/** Runs ktop beside the workload and returns what is wrong. */
export async function runCounting(spec: Counting, context: Context): Promise<string[]> {
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
    ...["-p", String(workload.pid), ...tierOption(context)],
  ]);
  await moreLines(ktop, 1);
  if (ktop.status !== null) return [`ktop ended early, ${describeEnd(ktop)}`];
  if (typeof spec.during === "string") await machine.shell(spec.during);
  else await spec.during?.(machine, workload);
  workload.kill(Signal.USR1);
  const wrong = await endOfWorkload(workload, spec);
  if (wrong) return [wrong];
  await moreLines(ktop, lineCount(ktop) + 2);
  if (ktop.status !== null) return [`ktop ended before it was told to, ${describeEnd(ktop)}`];
  ktop.kill(Signal.INT);
  const status = await ktop.end(LIMIT_MS);
  workload.kill(Signal.KILL);
  const complaints = spec.check({ context, ticks: ticksOf(ktop.output), workload: workload.output });
  if (status !== 0) complaints.push(`ktop ended with status ${status} after SIGINT: ${ktop.errors.trim()}`);
  if (ktop.errors.includes("libbpf:")) {
    complaints.push(`libbpf spoke on standard error: ${ktop.errors.trim()}`);
  }
  return complaints;
}

function lineCount(program: Program): number {
  return program.output.split("\n").length - 1;
}

/** Waits until the program printed that many lines or ended. */
async function moreLines(program: Program, count: number): Promise<void> {
  await program.until(
    (now) => lineCount(now) >= count || now.status !== null ? true : null,
    `line ${count} of ktop (standard error: ${JSON.stringify(program.errors)})`,
    LIMIT_MS,
  );
}

async function endOfWorkload(workload: Program, spec: Counting): Promise<string | null> {
  const { lastLine } = spec;
  await workload.until(
    ({ output, status }) => status !== null || lastLine?.test(output) ? true : null,
    `end of ${spec.workload[0]}`,
    LIMIT_MS,
  );
  if (lastLine ? workload.status === null : workload.status === 0) return null;
  return `${spec.workload[0]} failed: status ${workload.status}: ${workload.errors.trim()}`;
}

/** How a program ended and what it said, for complaints. */
export function describeEnd(program: Program): string {
  return `status ${program.status}: ${program.errors.trim() || "(nothing on standard error)"}`;
}

/** Runs a case to its result: whatever it throws is a complaint, and nothing it started or made is left. */
export async function runCase(one: Case, context: Context): Promise<Result> {
  const { kernel, cell, machine } = context;
  const complaints = await one.run(context).catch((error: Error) => [error.message]);
  try {
    const pids = await machine.killAll();
    await machine.shell(`rm -rf ${pids.map((pid) => `/tmp/ktop-lab-*-${pid}`).join(" ")}`);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    complaints.push(error.message);
  }
  return { kernel, tool: one.tool, cell, name: one.name, complaints };
}
