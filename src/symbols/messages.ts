/**
 * What the main thread and the worker thread exchange.
 *
 * @module
 */

/** What is shown for an address of which nothing is known. */
export const UNKNOWN = "[unknown]";

/** The name of an address at which the process has no code. */
export const NOT_CODE = "";

/** Stands for the outermost functions of a stack, which are not known. */
export const UNKNOWN_CALLERS = "…";

/** Addresses of one process to name. */
export interface ProcessRequest {
  readonly pid: number;
  /** The program that named addresses belong to; null: none is named. */
  readonly generation: string | null;
  /** Addresses without a final name. */
  readonly open: Float64Array;
  /** Addresses with a final name, which are looked up only if the process runs another program by now. */
  readonly final: Float64Array;
}

/** The names of one process's addresses; the rest keep the names that they have. */
export interface ProcessNames {
  readonly pid: number;
  /** Null: the process has ended. */
  readonly generation: string | null;
  readonly addresses: Float64Array;
  readonly names: readonly string[];
  /** Whether the name of an address can not change, one byte each: names of JIT code can. */
  readonly isFinal: Uint8Array;
}
