/**
 * Plays a recording as a monitor: play, pause, step and jump.
 *
 * @module
 */
import {
  type Model,
  type MonitorCapabilities,
  type MonitorCommand,
  nextSpeed,
  type ReplayStatus,
} from "../model/mod.ts";
import { MAX_MEMORY, realTimers, type Timers } from "../monitor/mod.ts";
import type { Recording } from "./reader.ts";
import { ReplayFilter } from "./replay_filter.ts";
import { Timeline } from "./timeline.ts";

/** Maximum wait between two ticks at speed 1, milliseconds: the longest interval. */
const MAX_GAP_MS = 3_600_000;
/** Maximum delay to catch up on, milliseconds; replay skips the rest. */
const MAX_LAG_MS = 250;
/** Maximum ticks between two published models, so that keys are handled in between. */
const MAX_BURST = 64;

/** How a replay is run. */
export interface ReplayOptions {
  readonly demo: boolean;
  /** The time to start at, milliseconds since the epoch, paused; absent: plays from the start. */
  readonly at?: number;
  readonly timers?: Timers;
  /** MiB for past ticks and for the rows of the shown tick and the next one. */
  readonly maxMemory?: number;
}

/** Plays a recording. Reads no tick before {@linkcode Replay.start}. */
export class Replay {
  readonly #timeline: Timeline;
  readonly #demo: boolean;
  readonly #startMs: number;
  readonly #at: number | undefined;
  readonly #timers: Timers;
  readonly #listeners: (() => void)[] = [];
  #filter: ReplayFilter;
  #model: Model;
  #speed = 1;
  #playing = true;
  #ended = false;
  #failure: unknown = null;
  #closed = false;
  /** Monotonic milliseconds when the shown tick was due. */
  #shownAt = 0;
  #timer: number | undefined;
  /** Queue: moves must not overlap. */
  #moves: Promise<void> = Promise.resolve();
  /** Incremented by each look-ahead: a stale one must not set the timer. */
  #generation = 0;

  constructor(
    reader: Recording,
    { demo, at, timers = realTimers, maxMemory = MAX_MEMORY.default }: ReplayOptions,
  ) {
    this.#timeline = new Timeline(reader, maxMemory);
    this.#startMs = reader.header.startedMs;
    this.#at = at;
    this.#filter = ReplayFilter.all(reader.header.tools);
    this.#demo = demo;
    this.#timers = timers;
    this.#model = this.#current();
  }

  /** The shown model. */
  model(): Model {
    return this.#model;
  }

