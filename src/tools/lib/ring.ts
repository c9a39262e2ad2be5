/**
 * Reads a ring buffer without holding up the event loop.
 *
 * @module
 */

/** Receives a record: `length` bytes at `at`, valid during the call only. */
export type OnRecord = (view: DataView<ArrayBuffer>, at: number, length: number) => void;

/** A ring buffer; {@linkcode RingBuffer} of src/ffi describes the members. */
export interface Ring {
  readonly backlog: number;
  consume(onRecord: OnRecord, limit: number): number;
}

/** Records between two looks at the time: at most a few milliseconds. */
const STRIDE = 1024;

/**
 * Reads about what the ring holds now, and no more even if programs fill it faster than it is read.
 *
 * @param deadline Monotonic milliseconds; Infinity: none.
 * @returns whether it has read that before the deadline
 */
export function drainRing(ring: Ring, onRecord: OnRecord, deadline: number): boolean {
  let left = ring.backlog;
  const count: OnRecord = (view, at, length) => {
    left -= length;
    onRecord(view, at, length);
  };
  while (ring.consume(count, STRIDE) === STRIDE && left > 0) {
    if (performance.now() >= deadline) return false;
  }
  return true;
}
