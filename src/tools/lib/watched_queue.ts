/**
 * Events that are looked at when they arrive, before any is dropped.
 *
 * @module
 */
import { chooseRows, type Row, rowBytes, type RowOrder } from "../../model/mod.ts";
import { type EventQueue, freeBytes, type MakeRow, type QueueLimits } from "./event_queue.ts";

/** Receives each event when it arrives. Returns true for a preferred event; see {@linkcode chooseRows}. */
export type OnArrival = (row: Row) => boolean;

interface Arrived {
  readonly row: Row;
  readonly bytes: number;
  readonly isPreferred: boolean;
}

/** Decodes each event when it arrives. Beyond the limits those are dropped that {@linkcode chooseRows} does not keep. */
export class WatchedQueue implements EventQueue {
  limits: QueueLimits;
  readonly #makeRow: MakeRow;
  readonly #onArrival: OnArrival;
  readonly #orders: readonly RowOrder[];
  #arrived: Arrived[] = [];
  #bytes = 0;
  #dropped = 0;
  /** The rows of the last sample, which may still be in use. */
  #takenBytes = 0;

  /** @param orders Events that rank first in them are among the kept ones. */
  constructor(
    limits: QueueLimits,
    makeRow: MakeRow,
    onArrival: OnArrival,
    orders: readonly RowOrder[] = [],
  ) {
    this.limits = limits;
    this.#makeRow = makeRow;
    this.#onArrival = onArrival;
    this.#orders = orders;
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

  #drop(most: number, maxBytes: number): void {
    const arrived = this.#arrived;
    if (arrived.length <= most && this.#bytes <= maxBytes) return;
    const { isKept, count, bytes } = chooseRows({
      length: arrived.length,
      rowAt: (i) => arrived[i]!.row,
      bytesAt: (i) => arrived[i]!.bytes,
      isPreferred: (i) => arrived[i]!.isPreferred,
      orders: this.#orders,
      most,
      maxBytes,
    });
    this.#dropped += arrived.length - count;
    this.#bytes = bytes;
    this.#arrived = arrived.filter((_, i) => isKept[i]);
  }
}
