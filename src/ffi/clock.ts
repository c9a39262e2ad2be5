/**
 * The kernel's clocks at full resolution, which Deno does not offer (clock_gettime(2)).
 *
 * @module
 */
import { libc } from "./libc.ts";

const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME_ID = 2;

/** struct timespec: i64 seconds, i64 nanoseconds. */
const timespec = new BigInt64Array(2);
const timespecBytes = new Uint8Array(timespec.buffer);

function readClock(id: number): bigint {
  libc().clock_gettime(id, timespecBytes);
  return timespec[0]! * 1_000_000_000n + timespec[1]!;
}

/** Nanoseconds of CLOCK_MONOTONIC: the clock of bpf_ktime_get_ns(). */
export function monotonicNs(): bigint {
  return readClock(CLOCK_MONOTONIC);
}

/** CPU time of all threads of this process, nanoseconds. */
export function processCpuNs(): bigint {
  return readClock(CLOCK_PROCESS_CPUTIME_ID);
}
