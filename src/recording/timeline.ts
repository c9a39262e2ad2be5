/**
 * Moves through a recording: forward by reading ticks, back through the history in memory, and further back by reading
 * again from an indexed offset.
 *
 * @module
 */
import type { Model, PeakLine, RowSelection, ToolModel } from "../model/mod.ts";
import { lastNotAfter, modelAt, type ReplayLimits, replayLimitsOf } from "../monitor/mod.ts";
import type { RecordedTick } from "./format.ts";
import { PeakCollector } from "./peak_line.ts";
import type { LocatedTick, Recording, TickOffset, TickSpan } from "./reader.ts";
import { initialModel, limited, nextModel, withoutHistory } from "./replay_model.ts";
import { TickIndex } from "./tick_index.ts";

/** Time a move waits for the next tick of a pipe, milliseconds. */
const PIPE_WAIT_MS = 50;

/** A position in a recording. Moves must not overlap: await each before the next. */
export class Timeline {
  readonly #reader: Recording;
  readonly #limits: ReplayLimits;
  readonly #index = new TickIndex();
  readonly #peaks: PeakCollector;
  /** The model at the newest tick that was read, with the history that `modelAt` rewinds through. */
  #newest: Model;
  /** Number of ticks read. */
  #read = 0;
  /** Number of ticks between the shown one and the newest. */
  #back = 0;
  /** The shown model if `#back` is not 0. */
  #past: Model | null = null;
  #ticks: AsyncGenerator<LocatedTick>;
  #selections: readonly RowSelection[] = [];
  /** The tick after the newest: a read in flight. */
  #ahead: Promise<LocatedTick | null> | null = null;

  /** Ticks of the recording; null while unknown. */
  total: number | null = null;
  /** Time of the last tick; null while unknown. */
  end: number | null = null;

  /** @param maxMemory see `--max-memory`, MiB */
  constructor(reader: Recording, maxMemory: number) {
    this.#reader = reader;
    this.#limits = replayLimitsOf(maxMemory, reader.header.tools.length);
    this.#newest = initialModel(reader.header);
    this.#ticks = reader.ticks();
    this.#peaks = new PeakCollector(reader.header.startedMs);
  }

  /** Ticks up to the shown one. */
  get position(): number {
    return this.#read - this.#back;
  }

  /** The shown model. */
  get model(): Model {
    return this.#past ?? this.#newest;
  }

