/**
 * Reads a BPF_MAP_TYPE_RINGBUF through shared memory, without a system call.
 *
 * Layout of the memory (kernel/bpf/ringbuf.c): page 0 holds the consumer position, writable; page 1 the producer
 * position; then the data. The kernel would map the data twice in a row, so that a record that wraps is contiguous, but each
 * mapped page counts as resident: the one record in a lap that wraps is copied instead. A record is a 32-bit length with two
 * flags, a 32-bit page offset for the kernel's own use, and the payload, rounded up to 8 bytes.
 *
 * @module
 */
import { arrivalOn, type RingArrival } from "./ring_arrivals.ts";
import { MappedMemory } from "./memory.ts";
import { pageSize } from "./process.ts";

// BPF_RINGBUF_BUSY_BIT is the sign of the header as a signed number: the record is reserved and not yet submitted.
/** BPF_RINGBUF_DISCARD_BIT. */
const DISCARDED = 0x4000_0000;
const LENGTH = 0x3fff_ffff;
const HEADER = 8;

/** Records per call if the caller passes no limit. */
const DEFAULT_LIMIT = 65_536;

/**
 * Receives one record: `length` bytes at `offset` of `view`, which are valid only during the call: the kernel overwrites them
 * afterwards. `offset` is a multiple of 8, and the view holds the record's length rounded up to that.
 */
export type OnRecord = (view: DataView<ArrayBuffer>, offset: number, length: number) => void;

/** The reader of a ring buffer. A ring has one reader at a time: reading moves the consumer position. */
export class RingBuffer {
  readonly #fd: number;
  readonly #size: number;
  readonly #consumerPage: MappedMemory;
  readonly #dataPages: MappedMemory;
  readonly #consumer: BigUint64Array<ArrayBuffer>;
  readonly #producer: BigUint64Array<ArrayBuffer>;
  readonly #headers: Int32Array<ArrayBuffer>;
  readonly #data: DataView<ArrayBuffer>;
  /** A record that wraps. */
  #whole = new Uint8Array(0);

  /**
   * @param size bytes of data: a power of two
   * @param name name of the map, for messages
   * @throws {BpfError} mmap failed
   */
  constructor(fd: number, size: number, name: string) {
    const page = pageSize();
    const what = `ring buffer ${name}`;
    this.#fd = fd;
    this.#size = size;
    this.#consumerPage = new MappedMemory(fd, page, { what, write: true });
    try {
      this.#dataPages = new MappedMemory(fd, page + size, { what, write: false, offset: page });
    } catch (error) {
      this.#consumerPage.close();
      throw error;
    }
    this.#consumer = new BigUint64Array(this.#consumerPage.buffer, 0, 1);
    this.#producer = new BigUint64Array(this.#dataPages.buffer, 0, 1);
    this.#headers = new Int32Array(this.#dataPages.buffer, page, size / 4);
    this.#data = new DataView(this.#dataPages.buffer, page, size);
  }

  /** Waits until this ring has a record that was not read. Null: it must be polled. */
  arrival(): RingArrival | null {
    return arrivalOn(this.#fd);
  }

  /**
   * Passes the submitted records to `onRecord`, oldest first, then returns their space to the kernel. Stops at a
   * record that is still being written, and after `limit` records: call again when the result equals the limit. When
   * `onRecord` throws, the record it was given counts as read.
   *
   * @returns the number of records
   * @throws {TypeError} the reader is closed
   */
  consume(onRecord: OnRecord, limit: number = DEFAULT_LIMIT): number {
    const start = Atomics.load(this.#consumer, 0);
    const mask = this.#size - 1;
    const headers = this.#headers;
    const data = this.#data;
    // Positions grow without end; their difference fits a number.
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
          if (at + length <= this.#size) onRecord(data, at, length);
          else onRecord(this.#joined(at, length), 0, length);
        }
      }
    } finally {
      if (done > 0) Atomics.store(this.#consumer, 0, start + BigInt(done));
    }
    return count;
  }

  /** A copy of a record that wraps. */
  #joined(at: number, length: number): DataView<ArrayBuffer> {
    const size = this.#size;
    const first = size - at;
    if (this.#whole.length < length) this.#whole = new Uint8Array((length + 7) & ~7);
    const { buffer, byteOffset } = this.#data;
    this.#whole.set(new Uint8Array(buffer, byteOffset + size - first, first));
    this.#whole.set(new Uint8Array(buffer, byteOffset, length - first), first);
    return new DataView(this.#whole.buffer);
  }

  /** Bytes that programs have reserved and `consume` has not read, headers included. */
  get backlog(): number {
    return Number(Atomics.load(this.#producer, 0) - Atomics.load(this.#consumer, 0));
  }

  /** Bytes of data that the ring holds. */
  get size(): number {
    return this.#size;
  }

  /** Unmaps the ring; may be called twice. Reading afterwards throws TypeError. */
  close(): void {
    this.#consumerPage.close();
    this.#dataPages.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
