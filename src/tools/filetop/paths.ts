/**
 * The paths of filetop's rows with --full-path. A program sends the path of a key before it inserts the key.
 *
 * @module
 */
import { openFilePath } from "../lib/paths.ts";
import { drainRing, type Ring } from "../lib/ring.ts";
import { CUT } from "../lib/struct.ts";
import { type FiletopKey, FiletopPath } from "./layout.gen.ts";

/** Bytes of the ring buffer: 10,240 paths of 380 bytes. */
export const PATHS_BYTES = 4 * 1024 * 1024;

const textOf = ({ inode, dev, tid }: FiletopKey): string => `${inode} ${dev} ${tid}`;

/** The paths of the keys of two intervals: what is added while a hash is read is in the next one. */
export class KeyPaths {
  readonly #ring: Ring;
  #before: ReadonlyMap<string, string | null> = new Map();
  #now: ReadonlyMap<string, string | null> = new Map();

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  /** Reads the paths that were sent until now. Call it after the keys of an interval have been read. */
  read(): void {
    const paths = new Map<string, string | null>();
    drainRing(this.#ring, (view, at, length) => {
      const record = new FiletopPath(view, at, length);
      paths.set(textOf(record.key), openFilePath(record, record.trailingTexts(0)));
    }, Infinity);
    this.#before = this.#now;
    this.#now = paths;
  }

  /**
   * The path of a key.
   *
   * @param file the last component, for a path that was lost because the ring was full
   */
  of(key: FiletopKey, file: string): string | null {
    const text = textOf(key);
    const path = this.#now.get(text) ?? this.#before.get(text);
    return path === undefined && file !== "" ? `${CUT}/${file}` : path ?? null;
  }
}
