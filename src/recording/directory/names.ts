/**
 * Names of the files in a recorded directory: a segment, and its index.
 *
 *     ktop-000007-20261120T180000Z.gz       ktop-000007-20261120T180000Z.index
 *
 * The number gives the order of segments, also when the clock was set back. The time is that of the first tick, UTC.
 *
 * @module
 */

const NAME = /^(ktop-(\d{6,9})-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z)\.(gz|index)$/;
/** Largest number of a segment: nine digits. */
export const MAX_SEGMENT = 999_999_999;

/** A segment, by the names of its files. */
export interface SegmentName {
  readonly number: number;
  /** Time in its name, milliseconds since the epoch. */
  readonly startMs: number;
  /** Name of the recording. */
  readonly data: string;
  /** Name of the index. */
  readonly index: string;
}

/** The names of a segment. */
export function segmentName(number: number, startMs: number): SegmentName {
  const time = new Date(startMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const stem = `ktop-${String(number).padStart(6, "0")}-${time}`;
  return { number, startMs: Math.floor(startMs / 1000) * 1000, data: `${stem}.gz`, index: `${stem}.index` };
}

/** The segment that a file belongs to; null for other files. */
export function parseSegmentName(file: string): SegmentName | null {
  const parts = NAME.exec(file);
  if (parts === null) return null;
  const [, stem, number, year, month, day, hour, minute, second] = parts;
  const startMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(startMs)) return null;
  return { number: Number(number), startMs, data: `${stem}.gz`, index: `${stem}.index` };
}
