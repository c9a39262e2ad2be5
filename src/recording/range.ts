/**
 * A part of a recording, from a time to a time.
 *
 * @module
 */
import type { LocatedTick, Recording, TickOffset, TickSpan } from "./reader.ts";

/** Times of the first and the last tick at most, milliseconds since the epoch; absent: no bound. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

/** Where a range starts and ends, by spans. */
interface RangeSpans {
  /** The first span that ends at `from` or later; null: none. */
  readonly first: TickSpan | null;
  /** The span in which the range ends, and whether that is before its first tick; null: the range has no end. */
  readonly last: TickSpan | null;
  readonly isBefore: boolean;
}

async function rangeSpans(
  recording: Recording,
  { from = -Infinity, to = Infinity }: TimeRange,
): Promise<RangeSpans> {
  let first: TickSpan | null = null;
  for await (const span of recording.offsets()) {
    if (first === null && span.lastTime < from) continue;
    first ??= span;
    if (span.time > to && span !== first) return { first, last: span, isBefore: true };
    if (span.lastTime > to) return { first, last: span, isBefore: false };
  }
  return { first, last: null, isBefore: false };
}

/** The first tick from a span on that is at a time or later; null: none. */
async function firstTick(
  recording: Recording,
  span: TickSpan,
  isReached: (time: number) => boolean,
): Promise<LocatedTick | null> {
  for await (const located of recording.ticks(span)) if (isReached(located.tick.time)) return located;
  return null;
}

/**
 * The ticks from the first one that is not before `from` to the last one before a later one than `to`. Reads at most two
 * spans. The source must be seekable.
 */
export async function recordingRange(recording: Recording, range: TimeRange): Promise<Recording> {
  const { from = -Infinity, to = Infinity } = range;
  const { first, last, isBefore } = await rangeSpans(recording, range);
  const start = first === null ? null : await firstTick(recording, first, (time) => time >= from);
  const after = last === null || isBefore
    ? last
    : await firstTick(recording, last, (time) => time > to && time >= from);
  const end = start === null ? -1 : after?.position ?? Infinity;
  return new RecordingRange(recording, range, { start: start ?? recording.start, end });
}

/** Positions in the range start at 0; offsets are those of the recording. */
class RecordingRange implements Recording {
  readonly header: Recording["header"];
  readonly source: Recording["source"];
  readonly contextTicks: number;
  readonly #all: Recording;
  /** The first tick. */
  readonly #start: TickOffset;
  /** Position of the tick after the last. */
  readonly #end: number;

  constructor(
    recording: Recording,
    { from = -Infinity }: TimeRange,
    { start, end }: { readonly start: TickOffset; readonly end: number },
  ) {
    const { header } = recording;
    this.#all = recording;
    this.header = { ...header, startedMs: Math.max(header.startedMs, from) };
    this.source = recording.source;
    this.contextTicks = recording.contextTicks;
    this.#start = { position: start.position, offset: start.offset };
    this.#end = end;
  }

  get warnings(): readonly string[] {
    return this.#all.warnings;
  }

  get closed(): boolean {
    return this.#all.closed;
  }

  get start(): TickOffset {
    return { position: 0, offset: this.#start.offset };
  }

  async *ticks(from: TickOffset = this.start, first = from.position): AsyncGenerator<LocatedTick> {
    const before = this.#start.position;
    if (before + from.position >= this.#end) return;
    const start = from.position === 0 ? this.#start : { ...from, position: before + from.position };
    for await (const located of this.#all.ticks(start, before + first)) {
      if (located.position >= this.#end) return;
      yield { ...located, position: located.position - before };
      if (located.position + 1 >= this.#end) return;
    }
  }

  async *offsets(): AsyncGenerator<TickSpan> {
    const before = this.#start.position;
    for await (const span of this.#all.offsets()) {
      const position = Math.max(span.position, before);
      const end = Math.min(span.position + span.ticks, this.#end);
      if (position >= this.#end) return;
      if (position >= end) continue;
      const offset = position === before ? this.#start.offset : span.offset;
      yield { ...span, position: position - before, offset, ticks: end - position };
    }
  }

  /** One span for each tick, if spans of the recording have several. */
  async *ticksOfSpan({ position, offset }: TickOffset): AsyncGenerator<TickSpan> {
    const before = this.#start.position;
    const start = { position: position + before, offset };
    for await (const span of this.#all.ticksOfSpan?.(start) ?? []) {
      if (span.position >= this.#end) return;
      if (span.position >= before) yield { ...span, position: span.position - before };
    }
  }

  close(): void {
    this.#all.close();
  }
}
