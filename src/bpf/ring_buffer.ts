/**
 * Reads BPF_MAP_TYPE_RINGBUF through shared memory: no call per record, none per batch.
 *
 * Layout of the memory (kernel/bpf/ringbuf.c): page 0 holds the consumer position, writable; page 1 the producer
 * position; then the data, mapped twice in a row so that a record that wraps is contiguous. A record is a 32-bit
 * length with two flags, a 32-bit page offset for the kernel's own use, and the payload, rounded up to 8 bytes.
 *
 * @module
 */
import { Mapping, pageSize } from "../ffi/mod.ts";
import { type BpfMap, MapType } from "./map.ts";

/** BPF_RINGBUF_BUSY_BIT, as the sign of the signed length: the record is reserved but not yet submitted. */
const DISCARDED = 0x4000_0000;
const LENGTH = 0x3fff_ffff;
const HEADER = 8;

/** Records per call when the caller names no limit. */
const DEFAULT_LIMIT = 65_536;

/**
 * Receives one record: `length` bytes at `offset` of `view`, the ring's own memory. They are good only during the
 * call: the kernel writes over them afterwards.
 */
export type OnRecord = (view: DataView<ArrayBuffer>, offset: number, length: number) => void;

/** Reader of one ring buffer. There must be one reader only: reading moves the consumer position. */
export class RingBuffer {
  readonly #size: number;
  readonly #consumerPage: Mapping;
  readonly #dataPages: Mapping;
  readonly #consumer: BigUint64Array<ArrayBuffer>;
  readonly #producer: BigUint64Array<ArrayBuffer>;
  readonly #headers: Int32Array<ArrayBuffer>;
  readonly #data: DataView<ArrayBuffer>;

  /**
   * Maps the ring of `map`; it is unmapped by `close`, or with the map.
   *
   * @throws {TypeError} the map is no ring buffer
   * @throws {BpfError} mmap failed
   */
  constructor(map: BpfMap) {
    if (map.type !== MapType.ringbuf) throw new TypeError(`map ${map.name} is no ring buffer`);
    const page = pageSize();
    const what = `ring buffer ${map.name}`;
    this.#size = map.maxEntries;
    this.#consumerPage = new Mapping(map.fd, page, { what, write: true });
    try {
      this.#dataPages = new Mapping(map.fd, page + 2 * this.#size, { what, write: false, offset: page });
    } catch (error) {
      this.#consumerPage.close();
      throw error;
    }
    this.#consumer = new BigUint64Array(this.#consumerPage.buffer, 0, 1);
    this.#producer = new BigUint64Array(this.#dataPages.buffer, 0, 1);
    this.#headers = new Int32Array(this.#dataPages.buffer, page, 2 * this.#size / 4);
    this.#data = new DataView(this.#dataPages.buffer, page, 2 * this.#size);
    map.adopt(this);
  }

  /**
   * Hands over the records that are ready, oldest first, and then gives their room back to the kernel. Stops at a
   * record still being written, and after `limit` records: call again when the result equals the limit. When
   * `onRecord` throws, the record it was given counts as read.
   *
   * @returns the number of records
   * @throws {TypeError} the reader is closed
   */
  consume(onRecord: OnRecord, limit: number = DEFAULT_LIMIT): number {
    const start = Atomics.load(this.#consumer, 0);
    const mask = this.#size - 1; // the kernel accepts powers of two only
    const headers = this.#headers;
    const data = this.#data;
    // Both positions are free-running: their difference fits a number where they do not.
    const ready = Number(Atomics.load(this.#producer, 0) - start);
    let offset = Number(start & BigInt(mask));
    let done = 0;
    let count = 0;
    try {
      while (done < ready && count < limit) {
        const header = Atomics.load(headers, offset >>> 2);
        if (header < 0) break;
        const length = header & LENGTH;
        const at = offset + HEADER;
        const step = (length + HEADER + 7) & ~7;
        done += step;
        offset = (offset + step) & mask;
        if ((header & DISCARDED) === 0) {
          count++;
          onRecord(data, at, length);
        }
      }
    } finally {
      if (done > 0) Atomics.store(this.#consumer, 0, start + BigInt(done));
    }
    return count;
  }

  /** Bytes that programs have reserved and nobody has read yet, headers included. */
  get backlog(): number {
    return Number(Atomics.load(this.#producer, 0) - Atomics.load(this.#consumer, 0));
  }

  /** How many bytes the ring holds. */
  get size(): number {
    return this.#size;
  }

  /** Unmaps the ring; may be called again. Reading afterwards throws TypeError. */
  close(): void {
    this.#consumerPage.close();
    this.#dataPages.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
