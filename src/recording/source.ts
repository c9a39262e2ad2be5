/**
 * Sources of a recording: a file, standard input, or bytes in memory.
 *
 * @module
 */
import { KtopError, reasonOf } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import { joinBytes } from "./bytes.ts";
import { gunzip, isGzip } from "./gunzip.ts";

/** Bytes read at a time. */
const CHUNK_BYTES = 65_536;

/** A recording's bytes, decompressed. */
export interface Source {
  /** Name in messages, escaped. */
  readonly name: string;
  /** True if it can be read more than once, from any offset. */
  readonly seekable: boolean;
  /**
   * The bytes from an offset, decompressed. A chunk is valid until the next one is requested. A source that is not seekable
   * can be read once, from 0.
   */
  read(offset: number): AsyncIterable<Uint8Array>;
}

interface Reader {
  read(buffer: Uint8Array): Promise<number | null>;
}

/** The bytes of a reader, in chunks that are valid until the next one is requested. */
export async function* chunksOf(reader: Reader): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES); // reused: a buffer for each chunk would make memory grow with the file
  while (true) {
    const count = await reader.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

/** Skips the first bytes. */
async function* skip(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* prepend(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Decompresses gzip, recognized by the first two bytes; the first read may return only one. */
async function* decompressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < 2) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = joinBytes([head, value]);
  }
  const all = prepend(head, { [Symbol.asyncIterator]: () => iterator });
  yield* isGzip(head) ? gunzip(all) : all;
}

/** The error for a file that cannot be opened or read. @param name escaped */
export function openFailure(name: string, error: unknown): KtopError {
  const problem = error instanceof Deno.errors.NotFound
    ? "does not exist"
    : error instanceof Deno.errors.PermissionDenied
    ? "may not be read by this user"
    : `cannot be read: ${reasonOf(error)}`;
  return new KtopError(`${name} ${problem}.`, { cause: error });
}

class FileSource implements Source {
  readonly name: string;
  readonly seekable: boolean;
  readonly #path: string;
  readonly #gzip: boolean;

  constructor(path: string, properties: { name: string; seekable: boolean; gzip: boolean }) {
    this.#path = path;
    this.name = properties.name;
    this.seekable = properties.seekable;
    this.#gzip = properties.gzip;
  }

  async *read(offset: number): AsyncGenerator<Uint8Array> {
    using file = await Deno.open(this.#path).catch((error) => {
      throw openFailure(this.name, error);
    });
    if (!this.seekable) yield* decompressed(chunksOf(file));
    else if (this.#gzip) yield* skip(gunzip(chunksOf(file)), offset);
    else {
      await file.seek(offset, Deno.SeekMode.Start);
      yield* chunksOf(file);
    }
  }
}

/** A file. Pipes and devices are not seekable. Throws KtopError. */
export async function fileSource(path: string): Promise<Source> {
  const name = shownValue(path);
  try {
    const info = await Deno.stat(path);
    if (info.isDirectory) throw new KtopError(`${name} is a directory.`);
    if (!info.isFile) return new FileSource(path, { name, seekable: false, gzip: false });
    using file = await Deno.open(path);
    const head = new Uint8Array(2);
    const count = await file.read(head) ?? 0;
    return new FileSource(path, { name, seekable: true, gzip: isGzip(head.subarray(0, count)) });
  } catch (error) {
    throw error instanceof KtopError ? error : openFailure(name, error);
  }
}

/** Standard input, which is not seekable. */
export function stdinSource(): Source {
  return { name: "Standard input", seekable: false, read: () => decompressed(chunksOf(Deno.stdin)) };
}

/** Bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array): Source {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  return { name, seekable: true, read: (offset) => skip(decompressed(once()), offset) };
}
