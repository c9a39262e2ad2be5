/**
 * Events that are looked at when they arrive, before any is dropped.
 *
 * @module
 */
import { type Row, rowBytes } from "../../model/mod.ts";
import { type EventQueue, freeBytes, type MakeRow, type QueueLimits } from "./event_queue.ts";

/** Receives each event when it arrives. Returns true for a preferred event, which is dropped last. */
export type OnArrival = (row: Row) => boolean;

interface Arrived {
  readonly row: Row;
  readonly bytes: number;
  readonly isPreferred: boolean;
}

/** Decodes each event when it arrives. Beyond the limits the oldest are dropped, the preferred ones last. */
export class WatchedQueue implements EventQueue {
  limits: QueueLimits;
  readonly #makeRow: MakeRow;
  readonly #onArrival: OnArrival;
  #arrived: Arrived[] = [];
  #bytes = 0;
  #dropped = 0;
  /** The rows of the last sample, which may still be in use. */
  #takenBytes = 0;

  constructor(limits: QueueLimits, makeRow: MakeRow, onArrival: OnArrival) {
    this.limits = limits;
    this.#makeRow = makeRow;
    this.#onArrival = onArrival;
  }

  add(view: DataView<ArrayBuffer>, at: number, length: number): void {
    const row = this.#makeRow(view, at, length);
    if (row !== null) this.addRow(row);
  }

  /** Adds a decoded event. */
  addRow(row: Row): void {
    const bytes = rowBytes(row, this.#arrived.at(-1)?.row);
    this.#arrived.push({ row, bytes, isPreferred: this.#onArrival(row) });
    this.#bytes += bytes;
    const { bytes: maxBytes, newest = Infinity } = this.limits;
    const free = freeBytes(maxBytes, this.#takenBytes);
    // Drops down to half, so that a full queue is not scanned for every new event.
    if (this.#arrived.length >= 2 * newest || this.#bytes > free) this.#drop(newest, free / 2);
  }

  take(): Row[] {
    const { bytes, newest = Infinity } = this.limits;
    this.#drop(newest, bytes);
    const rows = this.#arrived.map(({ row }) => row);
    this.#takenBytes = this.#bytes;
    this.#arrived = [];
    this.#bytes = 0;
    return rows;
  }

  stream(): Row[] {
    return this.take();
  }

  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Keeps the newest events within these limits: preferred ones, then others. */
  #drop(most: number, maxBytes: number): void {
    if (this.#arrived.length <= most && this.#bytes <= maxBytes) return;
    const kept = new Set<Arrived>();
    let bytes = 0;
    for (const isPreferred of [true, false]) {
      for (let i = this.#arrived.length - 1; i >= 0 && kept.size < most; i--) {
        const event = this.#arrived[i]!;
        if (event.isPreferred !== isPreferred) continue;
        if (bytes + event.bytes > maxBytes) break;
        bytes += event.bytes;
        kept.add(event);
      }
    }
    this.#dropped += this.#arrived.length - kept.size;
    this.#bytes = bytes;
    this.#arrived = this.#arrived.filter((event) => kept.has(event));
  }
}
