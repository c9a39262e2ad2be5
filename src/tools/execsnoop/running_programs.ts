/**
 * Pairs programs with their ends, for `--exit`.
 *
 * @module
 */
import { type Row, rowBytes, type Value } from "../../model/mod.ts";
import { signalName } from "../../text/mod.ts";
import type { Clock } from "../lib/events.ts";

/** How a program ended, as `exit` shows it when its process has executed another program. */
const REPLACED = "exec";

/** The parts of a status as wait(2) returns it: wait(2), WEXITSTATUS and WTERMSIG. */
const SIGNAL_MASK = 0x7f, CODE_SHIFT = 8, CODE_MASK = 0xff;

/** The columns of an end that are the same for all processes with this status. */
export function endOf(status: number): Record<"exit" | "exit_code" | "signal", Value> {
  const signal = status & SIGNAL_MASK;
  if (signal > 0) return { exit: signalName(signal), exit_code: null, signal };
  const code = (status >> CODE_SHIFT) & CODE_MASK;
  return { exit: String(code), exit_code: code, signal: null };
}

/** The columns of a call without an end. */
export const NO_END = { exit: null, exit_code: null, signal: null, dur_ms: null } as const;

interface RunningProgram {
  readonly row: Row;
  /** When it was executed, CLOCK_MONOTONIC. */
  readonly startNs: number;
  readonly bytes: number;
}

/** The rows of programs that have not ended, at most one for each process, within a limit of memory. */
export class RunningPrograms {
  /** Estimated bytes of the rows that are kept. */
  maxBytes = Infinity;
  readonly #programs = new Map<number, RunningProgram>();
  #bytes = 0;
  #dropped = 0;

  /** Keeps the row of a program until its end, unless there is no room. */
  begin(pid: number, row: Row, startNs: number): void {
    const bytes = rowBytes(row, undefined);
    if (this.#bytes + bytes > this.maxBytes) {
      this.#dropped++;
      return;
    }
    this.#bytes += bytes;
    this.#programs.set(pid, { row, startNs, bytes });
  }

  /** Discards the program of a process: its end was not seen, and is counted as lost. */
  discard(pid: number): void {
    this.#take(pid);
  }

  /**
   * The row of a program that has ended; null if its start was not kept.
   *
   * @param status as wait(2) returns it; null: the process has executed another program
   */
  end(pid: number, endNs: number, status: number | null, clock: Clock): Row | null {
    const program = this.#take(pid);
    if (program === null) return null;
    return endedRow(program, endNs, clock, status === null ? { exit: REPLACED } : endOf(status));
  }

  /** The rows of the programs that still run, in the order of their starts. */
  takeAll(nowNs: number, clock: Clock): Row[] {
    const rows = [...this.#programs.values()].map((program) => endedRow(program, nowNs, clock, {}));
    this.#programs.clear();
    this.#bytes = 0;
    return rows;
  }

  /** Programs that were not kept since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #take(pid: number): RunningProgram | null {
    const program = this.#programs.get(pid);
    if (program === undefined) return null;
    this.#programs.delete(pid);
    this.#bytes -= program.bytes;
    return program;
  }
}

/** The row of a program at its end, with the time of the end. */
function endedRow({ row, startNs }: RunningProgram, endNs: number, clock: Clock, end: Row): Row {
  return {
    ...row,
    time: clock.iso(endNs),
    time_s: clock.seconds(endNs),
    ...end,
    dur_ms: (endNs - startNs) / 1e6,
  };
}
