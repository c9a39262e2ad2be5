/**
 * Waits until a BPF program wakes those who wait for a ring buffer: by default with a record that follows the last one read
 * (bpf_ringbuf_commit in kernel/bpf/ringbuf.c), with an event of ktop's tools when the ring is filling (wakeup_flags() in bpf/lib/emit.bpf.h). A
 * ring that is idle costs no wake-up.
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

/** The epoll instance of all rings that are awaited: a ring leaves it when its descriptor is closed. −1: it misses a ring. */
let epollFd: number | undefined;

/** Adds an open ring to those that {@linkcode ringArrival} waits for. */
export function watchRing(fd: number): void {
  epollFd ??= libc().epoll_create1(CLOEXEC);
  if (epollFd < 0) return;
  // struct epoll_event: u32 events; the data is not used.
  const event = new Uint8Array(Uint32Array.of(READABLE, 0, 0, 0).buffer);
  const added = libc().epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, event) === 0;
  if (!added && errnoName(libc().errno()) !== "EEXIST") epollFd = -1;
}

/** A wait that can be cancelled. */
export interface RingArrival {
  /** Resolves when a program wakes the waiter, or after `cancel`. Never rejects. */
  readonly arrived: Promise<void>;
  /** Ends the wait. */
  cancel(): void;
}

/**
 * Waits, in a worker thread, for all rings that are awaited, also those that are opened during the wait. Null: rings cannot be waited for, and
 * must be polled.
 */
export function ringArrival(): RingArrival | null {
  epollFd ??= libc().epoll_create1(CLOEXEC);
  return epollFd < 0 ? null : arrivalOn(epollFd);
}

/** As {@linkcode ringArrival}, for the ring with this descriptor, or the rings of an epoll instance. */
export function arrivalOn(fd: number): RingArrival | null {
  const cancelFd = libc().eventfd(0, CLOEXEC);
  if (cancelFd < 0) return null;
  // Two of struct pollfd: i32 fd, i16 events, i16 revents.
  const polled = new Uint8Array(Int32Array.of(fd, READABLE, cancelFd, READABLE).buffer);
  let ended = false;
  const arrived = withBuffer(polled, () => libc().poll_async(polled, 2n, -1)).then(() => {
    ended = true;
    libc().close(cancelFd);
  });
  return {
    arrived,
    cancel() {
      if (!ended) libc().write(cancelFd, new Uint8Array(BigUint64Array.of(1n).buffer), 8n);
    },
  };
}
