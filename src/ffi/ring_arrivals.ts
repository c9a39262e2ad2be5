/**
 * Waits until a BPF program writes to a ring buffer. The kernel wakes a waiter for a record that follows the last one read
 * (bpf_ringbuf_commit in kernel/bpf/ringbuf.c), so waiting for a ring that is idle costs no wake-up.
 *
 * @module
 */
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";
import { withBuffer } from "./memory.ts";

const CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
/** EPOLLIN and POLLIN. */
const READABLE = 1;

/** The epoll instance of all rings that are awaited, which leave it when their descriptors are closed; −1: it misses a ring. */
let rings: number | undefined;

/** Adds an open ring to those that {@linkcode ringArrival} waits for. */
export function watchRing(fd: number): void {
  rings ??= libc().epoll_create1(CLOEXEC);
  if (rings < 0) return;
  // struct epoll_event: u32 events; the data is not used.
  const event = new Uint8Array(Uint32Array.of(READABLE, 0, 0, 0).buffer);
  const added = libc().epoll_ctl(rings, EPOLL_CTL_ADD, fd, event) === 0;
  if (!added && errnoName(libc().errno()) !== "EEXIST") rings = -1;
}

/** The first unread record of any ring. */
export interface RingArrival {
  /** Resolves when a ring has a record, or after `cancel`. Never rejects. */
  readonly arrived: Promise<void>;
  /** Ends the wait. */
  cancel(): void;
}

/**
 * Waits, in a worker thread, until a ring that is awaited has a record; a ring may be opened during the wait. Null: rings cannot be waited for, and
 * must be polled.
 */
export function ringArrival(): RingArrival | null {
  rings ??= libc().epoll_create1(CLOEXEC);
  return rings < 0 ? null : arrivalOn(rings);
}

/** As {@linkcode ringArrival}, on the ring with this descriptor alone, or with that of an epoll instance on one of its rings. */
export function arrivalOn(fd: number): RingArrival | null {
  const cancelled = libc().eventfd(0, CLOEXEC);
  if (cancelled < 0) return null;
  // Two of struct pollfd: i32 fd, i16 events, i16 revents.
  const polled = new Uint8Array(Int32Array.of(fd, READABLE, cancelled, READABLE).buffer);
  let ended = false;
  const arrived = withBuffer(polled, () => libc().poll_async(polled, 2n, -1)).then(() => {
    ended = true;
    libc().close(cancelled);
  });
  return {
    arrived,
    cancel() {
      if (!ended) libc().write(cancelled, new Uint8Array(BigUint64Array.of(1n).buffer), 8n);
    },
  };
}