  /** Indexes all ticks: counts them, and makes backward jumps fast. Stops at {@linkcode close}. */
  async scan(): Promise<void> {
    if (!this.#reader.source.seekable) return;
    let count = 0;
    let end: number | null = null;
    for await (const offset of this.#reader.offsets()) {
      this.#index.add(offset);
      this.#addPeaks(offset);
      end = offset.lastTime;
      count += offset.ticks;
    }
    if (this.#reader.closed) return;
    this.total = count;
    this.end = end;
  }

  /** The peaks of the whole recording, or of what a pipe has delivered; null while unknown. */
  get peaks(): PeakLine | null {
    return this.total === null && this.#reader.source.seekable ? null : this.#peaks.line;
  }

  #addPeaks({ time, lastTime, peaks }: Pick<TickSpan, "time" | "lastTime" | "peaks">): void {
    const { intervalS } = this.#reader.header;
    this.#peaks.add({ firstMs: time - intervalS * 1000, lastMs: lastTime, peaks });
  }

  /** Time of the tick after the shown one; null at the end. */
  async nextTime(): Promise<number | null> {
    if (this.#back > 0) return this.#timeBack(this.#back - 1);
    return (await this.#peek())?.tick.time ?? null;
  }

  /** Moves one tick forward. False at the end, or if a pipe has not delivered the next tick yet. */
  async forward(): Promise<boolean> {
    if (this.#back > 0) return await this.#show(this.#back - 1);
    return await this.#arrived() && await this.#advance();
  }

  /** Moves one tick back, except at the first one. */
  async backward(): Promise<void> {
    if (this.position <= 1) return;
    if (this.#back + 1 < this.#newest.snapshots.length) await this.#show(this.#back + 1);
    else await this.#seek(this.position - 1);
  }

  /** Moves to the last tick not later than `seconds` from the shown one, but by at least one tick. */
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
    const { snapshots } = this.#newest;
    const index = lastNotAfter(snapshots, target);
    if (index >= 0) await this.#show(Math.max(this.#back + 1, snapshots.length - 1 - index));
    else if (this.#reader.source.seekable) {
      const before = this.position - 1;
      await this.#seek(Math.max(1, Math.min(await this.#positionAt(target) + 1, before)));
      await this.#forwardTo(target, before);
    } else await this.first();
  }

  /** The position of the last tick not later than a time, as far as it is known without parsing rows; 0: it is earlier than all. */
  async #positionAt(target: number): Promise<number> {
    const entry = this.#index.beforeTime(target) ?? this.#reader.start;
    let found = entry.position;
    for await (const { position, time } of this.#reader.ticksOfSpan?.(entry) ?? []) {
      if (time > target) break;
      found = position;
    }
    return found;
  }

  /** Reads on to the last tick that is not later than a time, up to a position. */
  async #forwardTo(time: number, most: number): Promise<void> {
    while (this.position < most) {
      const next = await this.nextTime();
      if (next === null || next > time || !await this.#advance()) return;
    }
  }

  /** Moves to the last tick that is not later than a time, milliseconds since the epoch; else to the first. */
  async goTo(time: number): Promise<void> {
    const { snapshots } = this.#newest;
    const index = lastNotAfter(snapshots, time);
    if (index >= 0 && time < this.#newest.time) return void await this.#show(snapshots.length - 1 - index);
    if (this.#back > 0) await this.#show(0);
    const isEarlier = index < 0 && snapshots.length > 0;
    if (isEarlier && !this.#reader.source.seekable) return await this.first();
    const position = this.#reader.source.seekable ? await this.#positionAt(time) : 0;
    if (isEarlier || position > this.#read + this.#reader.contextTicks) await this.#seek(position + 1);
    while (await this.#arrived()) {
      const next = await this.nextTime();
      if (next === null || (next > time && this.position > 0) || !await this.#advance()) return;
    }
  }

  /** Moves to the first tick; if the recording is not seekable, to the oldest tick in memory. */
  async first(): Promise<void> {
    if (this.#reader.source.seekable) await this.#seek(1);
    else await this.#show(Math.max(0, this.#newest.snapshots.length - 1));
  }

  /** Moves to the last tick that has arrived. */
  async last(): Promise<void> {
    const { total } = this;
    if (this.#back > 0) await this.#show(0);
    if (total !== null && total > this.#read + this.#reader.contextTicks) await this.#seek(total);
    while (await this.#arrived() && await this.#advance());
  }

  /** Clears the history before the shown tick. */
  async clear(): Promise<void> {
    if (this.#back > 0 && this.#reader.source.seekable) await this.#seek(this.position);
    this.#back = 0;
    this.#past = null;
    this.#newest = withoutHistory(this.#newest);
  }

  /** Applies the filters of panes to the rows of ticks that are read from now on, before rows are dropped. */
  select(selections: readonly RowSelection[]): void {
    this.#selections = selections;
  }

  /** Stops reading: a move in flight ends at the tick it has reached. */
  close(): void {
    this.#reader.close();
    this.#ticks.return(undefined).catch(() => {});
  }

  #timeBack(back: number): number {
    const { snapshots, time } = this.#newest;
    return snapshots[snapshots.length - 1 - back]?.time ?? time;
  }

  #peek(): Promise<LocatedTick | null> {
    this.#ahead ??= this.#ticks.next().then(({ done, value }) => done ? null : this.#limited(value));
    return this.#ahead;
  }

  #limited(located: LocatedTick): LocatedTick {
    return { ...located, tick: limited(located.tick, this.#reader.header, this.#limits, this.#selections) };
  }

  /** True if the next tick, or the end, can be read without waiting for a pipe. */
  async #arrived(): Promise<boolean> {
    if (this.#back > 0 || this.#reader.source.seekable) return true;
    let timer: number | undefined;
    const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), PIPE_WAIT_MS));
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
    if (!this.#reader.source.seekable) {
      const { time, peaks } = next.tick;
      this.#addPeaks({ time, lastTime: time, peaks });
    }
    this.#newest = nextModel(this.#newest, this.#reader.header, next.tick, {
      limits: this.#limits,
      selections: this.#selections,
    });
    this.#read = next.position + 1;
    return true;
  }

  /** Shows a past snapshot. Rows that the history dropped are read again. */
  async #show(back: number): Promise<boolean> {
    this.#back = back;
    this.#past = back === 0 ? null : modelAt(this.#newest, this.#timeBack(back));
    if (this.#past?.tools.some(({ droppedRows }) => droppedRows > 0)) {
      const tick = await this.#tickAt(this.position);
      if (tick) this.#past = { ...this.#past, tools: this.#past.tools.map((tool) => withRows(tool, tick)) };
    }
    return true;
  }

  /** Reads one tick again. */
  async #tickAt(position: number): Promise<RecordedTick | null> {
    if (!this.#reader.source.seekable) return null;
    const offset = this.#index.before(position - 1) ?? this.#reader.start;
    for await (const located of this.#reader.ticks(offset, position - 1)) {
      if (located.position === position - 1) return this.#limited(located).tick;
    }
    return null;
  }

  /** Reads again up to a position, starting early enough for its graphs. */
  async #seek(position: number): Promise<void> {
    if (!this.#reader.source.seekable) return;
    const first = Math.max(0, position - this.#reader.contextTicks);
    await this.#restart(this.#index.before(first), first);
    while (this.#read < position && await this.#advance());
  }

  /** Starts to read at an offset, and shows what follows from a position on. */
  async #restart(from: TickOffset = this.#reader.start, first = from.position): Promise<void> {
    await this.#ticks.return(undefined);
    this.#ticks = this.#reader.ticks(from, first);
    this.#ahead = null;
    this.#newest = initialModel(this.#reader.header);
    this.#read = first;
    this.#back = 0;
    this.#past = null;
  }
}

function withRows(model: ToolModel, { toolTicks }: RecordedTick): ToolModel {
  const tick = toolTicks.get(model.tool.name);
  return tick && model.droppedRows > 0 ? { ...model, tick, droppedRows: tick.droppedRows ?? 0 } : model;
}
