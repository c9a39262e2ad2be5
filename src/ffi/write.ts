/**
 * Writes to descriptors that other processes share: one of them may have set O_NONBLOCK, at any time. write(2) reports how
 * much was taken; Deno's writers lose that count when the rest has to wait.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";
import { cString, withBuffer } from "./memory.ts";

const O_WRONLY = 1, O_NOCTTY = 0o400, O_NONBLOCK = 0o4000, O_CLOEXEC = 0o2000000;
const POLLOUT = 4;
/** How long one poll(2) may occupy a worker thread, milliseconds. */
const POLL_MS = 1000;
/** Bytes that a descriptor takes without blocking once poll(2) reports it writable: below PIPE_BUF. */
const NOW_BYTES = 512;

/** struct pollfd: i32 fd, i16 events, i16 revents. */
const pollfd = (fd: number): Uint8Array<ArrayBuffer> => new Uint8Array(Int32Array.of(fd, POLLOUT).buffer);

const unavailable = (errno: string): boolean => errno === "EAGAIN" || errno === "EINTR";

/** One write(2) on this thread; 0 if the descriptor has no room. */
function writeHere(fd: number, bytes: Uint8Array): number {
  const taken = Number(libc().write(fd, bytes, BigInt(bytes.length)));
  if (taken >= 0) return taken;
  const errno = errnoName(libc().errno());
  if (unavailable(errno)) return 0;
  throw new BpfError("write", errno);
}

/**
 * Writes some of the bytes in a worker thread, or waits up to a second until the descriptor has room.
 *
 * @returns how many bytes were taken; 0: call again
 * @throws {BpfError} EPIPE, ENOSPC, EFBIG, EIO and so on
 */
export async function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  const taken = Number(await withBuffer(bytes, () => libc().write_async(fd, bytes, BigInt(bytes.length))));
  if (taken >= 0) return taken;
  // errno is per thread: one byte, which cannot block where there is room, finds the reason here.
  const poll = pollfd(fd);
  if (libc().poll(poll, 1n, 0) > 0) return writeHere(fd, bytes.subarray(0, 1));
  await withBuffer(poll, () => libc().poll_async(poll, 1n, POLL_MS));
  return 0;
}

/**
 * Writes to a terminal. What it has room for is written on this thread, through an open file of our own, because O_NONBLOCK
 * applies to all processes that share one; the rest as by {@linkcode writeSome}.
 */
export function terminalWriter(fd: number): (bytes: Uint8Array) => Promise<number> {
  const own = libc().open(cString(`/proc/self/fd/${fd}`), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  return async (bytes) => (own < 0 ? 0 : writeHere(own, bytes)) || await writeSome(fd, bytes);
}

/**
 * Writes on this thread, and gives up when the descriptor has had no room for a while.
 *
 * @param patienceMs how long to wait for room, in total
 * @returns how many bytes were taken
 * @throws {BpfError} as {@linkcode writeSome}
 */
export function writeNow(fd: number, bytes: Uint8Array, patienceMs: number): number {
  const deadline = performance.now() + patienceMs;
  let taken = 0;
  while (taken < bytes.length) {
    const leftMs = Math.max(0, Math.ceil(deadline - performance.now()));
    if (libc().poll(pollfd(fd), 1n, leftMs) === 0) break;
    taken += writeHere(fd, bytes.subarray(taken, taken + NOW_BYTES));
  }
  return taken;
}
