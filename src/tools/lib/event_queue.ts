/**
 * Events between two samples, within a limit: when it is exceeded, the oldest are dropped and counted.
 *
 * @module
 */
import { type Row, rowBytes, rowsBytes } from "../../model/mod.ts";

/** Limits of what a tool keeps between two samples. */
export interface QueueLimits {
  /** Estimated memory of the queued events and of the rows of the last sample, bytes. */
  readonly bytes: number;
  /** Maximum events of an interval, the newest ones; absent: all that fit. */
  readonly newest?: number;
}

/** Queues records as they arrive, and returns rows for the sample. */
export interface EventQueue {
  limits: QueueLimits;
  /** Adds the event of a record: `length` bytes at `at`, valid during the call only. */
  add(view: DataView<ArrayBuffer>, at: number, length: number): void;
  /** The rows of the events since the last call, oldest first. Calls `onProgress` now and then: more events may be added. */
  take(onProgress?: () => void): Row[];
  /** As `take`, but each event is decoded when it is iterated. To be iterated once, and before the next call. */
  stream(): Iterable<Row>;
  /** Events that were dropped since the last call. */
  takeDropped(): number;
}

/** Makes the row of a record; null drops it. */
export type MakeRow = (view: DataView<ArrayBuffer>, at: number, length: number) => Row | null;

/** Bytes left for events while the rows of the last sample may still be in use; at least a quarter of the limit. */
export const freeBytes = (limit: number, inUse: number): number => Math.max(limit / 4, limit - inUse);

/** Consecutive events, dropped as a whole. */
interface Chunk {
  readonly count: number;
  readonly bytes: number;
}

/** Chunks, oldest first. */
class Chunks<C extends Chunk> {
  list: C[] = [];
  dropped = 0;

  /** Adds an empty chunk, after dropping the oldest ones beyond the limits; returns the dropped ones. */
  push(chunk: C, { bytes: maxBytes, newest = Infinity }: QueueLimits): C[] {
    let count = 0;
    let bytes = 0;
    let firstKept = this.list.length;
    while (firstKept > 0 && count < newest && bytes + this.list[firstKept - 1]!.bytes <= maxBytes) {
      firstKept--;
      count += this.list[firstKept]!.count;
      bytes += this.list[firstKept]!.bytes;
    }
    const dropped = this.list.splice(0, firstKept);
    for (const { count } of dropped) this.dropped += count;
    this.list.push(chunk);
    return dropped;
  }

  take(): C[] {
    const list = this.list;
    this.list = [];
    return list;
  }

  takeDropped(): number {
    const { dropped } = this;
    this.dropped = 0;
    return dropped;
  }
}

/** Maximum events of a chunk. */
const CHUNK_EVENTS = 1024;
/** A chunk of rows is full when it exceeds the limit divided by this. */
const CHUNK_PART = 16;

class RowChunk implements Chunk {
  readonly rows: Row[] = [];
  bytes = 0;

  get count(): number {
    return this.rows.length;
  }
}

/** Decodes each event when it arrives: where only decoding shows which events are wanted. */
export class RowQueue implements EventQueue {
  limits: QueueLimits;
  readonly #makeRow: MakeRow;
  readonly #chunks = new Chunks<RowChunk>();
  #current = new RowChunk();
  /** The rows of the last sample, which may still be in use. */
  #takenBytes = 0;

  constructor(limits: QueueLimits, makeRow: MakeRow) {
    this.limits = limits;
    this.#makeRow = makeRow;
    this.#chunks.push(this.#current, limits);
  }

  add(view: DataView<ArrayBuffer>, at: number, length: number): void {
    const row = this.#makeRow(view, at, length);
    if (row === null) return;
    const { bytes, newest = Infinity } = this.limits;
    const chunk = this.#current;
    chunk.bytes += rowBytes(row, chunk.rows.at(-1));
    chunk.rows.push(row);
    if (chunk.count < Math.min(CHUNK_EVENTS, newest) && chunk.bytes < bytes / CHUNK_PART) return;
    this.#current = new RowChunk();
    this.#chunks.push(this.#current, {
      ...this.limits,
      bytes: freeBytes(bytes, this.#takenBytes),
    });
  }

  take(): Row[] {
    const chunks = this.#chunks.take();
    this.#current = new RowChunk();
    this.#chunks.push(this.#current, this.limits);
    this.#takenBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
    const rows = chunks.flatMap(({ rows }) => rows);
    const surplus = Math.max(0, rows.length - (this.limits.newest ?? Infinity));
    this.#chunks.dropped += surplus;
    return surplus > 0 ? rows.slice(surplus) : rows;
  }

  stream(): Row[] {
    return this.take();
  }

  takeDropped(): number {
    return this.#chunks.takeDropped();
  }
}

/** Size of a chunk of records, bytes; a larger record gets a separate chunk. */
const RECORD_CHUNK_BYTES = 64 * 1024;
/** Empty chunks kept for reuse after a quiet interval; after a flood, as many as it filled. */
const SPARE_CHUNKS = 4;
/** Records lie and are copied in words: the ring aligns them to 8 bytes and rounds their lengths up. */
const WORD = Int32Array.BYTES_PER_ELEMENT;
/** Longer records are copied with one call. */
const LOOPED_BYTES = 256;

