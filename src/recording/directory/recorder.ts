/**
 * The always-on recorder: hourly segments in a directory, the oldest removed first.
 *
 * @module
 */
import { KtopError } from "../../errors.ts";
import { type Piece, writeFailure } from "../../output/mod.ts";
import { humanBytes } from "../../text/mod.ts";
import { headerDigest } from "./header_digest.ts";
import { MAX_SEGMENT, parseSegmentName, type SegmentName, segmentName } from "./names.ts";
import { completeIndex, indexHead, indexLine, readIndex } from "./segment_index.ts";
import { SegmentWriter, type TickSummary } from "./segment_writer.ts";
import { GrowingFile, onDisk, Space } from "./space.ts";
import type { SegmentStore } from "./store.ts";

const HOUR_MS = 3_600_000;
/** A segment of this part of the size limit ends early, so that removing one does not remove much of the past. */
const LARGEST_PART = 1 / 8;

/** What a directory keeps. */
export interface RecorderLimits {
  /** Segments whose last tick is older are removed, milliseconds. */
  readonly keepMs: number;
  /** Bytes on the disk that the segments and their indexes take at most. */
  readonly maxBytes: number;
}

/** A segment that is complete. */
interface Finished {
  readonly name: SegmentName;
  /** Bytes on the disk, with the index. */
  disk: number;
  lastMs: number;
}

const encoder = new TextEncoder();

/** Records into a directory. Only one may exist for a directory: the caller locks it. */
export class DirectoryRecorder {
  readonly #store: SegmentStore;
  readonly #limits: RecorderLimits;
  readonly #space: Space;
  /** Oldest first. */
  readonly #finished: Finished[] = [];
  #current: SegmentWriter | null = null;
  #number = 0;

  private constructor(store: SegmentStore, limits: RecorderLimits) {
    this.#store = store;
    this.#limits = limits;
    this.#space = new Space(limits.maxBytes, () => this.#removeOldest());
  }

