/**
 * gzip decompression that also yields everything a truncated stream holds.
 *
 * @module
 */
import { RecordingError } from "./fields.ts";

/** Compressed bytes written at a time; they expand at most 1032 times. */
const SLICE_BYTES = 4096;
/** Bytes of a decompressed chunk. */
const CHUNK_BYTES = 65_536;

/** True for the first bytes of a gzip stream (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses gzip of one or more members. A truncated stream ends without an error.
 *
 * @throws RecordingError for damaged data.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of the source, or of writing to a closed stream, destroys the stream and so ends the loop below.
  const pumped = pump(chunks, stream).catch((error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === "Z_BUF_ERROR") return;
    if (typeof code === "string" && code.startsWith("Z_")) {
      throw new RecordingError("holds damaged gzip data", { cause: error });
    }
    throw error;
  } finally {
    stream.destroy();
    await pumped;
  }
}

/** Writes to the stream until the source ends or the stream is closed. */
async function pump(
  chunks: AsyncIterable<Uint8Array>,
  stream: import("node:zlib").Gunzip,
): Promise<void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      if (stream.destroyed) return;
      if (!stream.write(chunk.slice(at, at + SLICE_BYTES))) await drained(stream);
    }
  }
  if (!stream.destroyed) stream.end();
}

/** Waits until the stream accepts more, or is closed. */
function drained(stream: import("node:zlib").Gunzip): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}
