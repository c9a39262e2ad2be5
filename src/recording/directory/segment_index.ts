/**
 * The index of a segment: where its blocks are, and their times. A block is a gzip member of at most 60 ticks, which is
 * decompressed without what is before it. Text:
 *
 *     ktop-index 1 8f0c…                   digest of what the header says about tools; - if unknown
 *     4123 20877 60 1795197600000 1795197659000 reads=1250@1795197631000 lost=3@1795197659000
 *
 * A block has its first byte, the byte after its last, the number of its ticks, the times of its first and its last tick, and its peaks
 * with their times.
 *
 * An index is a hint: without it, or where it ends early, the segment is read.
 *
 * @module
 */
import { joinPeaks, PEAK_KINDS, type Peaks } from "../../model/mod.ts";
import { RecordingError } from "../fields.ts";
import { RecordingReader } from "../reader.ts";
import type { SegmentName } from "./names.ts";
import { segmentSource } from "./segment_source.ts";
import type { SegmentStore } from "./store.ts";

/** Part of a segment that can be decompressed alone. */
export interface Block {
  /** Its first byte in the file. */
  readonly start: number;
  /** The byte after its last. */
  readonly end: number;
  readonly ticks: number;
  /** Time of its first tick, milliseconds since the epoch. */
  readonly firstMs: number;
  /** Time of its last tick. */
  readonly lastMs: number;
  readonly peaks: Peaks;
}

/** What is known of a segment without reading it. */
export interface SegmentIndex {
  /** Equal for headers that differ only in start and time zone; null: unknown. */
  readonly digest: string | null;
  readonly blocks: readonly Block[];
}

const HEAD = /^ktop-index 1 ([0-9a-f]{1,64}|-)$/;
const BLOCK =
  /^(\d{1,15}) (\d{1,15}) (\d{1,9}) (\d{1,16}) (\d{1,16})((?: [a-z]{1,16}=\d{1,15}@\d{1,16}){0,8})$/;
/** Longest index that is read, bytes. An hour of ten ticks a second has 600 blocks of at most 160 bytes. */
const MAX_INDEX_BYTES = 1024 * 1024;
/** Largest time of a Date. */
const MAX_TIME = 8.64e15;

/** Largest value of a peak. */
const MAX_PEAK = 1e15 - 1;

const NO_INDEX: SegmentIndex = { digest: null, blocks: [] };

const decoder = new TextDecoder();

/** The first line of an index. */
export const indexHead = (digest: string | null): string => `ktop-index 1 ${digest ?? "-"}\n`;

/** The line of a block. */
export const indexLine = ({ start, end, ticks, firstMs, lastMs, peaks }: Block): string =>
  [start, end, ticks, firstMs, lastMs, ...peakFields(peaks)].join(" ") + "\n";

const peakFields = (peaks: Peaks): string[] =>
  PEAK_KINDS.flatMap((kind) => {
    const peak = peaks[kind];
    return peak === undefined ? [] : [`${kind}=${Math.min(Math.ceil(peak.value), MAX_PEAK)}@${peak.atMs}`];
  });

/** The peaks of a line; unknown kinds are left out. */
function parsePeaks(text: string): Peaks {
  const peaks = PEAK_KINDS.flatMap((kind) => {
    const [, value, atMs] = new RegExp(` ${kind}=(\\d+)@(\\d+)`).exec(text)?.map(Number) ?? [];
    return value !== undefined && atMs !== undefined && value > 0 && atMs <= MAX_TIME
      ? [[kind, { value, atMs }]]
      : [];
  });
  return Object.fromEntries(peaks);
}

/** Parses an index up to its first line that is damaged or incomplete. */
export function parseIndex(text: string): SegmentIndex {
  const lines = text.split("\n").slice(0, -1);
  const head = HEAD.exec(lines[0] ?? "");
  if (head === null) return NO_INDEX;
  const blocks: Block[] = [];
  for (const line of lines.slice(1)) {
    const found = BLOCK.exec(line);
    if (found === null) break;
    const [start, end, ticks, firstMs, lastMs] = found.slice(1, 6).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const before = blocks.at(-1)?.end;
    if (end < start || (before !== undefined && start !== before) || Math.max(firstMs, lastMs) > MAX_TIME) {
      break;
    }
    blocks.push({ start, end, ticks, firstMs, lastMs, peaks: parsePeaks(found[6]!) });
  }
  return { digest: head[1] === "-" ? null : head[1]!, blocks };
}

/** Reads the index of a segment. */
export function readIndex(store: SegmentStore, { index }: SegmentName): SegmentIndex {
  const bytes = store.head(index, MAX_INDEX_BYTES);
  return bytes === null ? NO_INDEX : parseIndex(decoder.decode(bytes));
}

/**
 * The index up to the end of the file: what the index lacks, or has wrong, is read and becomes one more block.
 *
 * @param bytes size of the segment
 */
export async function completeIndex(
  store: SegmentStore,
  name: SegmentName,
  { bytes, index }: { readonly bytes: number; readonly index: SegmentIndex },
): Promise<SegmentIndex> {
  const isFileShorter = (index.blocks.at(-1)?.end ?? 0) > bytes;
  const { digest, blocks } = isFileShorter ? NO_INDEX : index;
  const start = blocks.at(-1)?.end ?? 0;
  if (start === bytes) return index;
  return { digest, blocks: [...blocks, await scan(store, name, { start, end: bytes })] };
}

/** Counts the complete ticks between two bytes of a segment; a damaged part ends them. */
async function scan(
  store: SegmentStore,
  name: SegmentName,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Block> {
  let ticks = 0;
  let firstMs = name.startMs;
  let lastMs = name.startMs;
  let peaks: Peaks = {};
  let reader: RecordingReader | undefined;
  try {
    reader = await RecordingReader.open(segmentSource(store, name), []);
    for await (const span of reader.offsets({ position: 0, offset: start })) {
      if (ticks++ === 0) firstMs = span.time;
      lastMs = span.time;
      peaks = joinPeaks(peaks, span.peaks);
    }
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
  } finally {
    reader?.close();
  }
  return { start, end, ticks, firstMs, lastMs, peaks };
}
