/**
 * The ticks of a host that have arrived and are not shown yet.
 *
 * @module
 */
import { rowsBytes, type Tick } from "../model/mod.ts";
import type { RecordedTick } from "../recording/mod.ts";

/** Maximum number of waiting ticks. */
const MAX_TICKS = 32;

/** Estimated memory of a stack or a histogram beside its text or slots, bytes. */
const OBJECT_BYTES = 100;

function tickBytes({ rows, stacks, histograms = [] }: Tick): number {
  let bytes = rowsBytes(rows);
  for (const { stack } of stacks?.counts ?? []) bytes += OBJECT_BYTES + 2 * stack.length;
  for (const { slots } of histograms) bytes += OBJECT_BYTES + 8 * slots.length;
  return bytes;
}

/** Estimated memory of the ticks of all tools, bytes. */
const bytesOf = ({ toolTicks }: RecordedTick): number =>
  [...toolTicks.values()].reduce((sum, tick) => sum + tickBytes(tick), 0);

/** A queue that is bounded in ticks and bytes. The oldest ticks are dropped first, and counted; the newest is kept. */
export class TickQueue {
  readonly #maxBytes: number;
  #ticks: { readonly tick: RecordedTick; readonly bytes: number }[] = [];
  #bytes = 0;
  /** Ticks that were dropped. */
  dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#ticks.length;
  }

  /** Adds a tick. Returns false if others were dropped for it. */
  add(tick: RecordedTick): boolean {
    const bytes = bytesOf(tick);
    this.#ticks.push({ tick, bytes });
    this.#bytes += bytes;
    const before = this.dropped;
    while (this.#ticks.length > 1 && (this.#ticks.length > MAX_TICKS || this.#bytes > this.#maxBytes)) {
      this.take();
      this.dropped++;
    }
    return this.dropped === before;
  }

  /** Removes the oldest tick; null: there is none. */
  take(): RecordedTick | null {
    const first = this.#ticks.shift();
    if (!first) return null;
    this.#bytes -= first.bytes;
    return first.tick;
  }
}