  /** Calls back after every change of the model. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The error that ended reading early; null: none. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Shows the first tick and plays, or the one at the time to start at. Resolves once the whole recording has been indexed. */
  async start(): Promise<void> {
    const at = this.#at;
    const first = at === undefined
      ? this.#enqueue(async () => {
        await this.#timeline.forward();
      })
      : null;
    try {
      await this.#timeline.scan();
      this.#publish();
    } catch {
      // Playing reports the error when it reaches the damaged part.
    }
    if (at === undefined) await first;
    else await this.#enqueue(() => this.#goTo(at)); // by the index
  }

  /** The commands it performs. */
  readonly capabilities: MonitorCapabilities = new Set<MonitorCommand["kind"]>([
    "clear",
    "setTools",
    "setPivot",
    "selectRows",
    "togglePlayback",
    "stepPlayback",
    "jumpPlayback",
    "goToTime",
    "jumpToStart",
    "jumpToEnd",
    "changeSpeed",
  ]);

  /** Performs a command after those that are queued. Resolves when it is done. */
  perform(command: MonitorCommand): Promise<void> {
    switch (command.kind) {
      case "clear":
        return this.#enqueue(() => this.#timeline.clear());
      case "selectRows":
        this.#timeline.select(command.selections);
        return Promise.resolve();
      case "setTools":
        return this.#setFilter(this.#filter.withTools(command.names));
      case "setPivot":
        return this.#setFilter(this.#filter.withProcess(command.id, this.#timeline.model));
      case "togglePlayback":
        return this.#enqueue(async () => {
          if (this.#ended) await this.#timeline.first();
          this.#playing = this.#ended || !this.#playing;
        });
      case "changeSpeed":
        return this.#enqueue(() => {
          this.#speed = nextSpeed(this.#speed, command.direction);
          return Promise.resolve();
        });
      case "stepPlayback":
        return this.#enqueue(async () => {
          this.#playing = false;
          await (command.ticks > 0 ? this.#timeline.forward() : this.#timeline.backward());
        });
      case "jumpPlayback":
        return this.#enqueue(() => this.#timeline.jump(command.seconds));
      case "goToTime":
        return this.#enqueue(() => this.#goTo(command.time));
      case "jumpToStart":
        return this.#enqueue(() => this.#timeline.first());
      case "jumpToEnd":
        return this.#enqueue(() => this.#timeline.last());
      default:
        return Promise.resolve();
    }
  }

  #goTo(time: number): Promise<void> {
    this.#playing = false;
    return this.#timeline.goTo(time);
  }

  #setFilter(filter: ReplayFilter): Promise<void> {
    this.#filter = filter;
    this.#publish();
    return Promise.resolve();
  }

  /** Stops playing and reading. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#stopTimer();
    this.#timeline.close();
  }

  /** Queues a move; once done, publishes the model and continues playing. */
  #enqueue(move: () => Promise<void>): Promise<void> {
    this.#stopTimer();
    return this.#moves = this.#moves.then(async () => {
      if (this.#closed) return;
      try {
        await move();
        this.#shownAt = this.#timers.now();
        this.#ended = false;
      } catch (error) {
        this.#fail(error);
      }
      this.#publish();
      this.#lookAhead();
    });
  }

  /** Sets the timer for the next tick, or ends. */
  async #lookAhead(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const next = await this.#timeline.nextTime();
      if (generation !== this.#generation || this.#closed) return;
      if (next === null) this.#end();
      else if (this.#playing) this.#wait(next);
    } catch (error) {
      if (generation !== this.#generation || this.#closed) return;
      this.#fail(error);
      this.#publish();
    }
  }

  #end(): void {
    this.#ended = true;
    this.#playing = false;
    this.#timeline.total ??= this.#timeline.position;
    this.#publish();
  }

  /** Monotonic milliseconds when a tick of this time is due. */
  #due(time: number): number {
    const gap = Math.min(Math.max(0, time - this.#timeline.model.time), MAX_GAP_MS);
    return Math.max(this.#shownAt + gap / this.#speed, this.#timers.now() - MAX_LAG_MS);
  }

  #wait(next: number): void {
    this.#stopTimer();
    const delay = Math.max(0, this.#due(next) - this.#timers.now());
    this.#timer = this.#timers.set(() => this.#play(), delay);
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }

  /** Shows the tick that is due; at high speed the last of several. */
  #play(): void {
    this.#timer = undefined;
    this.#moves = this.#moves.then(async () => {
      if (this.#closed || !this.#playing) return;
      try {
        for (let i = 0; i < MAX_BURST; i++) {
          const next = await this.#timeline.nextTime();
          if (next === null || this.#due(next) > this.#timers.now()) break;
          this.#shownAt = this.#due(next);
          await this.#timeline.forward();
        }
      } catch (error) {
        this.#fail(error);
      }
      this.#publish();
      this.#lookAhead();
    });
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#playing = false;
  }

  #current(): Model {
    const state: ReplayStatus["state"] = this.#failure !== null
      ? "failed"
      : this.#ended
      ? "end"
      : this.#playing
      ? "playing"
      : "paused";
    const { position, total, end, model, peaks } = this.#timeline;
    return {
      ...this.#filter.apply(model),
      replay: {
        position,
        total,
        range: { from: this.#startMs, to: end },
        peaks,
        speed: this.#speed,
        state,
        demo: this.#demo,
      },
    };
  }

  #publish(): void {
    if (this.#closed) return;
    this.#model = this.#current();
    for (const listener of this.#listeners) listener();
  }
}