class RecordChunk implements Chunk {
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** Where each record starts, and its length. */
  readonly starts = new Uint32Array(CHUNK_EVENTS);
  readonly lengths = new Uint32Array(CHUNK_EVENTS);
  count = 0;
  #used = 0;

  constructor(size: number) {
    this.#data = new Uint8Array(size);
    this.#words = new Int32Array(this.#data.buffer);
    this.view = new DataView(this.#data.buffer);
  }

  get bytes(): number {
    return this.#data.length + this.starts.byteLength + this.lengths.byteLength;
  }

  /** Whether it may be used again, for records of any size. */
  get reusable(): boolean {
    return this.#data.length === RECORD_CHUNK_BYTES;
  }

  fits(length: number): boolean {
    return this.count < CHUNK_EVENTS && this.#used + length <= this.#data.length;
  }

  add(source: Int32Array<ArrayBuffer>, at: number, length: number): void {
    const words = Math.ceil(length / WORD);
    if (length > LOOPED_BYTES) {
      this.#words.set(source.subarray(at / WORD, at / WORD + words), this.#used / WORD);
    } else {
      // Without a view for each record, which a flood would leave as garbage.
      for (let i = 0, from = at / WORD, to = this.#used / WORD; i < words; i++) {
        this.#words[to + i] = source[from + i] as number;
      }
    }
    this.starts[this.count] = this.#used;
    this.lengths[this.count++] = length;
    this.#used += words * WORD;
  }

  clear(): void {
    this.count = 0;
    this.#used = 0;
  }
}

/**
 * Copies the records and decodes only those that are left at the sample, so that what is dropped makes no garbage. Records get half
 * of the bytes, decoded rows the other half; where rows are streamed, records get all.
 */
export class RecordQueue implements EventQueue {
  limits: QueueLimits;
  readonly #makeRow: MakeRow;
  readonly #chunks = new Chunks<RecordChunk>();
  #current: RecordChunk | null = null;
  /** The memory of the last record. */
  #source = new Int32Array();
  #spare: RecordChunk[] = [];
  /** The last rows were streamed: no bytes are kept for rows. */
  #streams = false;
  /** Bytes of the records that are not streamed yet. */
  #streamingBytes = 0;

  constructor(limits: QueueLimits, makeRow: MakeRow) {
    this.limits = limits;
    this.#makeRow = makeRow;
  }

  add(view: DataView<ArrayBuffer>, at: number, length: number): void {
    const { buffer, byteOffset } = view;
    if (this.#source.buffer !== buffer) this.#source = new Int32Array(buffer);
    if (!this.#current?.fits(length)) this.#current = this.#start(length);
    this.#current.add(this.#source, byteOffset + at, length);
  }

  take(onProgress?: () => void): Row[] {
    const chunks = this.#chunks.take();
    this.#current = null;
    this.#streams = false;
    const { bytes: maxBytes, newest = Infinity } = this.limits;
    const newestFirst: Row[][] = [];
    let count = 0;
    let bytes = 0;
    for (let i = chunks.length - 1; i >= 0; i--) {
      const chunk = chunks[i]!;
      const rows = bytes < maxBytes / 2 ? this.#decode(chunk, newest - count) : [];
      this.#chunks.dropped += chunk.count - rows.length;
      count += rows.length;
      bytes += rowsBytes(rows);
      newestFirst.push(rows);
      this.#recycle([chunk]);
      onProgress?.();
    }
    this.#spare.length = Math.min(this.#spare.length, Math.max(SPARE_CHUNKS, chunks.length));
    return newestFirst.reverse().flat();
  }

  stream(): Iterable<Row> {
    const chunks = this.#chunks.take();
    this.#current = null;
    this.#streams = true;
    this.#spare.length = Math.min(this.#spare.length, SPARE_CHUNKS);
    this.#streamingBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#decodeInOrder(chunks);
  }

  *#decodeInOrder(chunks: readonly RecordChunk[]): Generator<Row> {
    for (const chunk of chunks) {
      yield* this.#decode(chunk, Infinity);
      this.#streamingBytes -= chunk.bytes;
      this.#recycle([chunk]);
    }
  }

  /** The rows of the last `most` events of a chunk. */
  #decode({ view, starts, lengths, count }: RecordChunk, most: number): Row[] {
    const rows: Row[] = [];
    for (let i = Math.max(0, count - most); i < count; i++) {
      const row = this.#makeRow(view, starts[i]!, lengths[i]!);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  takeDropped(): number {
    return this.#chunks.takeDropped();
  }

  #start(length: number): RecordChunk {
    const chunk = length <= RECORD_CHUNK_BYTES
      ? this.#spare.pop() ?? new RecordChunk(RECORD_CHUNK_BYTES)
      : new RecordChunk(Math.ceil(length / WORD) * WORD);
    const { bytes } = this.limits;
    const forRecords = this.#streams ? freeBytes(bytes, this.#streamingBytes) : bytes / 2;
    this.#recycle(this.#chunks.push(chunk, { ...this.limits, bytes: forRecords }));
    return chunk;
  }

  #recycle(chunks: readonly RecordChunk[]): void {
    for (const chunk of chunks) {
      if (!chunk.reusable) continue;
      chunk.clear();
      this.#spare.push(chunk);
    }
  }
}
