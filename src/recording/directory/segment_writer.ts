/**
 * Writes one segment: a gzip member with the header, then one for each block of ticks; and its index.
 *
 * @module
 */
import { joinPeaks, type Model, type Peaks, peaksOf } from "../../model/mod.ts";
import { type Piece, pieceBytes } from "../../output/mod.ts";
import { type Encoding, gzip } from "../sink.ts";
import type { SegmentName } from "./names.ts";
import { type Block, indexHead, indexLine } from "./segment_index.ts";
import { GrowingFile, type Space } from "./space.ts";
import type { SegmentStore } from "./store.ts";

/** Ticks of a block, at most. A seek reads half of one. */
const BLOCK_TICKS = 60;
/** A block ends after the tick with which it has this many bytes, uncompressed. */
const BLOCK_BYTES = 1024 * 1024;

const encoder = new TextEncoder();

/** What a segment is created with. */
export interface SegmentStart {
  /** The first line. */
  readonly header: string;
  /** See {@linkcode SegmentIndex.digest}. */
  readonly digest: string;
  readonly space: Space;
}

/** What the index needs to know of a tick. */
export interface TickSummary {
  /** Wall clock, milliseconds since the epoch. */
  readonly timeMs: number;
  readonly peaks: Peaks;
}

/** What the index needs to know of the tick of a model. */
export const tickSummary = (model: Model): TickSummary => ({ timeMs: model.time, peaks: peaksOf(model) });

/** An open block. */
interface OpenBlock {
  readonly encoding: Encoding;
  readonly start: number;
  readonly firstMs: number;
  lastMs: number;
  ticks: number;
  peaks: Peaks;
  /** Uncompressed. */
  bytes: number;
}

/** A segment that is being written. After a failure it is closed, up to the last complete tick. */
export class SegmentWriter {
  readonly name: SegmentName;
  readonly #data: GrowingFile;
  readonly #index: GrowingFile;
  #block: OpenBlock | null = null;
  #ticks = 0;
  #lastMs: number;

  private constructor(name: SegmentName, data: GrowingFile, index: GrowingFile) {
    this.name = name;
    this.#data = data;
    this.#index = index;
    this.#lastMs = name.startMs;
  }

  /** Creates the files of a segment. If that fails, it leaves none. */
  static async create(
    store: SegmentStore,
    name: SegmentName,
    { header, digest, space }: SegmentStart,
  ): Promise<SegmentWriter> {
    const created: string[] = [];
    const open: GrowingFile[] = [];
    const create = async (file: string): Promise<GrowingFile> => {
      const growing = new GrowingFile(await store.create(file), space);
      created.push(file);
      open.push(growing);
      return growing;
    };
    try {
      const data = await create(name.data);
      const index = await create(name.index);
      const encoding = await gzip();
      await data.append(await encoding.encode(encoder.encode(header)));
      await data.append(await encoding.end());
      await index.append(encoder.encode(indexHead(digest)));
      return new SegmentWriter(name, data, index);
    } catch (error) {
      for (const file of open) {
        await file.cut(0);
        file.close();
      }
      for (const file of created) await store.remove(file).catch(() => {});
      throw error;
    }
  }

  /** Sizes of the files, bytes. */
  get bytes(): { readonly data: number; readonly index: number } {
    return { data: this.#data.bytes, index: this.#index.bytes };
  }

  /** Complete ticks. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Time of the last tick, milliseconds since the epoch. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** Writes a tick, which survives a crash of ktop once it resolves. */
  async write(pieces: Iterable<Piece>, { timeMs, peaks }: TickSummary): Promise<void> {
    const complete = this.#data.bytes;
    try {
      this.#block ??= {
        encoding: await gzip(),
        start: complete,
        firstMs: timeMs,
        lastMs: timeMs,
        ticks: 0,
        peaks: {},
        bytes: 0,
      };
      const block = this.#block;
      for (const piece of pieces) {
        const bytes = pieceBytes(piece);
        block.bytes += bytes.length;
        await this.#data.append(await block.encoding.encode(bytes));
      }
      await this.#data.append(await block.encoding.flush());
      block.ticks++;
      block.peaks = joinPeaks(block.peaks, peaks);
      block.lastMs = timeMs;
    } catch (error) {
      await this.#data.cut(complete);
      this.#closeFiles();
      throw error;
    }
    this.#ticks++;
    this.#lastMs = timeMs;
    if (this.#block.ticks >= BLOCK_TICKS || this.#block.bytes >= BLOCK_BYTES) await this.#endBlock();
  }

  /** Completes the files. May be called twice. */
  async close(): Promise<void> {
    await this.#endBlock();
    this.#closeFiles();
  }

  async #endBlock(): Promise<void> {
    if (this.#block === null) return;
    const { encoding, start, ticks, firstMs, lastMs, peaks } = this.#block;
    this.#block = null;
    const complete = this.#data.bytes;
    const indexed = this.#index.bytes;
    try {
      await this.#data.append(await encoding.end());
      await this.#data.sync();
      const block: Block = { start, end: this.#data.bytes, ticks, firstMs, lastMs, peaks };
      await this.#index.append(encoder.encode(indexLine(block)));
    } catch (error) {
      await this.#data.cut(complete);
      await this.#index.cut(indexed);
      this.#closeFiles();
      throw error;
    }
  }

  #closeFiles(): void {
    this.#block = null;
    this.#data.close();
    this.#index.close();
  }
}
