/**
 * Splits bytes into lines in bounded memory.
 *
 * @module
 */
import { RecordingError } from "./fields.ts";
import { MAX_LINE_BYTES } from "./format.ts";

/** A line without its newline. Valid until the next one is requested. */
export interface Line {
  readonly bytes: Uint8Array;
  /** Offset of the byte after its newline. */
  readonly end: number;
  /** False for a last line without a newline: it is truncated. */
  readonly complete: boolean;
}

const NEWLINE = 0x0a;

/** Joins the buffered parts of a line with its last part. */
function join(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  if (parts.length === 0) return last;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, last.length));
  let at = 0;
  for (const part of [...parts, last]) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Splits chunks into lines; skips empty ones.
 *
 * @param offset Offset of the first chunk.
 * @throws RecordingError for a line longer than {@linkcode MAX_LINE_BYTES}, which also bounds the buffer.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, offset = 0): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let end = offset;
  for await (const chunk of chunks) {
    let start = 0;
    for (let at; (at = chunk.indexOf(NEWLINE, start)) >= 0; start = at + 1) {
      const bytes = join(parts, chunk.subarray(start, at));
      end += at + 1 - start;
      parts = [];
      length = 0;
      checkLength(bytes.length);
      if (bytes.length > 0) yield { bytes, end, complete: true };
    }
    const rest = chunk.subarray(start);
    end += rest.length;
    length += rest.length;
    checkLength(length);
    if (rest.length > 0) parts.push(rest.slice());
  }
  if (length > 0) yield { bytes: join(parts, new Uint8Array()), end, complete: false };
}

function checkLength(length: number): void {
  if (length > MAX_LINE_BYTES) {
    throw new RecordingError(`is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
  }
}
