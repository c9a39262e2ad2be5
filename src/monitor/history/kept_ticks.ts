/**
 * The ticks of a tool that are kept, packed into bytes. Rows as objects would take ten times as much.
 *
 * @module
 */
import type { Histogram, PastTick, PastTickHead, Row, Tick, TickHistory, ToolInfo } from "../../model/mod.ts";
import { appended, KEPT, lastNotAfter, ticksToDrop } from "./limits.ts";
import { Packed, PackedReader, PackedWriter } from "./packed.ts";

/** A chunk takes no more ticks, or bytes, than this: it is let go as a whole when room is needed. */
const CHUNK_TICKS = 60;
const CHUNK_BYTES = KEPT.bytes / 16;
/** What an object for a tick and its place in a list take beside the bytes; an estimate on the safe side. */
const TICK_OVERHEAD = 128;

/** Neighbouring ticks that share their texts. */
class Chunk {
  readonly keys: readonly string[];
  readonly texts = new Packed();
  readonly data = new Packed();
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

interface Place {
  readonly time: number;
  readonly chunk: Chunk;
  readonly at: number;
}

const writer = new PackedWriter();

function packHistograms(histograms: readonly Histogram[] | undefined, chunk: Chunk): void {
  const kept = histograms?.slice(0, KEPT.histograms);
  writer.number(kept ? kept.length + 1 : 0);
  if (!kept) return;
  for (const { label, unit, sum, slots } of kept) {
    writer.value(label, chunk.texts);
    writer.value(unit, chunk.texts);
    writer.value(sum, chunk.texts);
    const used = slots.findLastIndex((count) => count > 0) + 1;
    writer.number(slots.length);
    writer.number(used);
    for (let i = 0; i < used; i++) writer.number(slots[i] as number);
  }
}

function unpackHistograms(reader: PackedReader, { texts }: Chunk): Histogram[] | undefined {
  const length = reader.number() - 1;
  if (length < 0) return undefined;
  return Array.from({ length }, () => {
    const label = String(reader.value(texts));
    const unit = String(reader.value(texts));
    const sum = reader.value(texts);
    const slots = new Array<number>(reader.number()).fill(0);
    const used = reader.number();
    for (let i = 0; i < used; i++) slots[i] = reader.number();
    return { label, unit, slots, ...(typeof sum === "number" ? { sum } : {}) };
  });
}

/** The rows that are worth most: of a table the first, of events the newest; none once the tick has its bytes. */
function packRows(tick: Tick, tool: ToolInfo, chunk: Chunk): { kept: number; bytes: Uint8Array } {
  const { rows } = tick;
  const events = tool.view === "events";
  const most = Math.min(rows.length, KEPT.rowsPerTick);
  const textsBefore = chunk.texts.used;
  writer.clear();
  let kept = 0;
  let end = 0;
  for (; kept < most; kept++) {
    const row = rows[events ? rows.length - 1 - kept : kept] as Row;
    for (const key of chunk.keys) writer.value(row[key], chunk.texts);
    if (writer.used + chunk.texts.used - textsBefore > KEPT.bytesPerTick) break;
    end = writer.used;
  }
  return { kept, bytes: writer.bytes().slice(0, end) };
}

function pack(tick: Tick, tool: ToolInfo, chunk: Chunk): Place {
  const { kept, bytes } = packRows(tick, tool, chunk);
  writer.clear();
  writer.float(tick.intervalS);
  writer.value(tick.tier, chunk.texts);
  writer.number(tick.lost.events);
  writer.number(tick.lost.keys);
  writer.value(tick.mapFill, chunk.texts);
  writer.number(tick.rows.length - kept);
  writer.number(kept);
  packHistograms(tick.histograms, chunk);
  const at = chunk.data.append(writer.bytes());
  chunk.data.append(bytes);
  chunk.ticks++;
  return { time: tick.time, chunk, at };
}

/** What a tick was without its rows, and the reader where these begin. */
function unpackHead({ time, chunk, at }: Place, tool: ToolInfo): {
  head: PastTickHead;
  kept: number;
  reader: PackedReader;
} {
  const reader = new PackedReader(chunk.data, at);
  const intervalS = reader.float();
  const tier = String(reader.value(chunk.texts));
  const lost = { events: reader.number(), keys: reader.number() };
  const mapFill = reader.value(chunk.texts);
  const droppedRows = reader.number();
  const kept = reader.number();
  const histograms = unpackHistograms(reader, chunk);
  const tick = {
    tool: tool.name,
    time,
    intervalS,
    tier,
    lost,
    ...(histograms ? { histograms } : {}),
    ...(typeof mapFill === "number" ? { mapFill } : {}),
  };
  return { head: { tick, droppedRows, rowCount: kept + droppedRows }, kept, reader };
}

function unpackRow(reader: PackedReader, { keys, texts }: Chunk): Row {
  const row: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value = reader.value(texts);
    if (value !== undefined) row[key] = value;
  }
  return row;
}

