/**
 * A recorded directory in memory, on a disk that can be full.
 *
 * @module
 */
import type { SegmentStore } from "../../src/recording/mod.ts";

const CHUNK_BYTES = 1000;

/** The files of a directory. */
export class MemoryStore implements SegmentStore {
  readonly name = "DIR/";
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Bytes that fit on the disk. */
  capacity = Infinity;
  /** The most bytes that the files ever had together. */
  peak = 0;

  /** Bytes of the files. */
  get bytes(): number {
    return Array.from(this.files.values()).reduce((sum, { length }) => sum + length, 0);
  }

  list() {
    return Array.from(this.files, ([name, { length }]) => ({ name, bytes: length }));
  }

  create(name: string) {
    if (this.files.has(name)) return Promise.reject(new Deno.errors.AlreadyExists());
    this.files.set(name, new Uint8Array());
    return Promise.resolve({
      write: (bytes: Uint8Array) => this.#append(name, bytes),
      truncate: (length = 0) => {
        this.files.set(name, this.files.get(name)!.slice(0, length));
        return Promise.resolve();
      },
      syncData: () => Promise.resolve(),
      close: () => {},
    });
  }

  remove(name: string) {
    this.files.delete(name);
    return Promise.resolve();
  }

  async *read(name: string, offset: number) {
    const bytes = this.files.get(name) ?? new Uint8Array();
    for (let at = offset; at < bytes.length; at += CHUNK_BYTES) {
      yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
    }
  }

  head(name: string, maxBytes: number) {
    return this.files.get(name)?.slice(0, maxBytes) ?? null;
  }

  /** Takes what fits, and fails when nothing does: as write(2). */
  #append(name: string, bytes: Uint8Array): Promise<number> {
    const fitting = Math.min(bytes.length, this.capacity - this.bytes);
    if (fitting === 0) return Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
    const before = this.files.get(name)!;
    const after = new Uint8Array(before.length + fitting);
    after.set(before);
    after.set(bytes.subarray(0, fitting), before.length);
    this.files.set(name, after);
    this.peak = Math.max(this.peak, this.bytes);
    return Promise.resolve(fitting);
  }
}

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
