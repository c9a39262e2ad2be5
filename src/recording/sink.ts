/**
 * Destinations of a recording: a new file of mode 0600, plain or gzip, or standard output.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import {
  checkNewPath,
  createFailure,
  type Piece,
  pieceBytes,
  type StandardOutput,
  writeFailure,
} from "../output/mod.ts";

/** An open destination. */
export interface RecordingSink {
  /** Bytes written so far. */
  readonly bytes: number;
  /**
   * Writes pieces that end with a complete line, which survives a crash once it resolves. Throws KtopError; what was
   * written by earlier calls remains readable.
   */
  write(pieces: Iterable<Piece>): Promise<void>;
  /** Completes the file. May be called twice. */
  close(): Promise<void>;
}

/** An encoding of a file. */
export interface Encoding {
  /** Bytes to append. The argument may change afterwards. */
  encode(bytes: Uint8Array): Promise<Uint8Array>;
  /** Bytes to append, after which everything encoded so far can be decoded. */
  flush(): Promise<Uint8Array>;
  /** Bytes that complete the file. */
  end(): Promise<Uint8Array>;
}

const plain: Encoding = {
  encode: (bytes) => Promise.resolve(bytes),
  flush: () => Promise.resolve(new Uint8Array()),
  end: () => Promise.resolve(new Uint8Array()),
};

/** gzip with Z_SYNC_FLUSH after each tick, so that a truncated file can be read up to its last write. */
export async function gzip(): Promise<Encoding> {
  const { constants, createGzip } = await import("node:zlib");
  const stream = createGzip();
  let compressed: Uint8Array[] = [];
  stream.on("data", (bytes: Uint8Array) => compressed.push(bytes));
  const take = (): Uint8Array => {
    const out = new Uint8Array(compressed.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of compressed) {
      out.set(part, at);
      at += part.length;
    }
    compressed = [];
    return out;
  };
  return {
    encode: (bytes) => new Promise((resolve) => stream.write(bytes, () => resolve(take()))),
    flush: () => new Promise((resolve) => stream.flush(constants.Z_SYNC_FLUSH, () => resolve(take()))),
    end: () =>
      new Promise((resolve) => {
        stream.once("end", () => resolve(take()));
        stream.end();
      }),
  };
}

class RecordingFile implements RecordingSink {
  bytes = 0;
  readonly #name: string;
  readonly #file: Deno.FsFile;
  readonly #encoding: Encoding;
  #closed = false;

  constructor(name: string, file: Deno.FsFile, encoding: Encoding) {
    this.#name = name;
    this.#file = file;
    this.#encoding = encoding;
  }

  async write(pieces: Iterable<Piece>): Promise<void> {
    let length = 0;
    for (const piece of pieces) length += await this.#append(await this.#encoding.encode(pieceBytes(piece)));
    this.bytes += length + await this.#append(await this.#encoding.flush());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.bytes += await this.#append(await this.#encoding.end());
    this.#closed = true;
    this.#file.close();
  }

  /** Returns the number of bytes. A failure truncates the file to what was written by earlier calls of write(). */
  async #append(bytes: Uint8Array): Promise<number> {
    if (this.#closed) return 0;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
      return bytes.length;
    } catch (error) {
      this.#closed = true;
      await this.#file.truncate(this.bytes).catch(() => {}); // if this fails too, the reader discards the partial tick
      this.#file.close();
      throw new KtopError(
        `Cannot write to ${this.#name}: ${writeFailure(error)}. The ticks recorded before can be replayed.`,
        { cause: error },
      );
    }
  }
}

class RecordingPipe implements RecordingSink {
  bytes = 0;
  readonly #output: StandardOutput;

  constructor(output: StandardOutput) {
    this.#output = output;
  }

  async write(pieces: Iterable<Piece>): Promise<void> {
    for (const piece of pieces) {
      const bytes = pieceBytes(piece);
      await this.#output.write(bytes);
      this.bytes += bytes.length;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** How {@linkcode createRecording} opens its destination. */
export interface RecordingSinkOptions {
  /** Replace an existing file. */
  readonly force: boolean;
  /** Standard output, for the path `-`. */
  readonly output: StandardOutput;
}

/** Throws KtopError if {@linkcode createRecording} would reject the path. Call it before attaching, which is slow. */
export function checkRecordingPath(path: string, force: boolean): void {
  checkNewPath(path, { option: "record", force, forceRemedy: "--force replaces it." });
}

/**
 * Creates the file, gzip if its name ends in .gz; `-` is standard output. O_EXCL makes sure that no symbolic link is followed;
 * mode 0600 because a recording holds names from the whole machine.
 *
 * @throws KtopError
 */
export async function createRecording(path: string, options: RecordingSinkOptions): Promise<RecordingSink> {
  if (path === "-") return new RecordingPipe(options.output);
  checkRecordingPath(path, options.force);
  try {
    if (options.force) await removeIfPresent(path);
    return await recordingSink(await Deno.open(path, { write: true, createNew: true, mode: 0o600 }), path);
  } catch (error) {
    throw createFailure(path, error);
  }
}

/** Writes into a new file that is open, gzip if its name ends in .gz. `close()` closes the file. */
export async function recordingSink(file: Deno.FsFile, path: string): Promise<RecordingSink> {
  return new RecordingFile(shownValue(path), file, path.endsWith(".gz") ? await gzip() : plain);
}

/** Removes the directory entry, not the target of a link. */
async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
