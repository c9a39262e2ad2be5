/**
 * How a past tick is encoded in bytes, and decoded.
 *
 * @module
 */
import {
  type CountedRows,
  firstInOrder,
  type Histogram,
  isAddable,
  makeTick,
  type PastTick,
  type PastTickSummary,
  RANKED_PART,
  type Row,
  type RowPreference,
  type Tick,
  type ToolInfo,
} from "../../model/mod.ts";
import { AppendBuffer, Decoder, Encoder } from "./encoding.ts";
import { HISTORY_LIMITS } from "./limits.ts";

/** Limits of a chunk, which is evicted as a whole. */
const CHUNK_TICKS = 60;
const CHUNK_BYTES = 128 * 1024;
/** Memory of a tick beside its bytes: an upper estimate. */
const TICK_OVERHEAD = 128;

/** Consecutive ticks that share their texts. */
export class Chunk {
  readonly keys: readonly string[];
  /** Of a table the columns that may be added. */
  readonly sumKeys: readonly string[];
  readonly texts = new AppendBuffer();
  readonly data = new AppendBuffer();
  ticks = 0;

  constructor({ columns, view }: ToolInfo) {
    this.keys = columns.map(({ key }) => key);
    this.sumKeys = view === "table" ? columns.filter(isAddable).map(({ key }) => key) : [];
  }

  get bytes(): number {
    return this.texts.size + this.data.size + this.ticks * TICK_OVERHEAD;
  }

  get full(): boolean {
    return this.ticks >= CHUNK_TICKS || this.texts.used + this.data.used >= CHUNK_BYTES;
  }

  close(): void {
    this.texts.close();
    this.data.close();
  }
}

/** Where a tick is encoded. */
export interface EncodedTick {
  readonly time: number;
  readonly chunk: Chunk;
  readonly offset: number;
  /** Where its rows start. */
  readonly rowsOffset: number;
  /** How many rows are encoded. */
  readonly count: number;
  /** How many of the first rows passed the filter of a pane. */
  readonly preferred: number;
  /** How many of the first rows were chosen by the order of a pane. */
  readonly ranked: number;
}

/** Whether each row is preceded by its index in the tick, because the rows are not in the order of the tick. */
export const isIndexed = ({ preferred, ranked }: Pick<EncodedTick, "preferred" | "ranked">): boolean =>
  preferred > 0 || ranked > 0;

const encoder = new Encoder();

function encodeHistograms(histograms: readonly Histogram[] | undefined, chunk: Chunk): void {
  const kept = histograms?.slice(0, HISTORY_LIMITS.histograms);
  encoder.number(kept ? kept.length + 1 : 0);
  if (!kept) return;
  for (const { label, unit, sum, slots } of kept) {
    encoder.value(label, chunk.texts);
    encoder.value(unit, chunk.texts);
    encoder.value(sum, chunk.texts);
    const used = slots.findLastIndex((count) => count > 0) + 1;
    encoder.number(slots.length);
    encoder.number(used);
    for (let i = 0; i < used; i++) encoder.number(slots[i] as number);
  }
}

function decodeHistograms(decoder: Decoder, { texts }: Chunk): Histogram[] | undefined {
  const length = decoder.number() - 1;
  if (length < 0) return undefined;
  return Array.from({ length }, () => {
    const label = String(decoder.value(texts));
    const unit = String(decoder.value(texts));
    const sum = decoder.value(texts);
    const slots = new Array<number>(decoder.number()).fill(0);
    const used = decoder.number();
    for (let i = 0; i < used; i++) slots[i] = decoder.number();
    return { label, unit, slots, ...(typeof sum === "number" ? { sum } : {}) };
  });
}

/**
 * The indices of the rows in the order in which they are encoded: those that rank first among the rows that pass the test (among all, if
 * none passes), the other rows that pass, the rest. `preferred` and `ranked`: how many of the first pass, and rank first.
 */
function encodingOrder(
  rows: readonly Row[],
  { view }: ToolInfo,
  { test, order }: RowPreference,
): { indices: readonly number[]; preferred: number; ranked: number } {
  const all = rows.map((_, i) => view === "events" ? rows.length - 1 - i : i);
  if (test === null && order === null) {
    return { indices: all.slice(0, HISTORY_LIMITS.rowsPerTick), preferred: 0, ranked: 0 };
  }
  const passed: number[] = [];
  const others: number[] = [];
  for (const i of all) (test === null || test(rows[i]!) ? passed : others).push(i);
  const { rowsPerTick, preferredPerTick } = HISTORY_LIMITS;
  const candidates = passed.length > 0 ? passed : others;
  const ranked = order ? firstInOrder(candidates, (i) => rows[i]!, order, rowsPerTick * RANKED_PART) : [];
  const isRanked = new Set(ranked);
  const withoutRanked = (indices: readonly number[]): number[] => indices.filter((i) => !isRanked.has(i));
  const first = [...ranked, ...withoutRanked(passed)].slice(
    0,
    test === null ? rowsPerTick : preferredPerTick,
  );
  return {
    indices: [...first, ...withoutRanked(others).slice(0, Math.max(0, rowsPerTick - first.length))],
    preferred: test === null || passed.length === 0 ? 0 : first.length,
    ranked: ranked.length,
  };
}

/** Rows of a tick in bytes. */
interface EncodedRows {
  readonly count: number;
  readonly preferred: number;
  readonly ranked: number;
  readonly bytes: Uint8Array;
  readonly droppedSums: readonly number[] | null;
}