function unpack(place: Place, tool: ToolInfo): PastTick {
  const { head, kept, reader } = unpackHead(place, tool);
  const rows = Array.from({ length: kept }, () => unpackRow(reader, place.chunk));
  if (tool.view === "events") rows.reverse();
  return { ...head, tick: { ...head.tick, rows } };
}

/**
 * Ticks of one tool, oldest first, bounded in number and in bytes ({@linkcode KEPT}). Adding makes a new list; the lists share the
 * packed bytes, which never change.
 */
export class PackedTicks implements TickHistory {
  readonly #places: readonly Place[];
  readonly #tool: ToolInfo | null;

  private constructor(places: readonly Place[], tool: ToolInfo | null) {
    this.#places = places;
    this.#tool = tool;
  }

  /** No tick. */
  static readonly empty: PackedTicks = new PackedTicks([], null);

  get length(): number {
    return this.#places.length;
  }

  /** What all this takes in memory, bytes. */
  get bytes(): number {
    let sum = 0;
    for (const chunk of this.#chunks()) sum += chunk.bytes;
    return sum;
  }

  /** These ticks and one more. */
  add(tick: Tick, tool: ToolInfo): PackedTicks {
    const last = this.#places.at(-1)?.chunk;
    const usable = last && !last.full && this.#tool === tool ? last : null;
    if (last && !usable) last.close();
    const chunk = usable ?? new Chunk(tool.columns.map(({ key }) => key));
    const drop = ticksToDrop(this.length, (i) => this.#places[i]!.time, tick.time);
    return new PackedTicks(appended(this.#places, pack(tick, tool, chunk), drop), tool).#fitting();
  }

  /** Those that are not after a moment. */
  until(time: number): PackedTicks {
    return new PackedTicks(this.#places.slice(0, lastNotAfter(this.#places, time) + 1), this.#tool);
  }

  /** Those that are after a moment. */
  after(time: number): PackedTicks {
    return new PackedTicks(this.#places.slice(lastNotAfter(this.#places, time) + 1), this.#tool);
  }

  /** Wall clock of a tick, milliseconds; null outside. */
  timeAt(index: number): number | null {
    return this.#places[index]?.time ?? null;
  }

  /** A tick; null outside. */
  at(index: number): PastTick | null {
    const place = this.#places[index];
    return place && this.#tool ? unpack(place, this.#tool) : null;
  }

  /** A tick without its rows, which costs a fraction; null outside. */
  headAt(index: number): PastTickHead | null {
    const place = this.#places[index];
    return place && this.#tool ? unpackHead(place, this.#tool).head : null;
  }

  /** Each chunk once, oldest first: the ticks of one stand together. */
  #chunks(): Chunk[] {
    const chunks: Chunk[] = [];
    for (const { chunk } of this.#places) if (chunk !== chunks.at(-1)) chunks.push(chunk);
    return chunks;
  }

  /** Without the oldest chunks, as long as there are too many bytes. */
  #fitting(): PackedTicks {
    let { bytes } = this;
    if (bytes <= KEPT.bytes) return this;
    let places = this.#places;
    for (const chunk of this.#chunks()) {
      if (bytes <= KEPT.bytes) break;
      bytes -= chunk.bytes;
      places = places.filter((place) => place.chunk !== chunk);
    }
    return new PackedTicks(places, this.#tool);
  }
}
