/**
 * Files of /proc that are read again and again: the descriptor stays open, and most readings take one pread(2).
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";

const O_CLOEXEC = 0o2000000;

/** An open file. */
export interface PositionedReader {
  /** Reads up to the length of `buffer` from `offset`. Returns the number of bytes, 0 at the end; negative: it failed. */
  read(buffer: Uint8Array, offset: number): number;
  close(): void;
}

/** Opens a file for reading with pread(2); null: it is absent or refused. */
function openPositioned(path: string): PositionedReader | null {
  const fd = libc().open(cString(path), O_CLOEXEC);
  if (fd < 0) return null;
  return {
    read: (buffer, offset) => Number(libc().pread(fd, buffer, BigInt(buffer.length), BigInt(offset))),
    close: () => void libc().close(fd),
  };
}

/**
 * A reading that returns fewer bytes is complete. seq_read_iter() in fs/seq_file.c returns a page, less the record that did not fit; the
 * records of the files read here (an interface, a disk) are shorter than the rest of a page of 4 KiB.
 */
const COMPLETE_BYTES = 2048;

/** After a failure the file is opened again by the reading after this many. */
const SKIPPED_READS = 59;

const decoder = new TextDecoder();

/** Shared by all files, which are read one after another. Doubled when a file fills it. */
let buffer = new Uint8Array(4096);

function enlargeBuffer(): void {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  buffer = larger;
}

/** A text file of /proc that stays open between readings. */
export class ProcFile {
  readonly #path: string;
  readonly #open: (path: string) => PositionedReader | null;
  #reader: PositionedReader | null = null;
  /** Readings that will not try to open it. */
  #skip = 0;

  /** @param open Tests replace it. */
  constructor(path: string, open: (path: string) => PositionedReader | null = openPositioned) {
    this.#path = path;
    this.#open = open;
  }

  /** The whole text as it is now; null if the kernel has no such file or refuses to open or read it. */
  read(): string | null {
    if (this.#skip > 0) {
      this.#skip--;
      return null;
    }
    this.#reader ??= this.#open(this.#path);
    const text = this.#reader && readWhole(this.#reader);
    if (text === null) {
      // A kernel that was started with psi=0 has /proc/pressure and refuses to read its files (EOPNOTSUPP).
      this.close();
      this.#skip = SKIPPED_READS;
    }
    return text;
  }

  /** Closes it; the next reading opens it again. May be called twice. */
  close(): void {
    this.#reader?.close();
    this.#reader = null;
    this.#skip = 0;
  }
}

/** All bytes of a file as text; null if a read fails. */
function readWhole(reader: PositionedReader): string | null {
  let length = 0;
  for (;;) {
    const room = length === 0 ? buffer : buffer.subarray(length);
    const count = reader.read(room, length);
    if (count < 0) return null;
    length += count;
    if (count === 0 || count < Math.min(room.length, COMPLETE_BYTES)) {
      return decoder.decode(buffer.subarray(0, length));
    }
    if (length === buffer.length) enlargeBuffer();
  }
}
