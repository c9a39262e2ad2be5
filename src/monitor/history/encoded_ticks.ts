/**
 * Past ticks of a tool, encoded: rows as objects would take ten times the memory.
 *
 * @module
 */
import {
  type KeptCounts,
  type KeptRow,
  NO_PREFERENCE,
  type PastTick,
  type PastTickSummary,
  type Row,
  type RowPreference,
  type Tick,
  type TickHistory,
  type ToolInfo,
} from "../../model/mod.ts";
import { appended, HISTORY_LIMITS, lastNotAfter, ticksToDrop } from "./limits.ts";
import { RowSearch } from "./row_search.ts";
import { Chunk, decodeKept, decodeSummary, decodeTick, type EncodedTick, encodeTick } from "./tick_codec.ts";

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

  keptAt(index: number): KeptCounts {
    const { ranked = 0, preferred = 0, count = 0, rowCount = 0 } = this.#ticks[index] ?? {};
    return { ranked, preferred, count, rowCount };
  }

  firstAt(index: number, most: number): readonly KeptRow[] {
    const encoded = this.#ticks[index];
    return encoded && this.#tool && most > 0 ? decodeKept(encoded, this.#tool, most) : [];
  }

  rowsWith(values: Row, from: number, to: number): (Row | null)[] {
    const search = new RowSearch(values);
    return this.#ticks.slice(from, to).map((encoded) => search.find(encoded));
  }

  summaryAt(index: number): PastTickSummary | null {
    const encoded = this.#ticks[index];
    return encoded && this.#tool ? decodeSummary(encoded, this.#tool) : null;
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
