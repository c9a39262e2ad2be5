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
  type KeptCounts,
  type KeptRow,
  makeTick,
  type PastTick,
  type PastTickSummary,
  RANKED_PART,
  REST_KEY,
  type RestRows,
  type Row,
  type RowPreference,
  type Stacks,
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
  /** Of events the columns that may be added. */
  readonly restKeys: readonly string[];
  readonly texts = new AppendBuffer();
  readonly data = new AppendBuffer();
  ticks = 0;

  constructor({ columns, view }: ToolInfo) {
    this.keys = [...columns.map(({ key }) => key), ...(view === "table" ? [REST_KEY] : [])];
    const sums = columns.filter(isAddable).map(({ key }) => key);
    this.sumKeys = view === "table" ? sums : [];
    this.restKeys = view === "events" ? sums : [];
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

/** Bytes of the rows of a tick after which no more are encoded that only pass the filter. */
const PREFERRED_BYTES = HISTORY_LIMITS.bytesPerTick * 2 / 3;

/** Where a tick is encoded. */
export interface EncodedTick extends KeptCounts {
  readonly time: number;
  readonly chunk: Chunk;
  readonly offset: number;
  /** Where its rows start. */
  readonly rowsOffset: number;
  /** Where its stacks start; null: it has none. */
  readonly stacksOffset: number | null;
}

/** Whether each row is preceded by its index in the tick, and by whether it passed the filter, because the rows are not in the order of the tick. */
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

/** Takes the first of each list, then the second of each, and so on; each index once. */
function interleaved(lists: readonly (readonly number[])[]): number[] {
  const all = new Set<number>();
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let n = 0; n < longest; n++) for (const list of lists) if (n < list.length) all.add(list[n]!);
  return [...all];
}

/** The rows of a tick to encode, by index, in that order; see {@linkcode KeptCounts}. */
interface EncodingOrder {
  readonly indices: readonly number[];
  readonly ranked: number;
  readonly preferred: number;
  readonly passes: (index: number) => boolean;
}

/**
 * Chooses as many rows as without a filter, and beside them those that pass it: those that rank first in the orders, others that
 * pass, the rest.
 */