  /**
   * Opens a directory: removes indexes without a segment, completes the index of a segment that was cut, and removes what is
   * above the limits.
   *
   * @param now milliseconds since the epoch
   * @throws KtopError
   */
  static async open(store: SegmentStore, limits: RecorderLimits, now: number): Promise<DirectoryRecorder> {
    const recorder = new DirectoryRecorder(store, limits);
    await recorder.#guard(async () => {
      await recorder.#load();
      await recorder.#expire(now);
      await recorder.#space.shrink();
    });
    return recorder;
  }

  /** Bytes that the segments and indexes take on the disk. */
  get bytes(): number {
    return this.#space.used;
  }

  /**
   * Writes a tick, into a new segment at the start and when the hour has changed.
   *
   * @param summary time and peaks of the tick
   * @param header makes the first line of a segment
   * @param pieces makes the lines of the tick; its argument is the number of ticks of the segment, this one included
   * @throws KtopError; the ticks before remain readable
   */
  async write(
    summary: TickSummary,
    header: () => string,
    pieces: (number: number) => Iterable<Piece>,
  ): Promise<void> {
    const { timeMs } = summary;
    await this.#guard(async () => {
      await this.#expire(timeMs);
      if (this.#current !== null && this.#isOver(this.#current, timeMs)) await this.#finish();
      this.#current ??= await this.#start(timeMs, header());
      const writer = this.#current;
      await writer.write(pieces(writer.ticks + 1), summary);
    });
  }

  /** Completes the current segment. May be called twice. */
  async close(): Promise<void> {
    await this.#guard(() => this.#finish());
  }

  async #load(): Promise<void> {
    const sizes = new Map(this.#store.list().map(({ name, bytes }) => [name, bytes]));
    const segments = new Map<string, SegmentName>();
    for (const file of sizes.keys()) {
      const name = parseSegmentName(file);
      if (name === null) continue;
      if (sizes.has(name.data)) segments.set(name.data, name);
      else await this.#store.remove(file);
    }
    const sorted = [...segments.values()].sort((a, b) => a.number - b.number);
    for (const name of sorted) {
      const disk = onDisk(sizes.get(name.data)!) + onDisk(sizes.get(name.index) ?? 0);
      this.#space.used += disk;
      this.#finished.push({ name, disk, lastMs: name.startMs });
    }
    this.#number = sorted.at(-1)?.number ?? 0;
    for (const segment of this.#finished) {
      const { data, index } = segment.name;
      await this.#repair(segment, sizes.get(data)!, sizes.get(index) ?? 0);
    }
  }

  /** Completes the index of a segment. Without room for it the segment has none: readers can do without. */
  async #repair(segment: Finished, bytes: number, indexBytes: number): Promise<void> {
    const { name } = segment;
    const index = readIndex(this.#store, name);
    const complete = await completeIndex(this.#store, name, { bytes, index });
    segment.lastMs = complete.blocks.at(-1)?.lastMs ?? name.startMs;
    const text = [indexHead(complete.digest), ...complete.blocks.map(indexLine)].join("");
    if (complete === index && text.length === indexBytes) return;
    await this.#store.remove(name.index);
    segment.disk = onDisk(bytes);
    this.#space.used -= onDisk(indexBytes);
    const needed = onDisk(text.length);
    if (this.#space.used + needed > this.#limits.maxBytes) return;
    const file = new GrowingFile(await this.#store.create(name.index), this.#space);
    try {
      await file.append(encoder.encode(text));
    } catch {
      await file.cut(0);
    } finally {
      file.close();
    }
    segment.disk += onDisk(file.bytes);
  }

  #isOver(writer: SegmentWriter, timeMs: number): boolean {
    const { data, index } = writer.bytes;
    return Math.floor(timeMs / HOUR_MS) !== Math.floor(writer.name.startMs / HOUR_MS) ||
      data + index >= this.#limits.maxBytes * LARGEST_PART;
  }

  async #start(timeMs: number, header: string): Promise<SegmentWriter> {
    if (this.#number >= MAX_SEGMENT) {
      throw new KtopError(`${this.#store.name} has used every number for a segment.`, {
        remedy: "Record into another directory.",
      });
    }
    const name = segmentName(++this.#number, timeMs);
    return await SegmentWriter.create(this.#store, name, {
      header,
      digest: await headerDigest(header),
      space: this.#space,
    });
  }

  async #finish(): Promise<void> {
    const writer = this.#current;
    if (writer === null) return;
    this.#current = null;
    try {
      await writer.close();
    } finally {
      const { name, bytes: { data, index }, lastMs } = writer;
      this.#finished.push({ name, disk: onDisk(data) + onDisk(index), lastMs });
      if (writer.ticks === 0) await this.#remove(this.#finished.pop()!);
    }
  }

  async #expire(now: number): Promise<void> {
    while (this.#finished[0] && this.#finished[0].lastMs < now - this.#limits.keepMs) {
      await this.#removeOldest();
    }
  }

  async #removeOldest(): Promise<void> {
    const oldest = this.#finished[0];
    if (oldest === undefined) {
      throw new KtopError(
        `A tick does not fit into --max-size ${humanBytes(this.#limits.maxBytes)}.`,
        { remedy: "Allow more with --max-size." },
      );
    }
    await this.#remove(oldest);
    this.#finished.shift();
  }

  async #remove({ name, disk }: Finished): Promise<void> {
    await this.#store.remove(name.data);
    await this.#store.remove(name.index);
    this.#space.used -= disk;
  }

  /** Turns what a failed call of the file system throws into a KtopError. */
  async #guard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof KtopError) throw error;
      throw new KtopError(
        `Cannot record into ${this.#store.name}: ${
          writeFailure(error)
        }. The ticks recorded before can be replayed.`,
        { cause: error },
      );
    }
  }
}
