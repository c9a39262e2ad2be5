/**
 * Writes to standard output, which may be closed, non-blocking or full.
 *
 * @module
 */
import { BpfError, errnoOf, KtopError, reasonOf } from "../errors.ts";
import { type Piece, pieceBytes } from "./text_buffer.ts";

/** Where bytes go: a descriptor, or a test. */
export interface OutputSink {
  /** Writes some of the bytes, or waits a while for room; resolves with how many were taken. Rejects with BpfError. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Causes of failed writes and opens, as the end of a sentence. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is exhausted",
  EFBIG: "the file would exceed the file size limit",
  EROFS: "the file system is read-only",
  EEXIST: "a file with its name exists",
  ENOENT: "its directory does not exist",
  EACCES: "this user may not write there",
  ENOTDIR: "a part of its path is not a directory",
  EISDIR: "it is a directory",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its path has too many symbolic links",
  EPERM: "that is not permitted there",
  EIO: "an input/output error occurred",
  EMFILE: "too many files are open (ulimit -n)",
};

/** Why a file cannot be written, as the end of a sentence. */
export function writeFailure(error: unknown): string {
  return CAUSES[errnoOf(error)] ?? reasonOf(error);
}

/** Writes pieces; each is fully written when its promise resolves. */
export class StandardOutput {
  #closed = false;
  readonly #sink: OutputSink;
  readonly #onClosed: () => void;

  /** @param onClosed Called once if the reader closes the pipe (EPIPE), which ends the run with exit code 0. */
  constructor(sink: OutputSink, onClosed: () => void) {
    this.#sink = sink;
    this.#onClosed = onClosed;
  }

  /** True once the reader has closed the pipe; later writes do nothing. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Writes all of a piece. Throws KtopError for a full disk or an I/O error. */
  async write(piece: Piece): Promise<void> {
    const bytes = pieceBytes(piece);
    try {
      for (let sent = 0; sent < bytes.length && !this.#closed;) {
        sent += await this.#sink.write(bytes.subarray(sent));
      }
    } catch (error) {
      if (error instanceof BpfError && error.errno === "EPIPE") {
        this.#closed = true;
        this.#onClosed();
        return;
      }
      throw new KtopError(`Cannot write to standard output: ${writeFailure(error)}.`, { cause: error });
    }
  }
}
