/**
 * The space that a recorded directory may take, and files that grow within it.
 *
 * @module
 */
import type { OpenFile } from "./store.ts";

/** Files take whole blocks of the file system, bytes. */
const BLOCK_BYTES = 4096;

/** What a file of this size takes on the disk, bytes. */
export const onDisk = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** Counts what the files take, and makes room before a file grows. */
export class Space {
  /** Bytes on the disk. */
  used = 0;
  readonly #max: number;
  readonly #makeRoom: () => Promise<void>;

  /** @param makeRoom removes something, and subtracts it from `used`; throws if there is nothing to remove */
  constructor(max: number, makeRoom: () => Promise<void>) {
    this.#max = max;
    this.#makeRoom = makeRoom;
  }

  /** Makes room until the files take no more than the limit. */
  async shrink(): Promise<void> {
    while (this.used > this.#max) await this.#makeRoom();
  }

  /** Counts a file that grows from one size to another. */
  async grow(from: number, to: number): Promise<void> {
    const more = onDisk(to) - onDisk(from);
    while (more > 0 && this.used + more > this.#max) await this.#makeRoom();
    this.used += more;
  }
}

/** A new file that grows within a space. */
export class GrowingFile {
  /** Its size. */
  bytes = 0;
  readonly #file: OpenFile;
  readonly #space: Space;
  #closed = false;

  constructor(file: OpenFile, space: Space) {
    this.#file = file;
    this.#space = space;
  }

  /** Appends bytes. If that fails, some of them may have been written: {@linkcode cut} removes them. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#space.grow(this.bytes, this.bytes + bytes.length);
    this.bytes += bytes.length;
    for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
  }

  /** Cuts the file to a size, as far as that is possible. */
  async cut(bytes: number): Promise<void> {
    try {
      await this.#file.truncate(bytes);
      this.#space.used -= onDisk(this.bytes) - onDisk(bytes);
      this.bytes = bytes;
    } catch {
      // A reader discards the incomplete tick.
    }
  }

  /** Waits until the bytes are on the disk. */
  sync(): Promise<void> {
    return this.#file.syncData();
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }
}