/** Sums columns over the rows that were not encoded; null if all were, or if the tool has no such columns. */
function sumsOfOthers(
  rows: readonly Row[],
  encoded: readonly number[],
  keys: readonly string[],
): number[] | null {
  if (rows.length === encoded.length || keys.length === 0) return null;
  const isEncoded = new Set(encoded);
  const sums = keys.map(() => 0);
  rows.forEach((row, i) => {
    if (!isEncoded.has(i)) keys.forEach((key, j) => sums[j]! += Number(row[key] ?? 0));
  });
  return sums;
}

/** Encodes the rows that come first until the tick reaches its limits. */
function encodeRows(tick: Tick, tool: ToolInfo, chunk: Chunk, preference: RowPreference): EncodedRows {
  const { rows } = tick;
  const { indices, ...counts } = encodingOrder(rows, tool, preference);
  const textsBefore = chunk.texts.used;
  encoder.clear();
  let count = 0;
  let end = 0;
  for (; count < indices.length; count++) {
    const row = rows[indices[count]!] as Row;
    if (isIndexed(counts)) encoder.number(indices[count]!);
    for (const key of chunk.keys) encoder.value(row[key], chunk.texts);
    if (encoder.used + chunk.texts.used - textsBefore > HISTORY_LIMITS.bytesPerTick) break;
    end = encoder.used;
  }
  return {
    count,
    preferred: Math.min(counts.preferred, count),
    ranked: Math.min(counts.ranked, count),
    bytes: encoder.bytes().slice(0, end),
    droppedSums: sumsOfOthers(rows, indices.slice(0, count), chunk.sumKeys),
  };
}

function encodeCounted(counted: CountedRows | undefined, chunk: Chunk): void {
  encoder.number(counted ? 1 : 0);
  if (!counted) return;
  encoder.value(counted.filter, chunk.texts);
  encoder.value(counted.by, chunk.texts);
  encoder.number(counted.passed);
}

function decodeCounted(decoder: Decoder, { texts }: Chunk): CountedRows | undefined {
  if (decoder.number() === 0) return undefined;
  const filter = String(decoder.value(texts));
  const by = decoder.value(texts);
  return { filter, by: typeof by === "string" ? by : null, passed: decoder.number() };
}

/** Appends a tick to its chunk: the rows that the preference puts first, within {@linkcode HISTORY_LIMITS}. */
export function encodeTick(tick: Tick, tool: ToolInfo, chunk: Chunk, preference: RowPreference): EncodedTick {
  const { count, preferred, ranked, bytes, droppedSums } = encodeRows(tick, tool, chunk, preference);
  encoder.clear();
  encoder.float(tick.intervalS);
  encoder.value(tick.tier, chunk.texts);
  encoder.number(tick.lost.events);
  encoder.number(tick.lost.keys);
  encoder.number(tick.lost.runs);
  encoder.value(tick.mapFill, chunk.texts);
  encodeCounted(tick.counted, chunk);
  encoder.number(tick.rows.length - count + (tick.droppedRows ?? 0));
  encoder.number(droppedSums ? 1 : 0);
  for (const sum of droppedSums ?? []) encoder.value(sum, chunk.texts);
  encodeHistograms(tick.histograms, chunk);
  const offset = chunk.data.append(encoder.bytes());
  const rowsOffset = chunk.data.append(bytes);
  chunk.ticks++;
  return { time: tick.time, chunk, offset, rowsOffset, count, preferred, ranked };
}

/** A tick without its rows. */
export function decodeSummary({ time, chunk, offset, count }: EncodedTick, tool: ToolInfo): PastTickSummary {
  const decoder = new Decoder(chunk.data, offset);
  const intervalS = decoder.float();
  const tier = String(decoder.value(chunk.texts));
  const lost = { events: decoder.number(), keys: decoder.number(), runs: decoder.number() };
  const fill = decoder.value(chunk.texts);
  const counted = decodeCounted(decoder, chunk);
  const droppedRows = decoder.number();
  const hasSums = decoder.number() > 0;
  const droppedSums = hasSums
    ? Object.fromEntries(chunk.sumKeys.map((key) => [key, decoder.value(chunk.texts) ?? null]))
    : null;
  const histograms = decodeHistograms(decoder, chunk);
  const mapFill = typeof fill === "number" ? fill : undefined;
  const measured = makeTick(
    tool,
    { time, intervalS, tier, lost, mapFill },
    histograms ? { histograms } : {},
  );
  const tick = counted ? { ...measured, counted } : measured;
  return { tick, droppedRows, droppedSums, rowCount: count + droppedRows };
}

/** The row at which the decoder stands. */
export function decodeRow(decoder: Decoder, { keys, texts }: Chunk): Row {
  const row: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value = decoder.value(texts);
    if (value !== undefined) row[key] = value;
  }
  return row;
}

/** The first `count` rows that were encoded, in the order of the tick. */
export function decodeRows(encoded: EncodedTick, tool: ToolInfo, count: number): Row[] {
  const { chunk, rowsOffset } = encoded;
  const decoder = new Decoder(chunk.data, rowsOffset);
  if (!isIndexed(encoded)) {
    const rows = Array.from({ length: count }, () => decodeRow(decoder, chunk));
    return tool.view === "events" ? rows.reverse() : rows;
  }
  return Array.from({ length: count }, () => ({ at: decoder.number(), row: decodeRow(decoder, chunk) }))
    .sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** A tick with the rows that were encoded. */
export function decodeTick(encoded: EncodedTick, tool: ToolInfo): PastTick {
  const summary = decodeSummary(encoded, tool);
  return { ...summary, tick: { ...summary.tick, rows: decodeRows(encoded, tool, encoded.count) } };
}
