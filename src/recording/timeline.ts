/**
 * A recording as something to move in: what is read ahead, what is kept behind, and where to read again for the rest.
 *
 * @module
 */
import type { Model, ToolModel } from "../model/mod.ts";
import { HISTORY_LIMITS, lastNotAfter } from "../monitor/history/limits.ts";
import { modelAt } from "../monitor/history/rewind.ts";
import type { RecordedTick } from "./format.ts";
import { Head } from "./head.ts";
import type { Place, PlacedTick, Recording } from "./recording.ts";
import { TickIndex } from "./tick_index.ts";

/** How long a move waits for a tick of a recording that is still being made, milliseconds. */
const PATIENCE_MS = 50;

/** Its moves must not overlap: each is to be awaited before the next. */
export class Timeline {
  readonly #recording: Recording;
  readonly #index = new TickIndex();
  #head: Head;
  /** Ticks in the head. */
  #read = 0;
  /** How many ticks before the head's the shown one is. */
  #back = 0;
  #ticks: AsyncGenerator<PlacedTick>;
  /** The next tick after the head, being read. */
  #ahead: Promise<PlacedTick | null> | null = null;
  /** The model of a moment before the head's; null: the head's. */
  #past: Model | null = null;

  /** Ticks of the recording; null while unknown. */
  total: number | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#head = Head.before(recording.header);
    this.#ticks = recording.ticks();
  }

  /** Ticks up to the shown one. */
  get position(): number {
    return this.#read - this.#back;
  }

  /** The shown model. */
  get model(): Model {
    return this.#past ?? this.#head.model;
  }

  /** Finds all ticks, so that their number is known and going back is quick. Ends early when `closed` says so. */
  async scan(closed: () => boolean): Promise<void> {
    if (!this.#recording.source.seekable) return;
    let count = 0;
    for await (const place of this.#recording.places()) {
      this.#index.add(place);
      count++;
      if (closed()) return;
    }
    this.total = count;
  }

  /** Time of the tick after the shown one; null at the end. */
  async nextTime(): Promise<number | null> {
    if (this.#back > 0) return this.#momentTime(this.#back - 1);
    return (await this.#peek())?.tick.time ?? null;
  }

  /** One tick on. False at the end, and where the next tick is not there yet. */
  async forward(): Promise<boolean> {
    if (this.#back > 0) return await this.#show(this.#back - 1);
    return await this.#arrived() && await this.#advance();
  }

  /** One tick back; at the first there is none. */
  async backward(): Promise<void> {
    if (this.position <= 1) return;
    if (this.#back + 1 < this.#head.model.snapshots.length) await this.#show(this.#back + 1);
    else await this.#seek(this.position - 1);
  }

  /** To the last tick that is not later than so many seconds from here, but by one tick at least. */
  async jump(seconds: number): Promise<void> {
    const target = this.model.time + seconds * 1000;
    if (seconds > 0) {
      if (!await this.forward()) return;
      while (await this.#arrived()) {
        const next = await this.nextTime();
        if (next === null || next > target) return;
        await this.forward();
      }
      return;
    }
    const { snapshots } = this.#head.model;
    const kept = lastNotAfter(snapshots, target);
    if (kept >= 0) await this.#show(Math.max(this.#back + 1, snapshots.length - 1 - kept));
    else if (this.#recording.source.seekable) {
      const place = this.#index.beforeTime(target) ?? this.#recording.start;
      await this.#seek(Math.max(1, Math.min(place.position + 1, this.position - 1)));
    } else await this.first();
  }

  /** To the first tick, or the first that is kept where the recording cannot be read again. */
  async first(): Promise<void> {
    if (this.#recording.source.seekable) await this.#seek(1);
    else await this.#show(Math.max(0, this.#head.model.snapshots.length - 1));
  }

  /** To the last tick that is there. */
  async last(): Promise<void> {
    const { total } = this;
    if (this.#back > 0) await this.#show(0);
    if (total !== null && total > this.#read + HISTORY_LIMITS.fewestTicks) await this.#seek(total);
    while (await this.#arrived() && await this.#advance());
  }

  /** Forgets the past before the shown tick. */
  async clear(): Promise<void> {
    if (this.#back > 0 && this.#recording.source.seekable) await this.#seek(this.position);
    this.#back = 0;
    this.#past = null;
    this.#head = this.#head.cleared();
  }

  /** Nothing is read after this. */
  close(): void {
    this.#ticks.return(undefined).catch(() => {});
  }

  #momentTime(back: number): number {
    const { snapshots, time } = this.#head.model;
    return snapshots[snapshots.length - 1 - back]?.time ?? time;
  }

  #peek(): Promise<PlacedTick | null> {
    this.#ahead ??= this.#ticks.next().then(({ done, value }) => done ? null : value);
    return this.#ahead;
  }

  /** Whether the next tick can be read now, or the end: what a pipe may bring later is not waited for. */
  async #arrived(): Promise<boolean> {
    if (this.#back > 0 || this.#recording.source.seekable) return true;
    let timer: number | undefined;
    const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), PATIENCE_MS));
    try {
      return await Promise.race([this.#peek().then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #advance(): Promise<boolean> {
    const next = await this.#peek();
    if (next === null) {
      this.total = this.#read;
      return false;
    }
    this.#ahead = null;
    this.#head = this.#head.add(next.tick);
    this.#read = next.position + 1;
    return true;
  }

  /** Shows a kept moment, with all rows of its tick: where some were let go they are read again. */
  async #show(back: number): Promise<boolean> {
    this.#back = back;
    this.#past = back === 0 ? null : modelAt(this.#head.model, this.#momentTime(back));
    if (this.#past?.tools.some(({ droppedRows }) => droppedRows > 0)) {
      const tick = await this.#tickAt(this.position);
      if (tick) this.#past = { ...this.#past, tools: this.#past.tools.map((tool) => withRows(tool, tick)) };
    }
    return true;
  }

  /** Reads one tick again. */
  async #tickAt(position: number): Promise<RecordedTick | null> {
    if (!this.#recording.source.seekable) return null;
    const place = this.#index.before(position - 1) ?? this.#recording.start;
    for await (const placed of this.#recording.ticks(place)) {
      if (placed.position === position - 1) return placed.tick;
    }
    return null;
  }

  /** Reads anew up to a position, from so far before it that its past is what a screen keeps. */
  async #seek(position: number): Promise<void> {
    if (!this.#recording.source.seekable) return;
    await this.#restart(this.#index.before(Math.max(0, position - HISTORY_LIMITS.fewestTicks)));
    while (this.#read < position && await this.#advance());
  }

  async #restart(place: Place = this.#recording.start): Promise<void> {
    await this.#ticks.return(undefined);
    this.#ticks = this.#recording.ticks(place);
    this.#ahead = null;
    this.#head = Head.before(this.#recording.header);
    this.#read = place.position;
    this.#back = 0;
    this.#past = null;
  }
}

function withRows(model: ToolModel, { ticks }: RecordedTick): ToolModel {
  const tick = ticks.get(model.tool.name);
  return tick && model.droppedRows > 0 ? { ...model, tick, droppedRows: 0 } : model;
}
