/**
 * Splits bytes into lines in bounded memory.
 *
 * @module
 */
import { joinBytes } from "./bytes.ts";
import { RecordingError } from "./fields.ts";
import { MAX_LINE_BYTES } from "./format.ts";
import { TimeSlice } from "./time_slice.ts";

/** A line without its newline. Valid until the next one is requested. */
export interface Line {
  readonly bytes: Uint8Array;
  /** Offset of the byte after its newline. */
  readonly end: number;
  /** False for a last line without a newline: it is truncated. */
  readonly complete: boolean;
}

const NEWLINE = 0x0a;
/** Bytes between two looks at the clock, which costs more than a short line. */
const CHECK_BYTES = 4096;

/** Joins the buffered parts of a line with its last part, which is not copied if it is the only one. */
const join = (parts: readonly Uint8Array[], last: Uint8Array): Uint8Array =>
  parts.length === 0 ? last : joinBytes([...parts, last]);

/**
 * Splits chunks into lines; skips empty ones. Lets the event loop run between chunks and lines when it has been busy for a
 * while, with what its caller does with each line.
 *
 * @param offset Offset of the first chunk.
 * @param signal Ends the lines early when it is aborted.
 * @param maxBytes Maximum length of a line, which also bounds the buffer.
 * @throws RecordingError for a longer line.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  offset = 0,
  signal?: AbortSignal,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let end = offset;
  let nextCheck = offset + CHECK_BYTES;
  const slice = new TimeSlice();
  for await (const chunk of chunks) {
    let start = length === 0 ? afterNewlines(chunk, 0) : 0;
    end += start;
    for (let at; (at = chunk.indexOf(NEWLINE, start)) >= 0;) {
      const bytes = join(parts, chunk.subarray(start, at));
      end += at + 1 - start;
      parts = [];
      length = 0;
      checkLength(bytes.length, maxBytes);
      yield { bytes, end, complete: true };
      start = afterNewlines(chunk, at + 1);
      end += start - (at + 1);
      if (end < nextCheck) continue;
      nextCheck = end + CHECK_BYTES;
      if (!slice.isOver) continue;
      await slice.renew();
      if (signal?.aborted) return;
    }
    const rest = chunk.subarray(start);
    end += rest.length;
    length += rest.length;
    checkLength(length, maxBytes);
    if (rest.length > 0) parts.push(rest.slice());
    if (slice.isOver) await slice.renew();
    if (signal?.aborted) return;
  }
  if (length > 0) yield { bytes: join(parts, new Uint8Array()), end, complete: false };
}

/** Index of the first byte from `start` on that is no newline: empty lines are skipped at a nanosecond each. */
function afterNewlines(chunk: Uint8Array, start: number): number {
  let at = start;
  while (chunk[at] === NEWLINE) at++;
  return at;
}

function checkLength(length: number, maxBytes: number): void {
  if (length > maxBytes) throw new RecordingError(`is longer than ${maxBytes / 1024 / 1024} MiB`);
}
