/**
 * Past ticks of a tool, encoded: rows as objects would take ten times the memory.
 *
 * @module
 */
import {
  type CountedRows,
  firstInOrder,
  type Histogram,
  isAddable,
  makeTick,
  NO_PREFERENCE,
  type PastTick,
  type PastTickSummary,
  RANKED_PART,
  type Row,
  type RowPreference,
  type Tick,
  type TickHistory,
  type ToolInfo,
  type Value,
} from "../../model/mod.ts";
import { AppendBuffer, Decoder, Encoder } from "./encoding.ts";
import { appended, HISTORY_LIMITS, lastNotAfter, ticksToDrop } from "./limits.ts";

/** Limits of a chunk, which is evicted as a whole. */
const CHUNK_TICKS = 60;
const CHUNK_BYTES = 128 * 1024;
/** Memory of a tick beside its bytes: an upper estimate. */
const TICK_OVERHEAD = 128;

/** Consecutive ticks that share their texts. */
class Chunk {
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
interface EncodedTick {
  readonly time: number;
  readonly chunk: Chunk;
  readonly offset: number;
  /** Where its rows start. */
  readonly rowsOffset: number;
  /** How many of the first rows passed a test, and how many of the first were chosen by an order. If any, each row is preceded by its index in the tick. */
  readonly preferred: number;
  readonly ranked: number;
}

const isIndexed = ({ preferred, ranked }: Pick<EncodedTick, "preferred" | "ranked">): boolean =>
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

/** The indices of the rows in the order in which they are encoded; of the first, how many pass the test and how many rank first. */
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
  const most = test === null ? HISTORY_LIMITS.rowsPerTick : HISTORY_LIMITS.preferredPerTick;
  const ranked = order
    ? firstInOrder(passed, (i) => rows[i]!, order, HISTORY_LIMITS.rowsPerTick * RANKED_PART)
    : [];
  const isRanked = new Set(ranked);
  const first = [...ranked, ...passed.filter((i) => !isRanked.has(i))].slice(0, most);
  return {
    indices: [...first, ...others.slice(0, Math.max(0, HISTORY_LIMITS.rowsPerTick - first.length))],
    preferred: test === null ? 0 : first.length,
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

/** Sums columns over the rows that were not encoded; null if all were. */
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
  const { indices, ...first } = encodingOrder(rows, tool, preference);
  const textsBefore = chunk.texts.used;
  encoder.clear();
  let count = 0;
  let end = 0;
  for (; count < indices.length; count++) {
    const row = rows[indices[count]!] as Row;
    if (isIndexed(first)) encoder.number(indices[count]!);
    for (const key of chunk.keys) encoder.value(row[key], chunk.texts);
    if (encoder.used + chunk.texts.used - textsBefore > HISTORY_LIMITS.bytesPerTick) break;
    end = encoder.used;
  }
  return {
    count,
    preferred: Math.min(first.preferred, count),
    ranked: Math.min(first.ranked, count),
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

function encodeTick(tick: Tick, tool: ToolInfo, chunk: Chunk, preference: RowPreference): EncodedTick {
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
  encoder.number(count);
  encodeHistograms(tick.histograms, chunk);
  const offset = chunk.data.append(encoder.bytes());
  const rowsOffset = chunk.data.append(bytes);
  chunk.ticks++;
  return { time: tick.time, chunk, offset, rowsOffset, preferred, ranked };
}

/** A tick without its rows, and how many it has. */
interface DecodedSummary {
  readonly summary: PastTickSummary;
  readonly rows: number;
}

function decodeSummary({ time, chunk, offset }: EncodedTick, tool: ToolInfo): DecodedSummary {
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
  const rows = decoder.number();
  const histograms = decodeHistograms(decoder, chunk);
  const mapFill = typeof fill === "number" ? fill : undefined;
  const measured = makeTick(
    tool,
    { time, intervalS, tier, lost, mapFill },
    histograms ? { histograms } : {},
  );
  const tick = counted ? { ...measured, counted } : measured;
  return {
    summary: { tick, droppedRows, droppedSums, rowCount: rows + droppedRows },
    rows,
  };
}

function decodeRow(decoder: Decoder, { keys, texts }: Chunk): Row {
  const row: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value = decoder.value(texts);
    if (value !== undefined) row[key] = value;
  }
  return row;
}

/** The first `count` rows that were encoded, in the order of the tick. */
function decodeRows(encoded: EncodedTick, tool: ToolInfo, count: number): Row[] {
  const { chunk, rowsOffset } = encoded;
  const decoder = new Decoder(chunk.data, rowsOffset);
  if (!isIndexed(encoded)) {
    const rows = Array.from({ length: count }, () => decodeRow(decoder, chunk));
    return tool.view === "events" ? rows.reverse() : rows;
  }
  return Array.from({ length: count }, () => ({ at: decoder.number(), row: decodeRow(decoder, chunk) }))
    .sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** Finds a row by the values of some columns. It decodes that row only. */
class RowSearch {
  readonly #values: readonly (readonly [key: string, value: Value])[];
  #chunk: Chunk | null = null;
  /** By column of the chunk: the value to find, and texts that were compared; null: any. */
  #wanted: readonly ({ readonly value: Value; readonly known: Map<number, boolean> } | null)[] = [];

  constructor(values: Row) {
    this.#values = Object.entries(values);
  }

  find(encoded: EncodedTick, tool: ToolInfo): Row | null {
    const { chunk } = encoded;
    if (chunk !== this.#chunk) this.#enter(chunk);
    const { rows } = decodeSummary(encoded, tool);
    const decoder = new Decoder(chunk.data, encoded.rowsOffset);
    for (let i = 0; i < rows; i++) {
      if (isIndexed(encoded)) decoder.number();
      const start = decoder.at;
      let same = true;
      for (const wanted of this.#wanted) {
        if (same && wanted) same = decoder.passes(wanted.value, chunk.texts, wanted.known);
        else decoder.skip();
      }
      if (!same) continue;
      decoder.at = start;
      return decodeRow(decoder, chunk);
    }
    return null;
  }

  #enter(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#wanted = chunk.keys.map((key) => {
      const found = this.#values.find(([name]) => name === key);
      return found ? { value: found[1], known: new Map() } : null;
    });
  }
}

function decodeTick(encoded: EncodedTick, tool: ToolInfo): PastTick {
  const { summary, rows } = decodeSummary(encoded, tool);
  return { ...summary, tick: { ...summary.tick, rows: decodeRows(encoded, tool, rows) } };
}

/** The chunks of ticks, each once, oldest first; the ticks of a chunk are adjacent. */
function chunksOf(ticks: readonly EncodedTick[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (const { chunk } of ticks) if (chunk !== chunks.at(-1)) chunks.push(chunk);
  return chunks;
}

/** The history of one tool's ticks within {@linkcode HISTORY_LIMITS}. Copies share the encoded bytes, which never change. */
export class EncodedTicks implements TickHistory {
  readonly #ticks: readonly EncodedTick[];
  readonly #tool: ToolInfo | null;

  /** Each chunk once, oldest first. */
  readonly #chunks: readonly Chunk[];

  private constructor(ticks: readonly EncodedTick[], tool: ToolInfo | null, chunks = chunksOf(ticks)) {
    this.#ticks = ticks;
    this.#tool = tool;
    this.#chunks = chunks;
  }

  /** No tick. */
  static readonly empty: EncodedTicks = new EncodedTicks([], null);

  get length(): number {
    return this.#ticks.length;
  }

  /** Memory in use, bytes. */
  get bytes(): number {
    let sum = 0;
    for (const chunk of this.#chunks) sum += chunk.bytes;
    return sum;
  }

  add(
    tick: Tick,
    tool: ToolInfo,
    maxBytes: number = HISTORY_LIMITS.bytes,
    preference: RowPreference = NO_PREFERENCE,
  ): EncodedTicks {
    const last = this.#ticks.at(-1)?.chunk;
    const usable = last && !last.full && this.#tool === tool ? last : null;
    if (last && !usable) last.close();
    const chunk = usable ?? new Chunk(tool);
    const drop = ticksToDrop(this.length, (i) => this.#ticks[i]!.time, tick.time);
    const ticks = appended(this.#ticks, encodeTick(tick, tool, chunk, preference), drop);
    const chunks = usable ? this.#chunks : [...this.#chunks, chunk];
    const kept = chunks.slice(chunks.indexOf(ticks[0]!.chunk));
    return new EncodedTicks(ticks, tool, kept).#evicted(maxBytes);
  }

  until(time: number): EncodedTicks {
    return new EncodedTicks(this.#ticks.slice(0, lastNotAfter(this.#ticks, time) + 1), this.#tool);
  }

  after(time: number): EncodedTicks {
    return new EncodedTicks(this.#ticks.slice(lastNotAfter(this.#ticks, time) + 1), this.#tool);
  }

  timeAt(index: number): number | null {
    return this.#ticks[index]?.time ?? null;
  }

  at(index: number): PastTick | null {
    const encoded = this.#ticks[index];
    return encoded && this.#tool ? decodeTick(encoded, this.#tool) : null;
  }

  preferredAt(index: number, most: number): readonly Row[] {
    const encoded = this.#ticks[index];
    return encoded ? this.#firstRows(encoded, Math.min(encoded.preferred, most)) : [];
  }

  rankedAt(index: number, most: number): readonly Row[] {
    const encoded = this.#ticks[index];
    return encoded ? this.#firstRows(encoded, Math.min(encoded.ranked, most)) : [];
  }

  #firstRows(encoded: EncodedTick, count: number): readonly Row[] {
    return count > 0 && this.#tool ? decodeRows(encoded, this.#tool, count) : [];
  }

  rowsWith(values: Row, from: number, to: number): (Row | null)[] {
    const search = new RowSearch(values);
    const tool = this.#tool;
    return tool ? this.#ticks.slice(from, to).map((encoded) => search.find(encoded, tool)) : [];
  }

  summaryAt(index: number): PastTickSummary | null {
    const encoded = this.#ticks[index];
    return encoded && this.#tool ? decodeSummary(encoded, this.#tool).summary : null;
  }

  /** Evicts the oldest chunks until the rest is within the limit. */
  #evicted(maxBytes: number): EncodedTicks {
    let { bytes } = this;
    if (bytes <= maxBytes) return this;
    let ticks = this.#ticks;
    for (const chunk of this.#chunks) {
      if (bytes <= maxBytes) break;
      bytes -= chunk.bytes;
      ticks = ticks.filter((tick) => tick.chunk !== chunk);
    }
    return new EncodedTicks(ticks, this.#tool);
  }
}
