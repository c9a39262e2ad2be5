/**
 * Past ticks of a tool, encoded: rows as objects would take ten times the memory.
 *
 * @module
 */
import {
  type Histogram,
  makeTick,
  type PastTick,
  type PastTickSummary,
  type Row,
  type Tick,
  type TickHistory,
  type ToolInfo,
  type Value,
} from "../../model/mod.ts";
import { AppendBuffer, Decoder, Encoder } from "./encoding.ts";
import { appended, HISTORY_LIMITS, lastNotAfter, ticksToDrop } from "./limits.ts";

/** Limits of a chunk, which is evicted as a whole. */
const CHUNK_TICKS = 60;
const CHUNK_BYTES = HISTORY_LIMITS.bytes / 16;
/** Memory of a tick beside its bytes: an upper estimate. */
const TICK_OVERHEAD = 128;

/** Consecutive ticks that share their texts. */
class Chunk {
  readonly keys: readonly string[];
  readonly texts = new AppendBuffer();
  readonly data = new AppendBuffer();
  ticks = 0;

  constructor(keys: readonly string[]) {
    this.keys = keys;
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
}

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

/** Encodes the first rows of a table, or the newest events, until the tick reaches its limits. */
function encodeRows(tick: Tick, tool: ToolInfo, chunk: Chunk): { count: number; bytes: Uint8Array } {
  const { rows } = tick;
  const events = tool.view === "events";
  const most = Math.min(rows.length, HISTORY_LIMITS.rowsPerTick);
  const textsBefore = chunk.texts.used;
  encoder.clear();
  let count = 0;
  let end = 0;
  for (; count < most; count++) {
    const row = rows[events ? rows.length - 1 - count : count] as Row;
    for (const key of chunk.keys) encoder.value(row[key], chunk.texts);
    if (encoder.used + chunk.texts.used - textsBefore > HISTORY_LIMITS.bytesPerTick) break;
    end = encoder.used;
  }
  return { count, bytes: encoder.bytes().slice(0, end) };
}

function encodeTick(tick: Tick, tool: ToolInfo, chunk: Chunk): EncodedTick {
  const { count, bytes } = encodeRows(tick, tool, chunk);
  encoder.clear();
  encoder.float(tick.intervalS);
  encoder.value(tick.tier, chunk.texts);
  encoder.number(tick.lost.events);
  encoder.number(tick.lost.keys);
  encoder.value(tick.mapFill, chunk.texts);
  encoder.number(tick.rows.length - count + (tick.droppedRows ?? 0));
  encoder.number(count);
  encodeHistograms(tick.histograms, chunk);
  const offset = chunk.data.append(encoder.bytes());
  chunk.data.append(bytes);
  chunk.ticks++;
  return { time: tick.time, chunk, offset };
}

/** Decodes everything before the rows; the decoder is left at the first row. */
function decodeSummary({ time, chunk, offset }: EncodedTick, tool: ToolInfo): {
  summary: PastTickSummary;
  rows: number;
  decoder: Decoder;
} {
  const decoder = new Decoder(chunk.data, offset);
  const intervalS = decoder.float();
  const tier = String(decoder.value(chunk.texts));
  const lost = { events: decoder.number(), keys: decoder.number() };
  const fill = decoder.value(chunk.texts);
  const droppedRows = decoder.number();
  const rows = decoder.number();
  const histograms = decodeHistograms(decoder, chunk);
  const mapFill = typeof fill === "number" ? fill : undefined;
  const tick = makeTick(tool, { time, intervalS, tier, lost, mapFill }, histograms ? { histograms } : {});
  return { summary: { tick, droppedRows, rowCount: rows + droppedRows }, rows, decoder };
}

function decodeRow(decoder: Decoder, { keys, texts }: Chunk): Row {
  const row: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value = decoder.value(texts);
    if (value !== undefined) row[key] = value;
  }
  return row;
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
    const { rows, decoder } = decodeSummary(encoded, tool);
    for (let i = 0; i < rows; i++) {
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
  const { summary, rows: length, decoder } = decodeSummary(encoded, tool);
  const rows = Array.from({ length }, () => decodeRow(decoder, encoded.chunk));
  if (tool.view === "events") rows.reverse();
  return { ...summary, tick: { ...summary.tick, rows } };
}

/** The history of one tool's ticks within {@linkcode HISTORY_LIMITS}. Copies share the encoded bytes, which never change. */
export class EncodedTicks implements TickHistory {
  readonly #ticks: readonly EncodedTick[];
  readonly #tool: ToolInfo | null;

  private constructor(ticks: readonly EncodedTick[], tool: ToolInfo | null) {
    this.#ticks = ticks;
    this.#tool = tool;
  }

  /** No tick. */
  static readonly empty: EncodedTicks = new EncodedTicks([], null);

  get length(): number {
    return this.#ticks.length;
  }

  /** Memory in use, bytes. */
  get bytes(): number {
    let sum = 0;
    for (const chunk of this.#chunks()) sum += chunk.bytes;
    return sum;
  }

  add(tick: Tick, tool: ToolInfo, maxBytes: number = HISTORY_LIMITS.bytes): EncodedTicks {
    const last = this.#ticks.at(-1)?.chunk;
    const usable = last && !last.full && this.#tool === tool ? last : null;
    if (last && !usable) last.close();
    const chunk = usable ?? new Chunk(tool.columns.map(({ key }) => key));
    const drop = ticksToDrop(this.length, (i) => this.#ticks[i]!.time, tick.time);
    return new EncodedTicks(appended(this.#ticks, encodeTick(tick, tool, chunk), drop), tool).#evicted(
      maxBytes,
    );
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

  rowsWith(values: Row, from: number, to: number): (Row | null)[] {
    const search = new RowSearch(values);
    const tool = this.#tool;
    return tool ? this.#ticks.slice(from, to).map((encoded) => search.find(encoded, tool)) : [];
  }

  summaryAt(index: number): PastTickSummary | null {
    const encoded = this.#ticks[index];
    return encoded && this.#tool ? decodeSummary(encoded, this.#tool).summary : null;
  }

  /** Each chunk once, oldest first; the ticks of a chunk are adjacent. */
  #chunks(): Chunk[] {
    const chunks: Chunk[] = [];
    for (const { chunk } of this.#ticks) if (chunk !== chunks.at(-1)) chunks.push(chunk);
    return chunks;
  }

  /** Evicts the oldest chunks until the rest is within the limit. */
  #evicted(maxBytes: number): EncodedTicks {
    let { bytes } = this;
    if (bytes <= maxBytes) return this;
    let ticks = this.#ticks;
    for (const chunk of this.#chunks()) {
      if (bytes <= maxBytes) break;
      bytes -= chunk.bytes;
      ticks = ticks.filter((tick) => tick.chunk !== chunk);
    }
    return new EncodedTicks(ticks, this.#tool);
  }
}
