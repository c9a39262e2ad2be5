/**
 * gzip decompression that also yields everything a truncated stream holds.
 *
 * @module
 */
import { RecordingError } from "./fields.ts";
import { TimeSlice } from "./time_slice.ts";

/** Compressed bytes written at a time. They expand at most 1032 times, to 2 MB, which takes some 5 ms. */
const SLICE_BYTES = 2048;
/** Bytes of a decompressed chunk. */
const CHUNK_BYTES = 65_536;

/** True for the first bytes of a gzip stream (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses gzip of one or more members. A truncated stream ends without an error. Lets the event loop run in between.
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
  const slice = new TimeSlice();
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      if (stream.destroyed) return;
      await written(stream, chunk.slice(at, at + SLICE_BYTES));
      if (slice.isOver) await slice.renew();
    }
  }
  if (!stream.destroyed) stream.end();
}

/** Writes, and waits until the bytes are decompressed or the stream is closed: several writes would share one large chunk. */
function written(stream: import("node:zlib").Gunzip, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("close", done);
      resolve();
    };
    stream.on("close", done);
    stream.write(bytes, done);
  });
}