function encodingOrder(
  rows: readonly Row[],
  { view }: ToolInfo,
  { test, orders }: RowPreference,
): EncodingOrder {
  const { rowsPerTick, preferredPerTick } = HISTORY_LIMITS;
  const all = rows.map((_, i) => view === "events" ? rows.length - 1 - i : i);
  if (test === null && orders.length === 0) {
    return { indices: all.slice(0, rowsPerTick), ranked: 0, preferred: 0, passes: () => false };
  }
  const passed = test === null ? [] : all.filter((i) => test(rows[i]!));
  const ranks = (candidates: readonly number[]): number[][] =>
    orders.map((order) =>
      firstInOrder(candidates, (i) => rows[i]!, order, rowsPerTick * RANKED_PART / orders.length)
    );
  const listed = ranks(all);
  const ranked = interleaved([...listed, ...ranks(passed)]);
  const base = new Set(listed.flat());
  for (const i of all) {
    if (base.size >= rowsPerTick) break;
    base.add(i);
  }
  const isRanked = new Set(ranked);
  const isPassed = new Set(passed);
  const first = new Set([...ranked, ...base]);
  const room = Math.max(0, preferredPerTick - first.size);
  for (const i of passed.filter((i) => !first.has(i)).slice(0, room)) first.add(i);
  const others = all.filter((i) => first.has(i) && !isRanked.has(i));
  const preferred = others.filter((i) => isPassed.has(i));
  return {
    indices: [...ranked, ...preferred, ...others.filter((i) => !isPassed.has(i))],
    ranked: ranked.length,
    preferred: preferred.length,
    passes: (i) => isPassed.has(i),
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

/**
 * Encodes the rows that come first until the tick reaches its limits. Rows that only pass the filter take at most
 * {@linkcode PREFERRED_BYTES}, so that they leave room for the rest.
 */
function encodeRows(tick: Tick, tool: ToolInfo, chunk: Chunk, preference: RowPreference): EncodedRows {
  const { rows } = tick;
  const { indices, passes, ...chosen } = encodingOrder(rows, tool, preference);
  const counts = { ranked: 0, preferred: 0 };
  const encoded: number[] = [];
  const textsBefore = chunk.texts.used;
  encoder.clear();
  let end = 0;
  let n = 0;
  while (n < indices.length) {
    const index = indices[n]!;
    const row = rows[index] as Row;
    if (isIndexed(chosen)) encoder.number(2 * index + Number(passes(index)));
    for (const key of chunk.keys) encoder.value(row[key], chunk.texts);
    const used = encoder.used + chunk.texts.used - textsBefore;
    if (used > HISTORY_LIMITS.bytesPerTick) break;
    end = encoder.used;
    encoded.push(index);
    if (n < chosen.ranked) counts.ranked++;
    else if (n < chosen.ranked + chosen.preferred) counts.preferred++;
    n++;
    const isPreferred = n > chosen.ranked && n < chosen.ranked + chosen.preferred;
    if (isPreferred && used > PREFERRED_BYTES) n = chosen.ranked + chosen.preferred;
  }
  return {
    count: encoded.length,
    ...counts,
    bytes: encoder.bytes().slice(0, end),
    droppedSums: sumsOfOthers(rows, encoded, chunk.sumKeys),
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

function encodeRest(rest: RestRows | undefined, chunk: Chunk): void {
  encoder.number(rest?.rows ?? 0);
  if (rest) { for (const key of chunk.restKeys) encoder.value(rest.sums[key], chunk.texts); }
}

function decodeRest(decoder: Decoder, { restKeys, texts }: Chunk): RestRows | undefined {
  const rows = decoder.number();
  if (rows === 0) return undefined;
  return { rows, sums: Object.fromEntries(restKeys.map((key) => [key, decoder.value(texts) ?? null])) };
}

/** Bytes of the stacks of a tick; the others are dropped, the smallest first. */
const STACKS_BYTES = HISTORY_LIMITS.bytesPerTick / 4;

/** Appends the stacks of a tick. Returns where they start; null: it has none. */
function encodeStacks({ stacks }: Tick, chunk: Chunk): number | null {
  if (stacks === undefined) return null;
  const before = chunk.texts.used;
  encoder.clear();
  let count = 0;
  let end = 0;
  for (const { stack, weight } of stacks.counts) {
    encoder.value(stack, chunk.texts);
    encoder.float(weight);
    if (encoder.used + chunk.texts.used - before > STACKS_BYTES) break;
    end = encoder.used;
    count++;
  }
  const encoded = encoder.bytes().slice(0, end);
  const dropped = stacks.counts.slice(count).reduce((sum, { weight }) => sum + weight, stacks.dropped ?? 0);
  encoder.clear();
  encoder.value(stacks.weight, chunk.texts);
  encoder.float(dropped);
  encoder.number(count);
  const offset = chunk.data.append(encoder.bytes());
  chunk.data.append(encoded);
  return offset;
}

function decodeStacks({ data, texts }: Chunk, offset: number): Stacks {
  const decoder = new Decoder(data, offset);
  const weight = String(decoder.value(texts));
  const dropped = decoder.float();
  const counts = Array.from({ length: decoder.number() }, () => ({
    stack: String(decoder.value(texts)),
    weight: decoder.float(),
  }));
  return { weight, counts, ...(dropped > 0 ? { dropped } : {}) };
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
  encodeRest(tick.rest, chunk);
  encodeHistograms(tick.histograms, chunk);
  const offset = chunk.data.append(encoder.bytes());
  const rowsOffset = chunk.data.append(bytes);
  const stacksOffset = encodeStacks(tick, chunk);
  chunk.ticks++;
  const rowCount = tick.rows.length + (tick.droppedRows ?? 0);
  return { time: tick.time, chunk, offset, rowsOffset, stacksOffset, count, preferred, ranked, rowCount };
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
  const rest = decodeRest(decoder, chunk);
  const histograms = decodeHistograms(decoder, chunk);
  const mapFill = typeof fill === "number" ? fill : undefined;
  const measured = makeTick(
    tool,
    { time, intervalS, tier, lost, mapFill },
    histograms ? { histograms } : {},
  );
  const tick = {
    ...measured,
    ...(counted ? { counted } : {}),
    ...(rest ? { rest, droppedRows: rest.rows } : {}),
  };
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

/** The first `most` rows that were encoded, in this order. */
export function decodeKept(encoded: EncodedTick, { view }: ToolInfo, most: number): KeptRow[] {
  const { chunk, rowsOffset, count, rowCount } = encoded;
  const decoder = new Decoder(chunk.data, rowsOffset);
  const indexed = isIndexed(encoded);
  return Array.from({ length: Math.min(count, most) }, (_, n) => {
    const number = indexed ? decoder.number() : 2 * (view === "events" ? rowCount - 1 - n : n);
    return { at: Math.floor(number / 2), isPreferred: number % 2 === 1, row: decodeRow(decoder, chunk) };
  });
}

/** The rows that were encoded, in the order of the tick. */
function decodeRows(encoded: EncodedTick, tool: ToolInfo): Row[] {
  return decodeKept(encoded, tool, Infinity).sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** A tick with the rows that were encoded. */
export function decodeTick(encoded: EncodedTick, tool: ToolInfo): PastTick {
  const summary = decodeSummary(encoded, tool);
  const { chunk, stacksOffset } = encoded;
  const stacks = stacksOffset === null ? {} : { stacks: decodeStacks(chunk, stacksOffset) };
  return { ...summary, tick: { ...summary.tick, rows: decodeRows(encoded, tool), ...stacks } };
}
