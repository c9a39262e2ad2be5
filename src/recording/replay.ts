/**
 * A recording behind the screen, where else the live monitor stands: it plays, holds, steps and jumps.
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
import { realTimers, type Timers } from "../monitor/clock.ts";
import { Choice, type ChosenModel } from "./choice.ts";
import type { Recording } from "./recording.ts";
import { Timeline } from "./timeline.ts";

/** Longest pause between two ticks that is kept at speed 1, milliseconds: the longest interval. */
const MAX_GAP_MS = 3_600_000;
/** When playing falls behind by more than this it does not catch up, milliseconds. */
const MAX_LAG_MS = 250;
/** Most ticks between two models: keys are looked at in between. */
const MAX_BURST = 64;

/** How a replay is run. */
export interface ReplayOptions {
  readonly demo: boolean;
  readonly timers?: Timers;
}

/** Plays a recording. Nothing is read before {@linkcode Replay.start}. */
export class Replay {
  readonly #timeline: Timeline;
  readonly #demo: boolean;
  readonly #timers: Timers;
  readonly #listeners: (() => void)[] = [];
  #choice: Choice;
  #model: ChosenModel;
  #speed = 1;
  #playing = true;
  #ended = false;
  #failure: unknown = null;
  #closed = false;
  /** Monotonic milliseconds when the shown tick was due. */
  #shownAt = 0;
  #timer: number | undefined;
  /** Moves happen one after another. */
  #moves: Promise<void> = Promise.resolve();
  /** Counts moves, so that a look ahead that was overtaken sets no timer. */
  #move = 0;

  constructor(recording: Recording, { demo, timers = realTimers }: ReplayOptions) {
    this.#timeline = new Timeline(recording);
    this.#choice = Choice.all(recording.header.tools);
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

  /** What ended the reading before the recording's end; null where nothing did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Shows the first tick and plays on from there. Resolves when the recording was looked through once. */
  async start(): Promise<void> {
    this.#enqueue(async () => void await this.#timeline.forward());
    try {
      await this.#timeline.scan(() => this.#closed);
      this.#publish();
    } catch {
      // What cannot be read is said where playing meets it.
    }
  }

  /** What a screen may ask of it. */
  readonly capabilities: MonitorCapabilities = new Set<MonitorCommand["kind"]>([
    "clear",
    "setTools",
    "setPivot",
    "togglePlayback",
    "stepPlayback",
    "jumpPlayback",
    "jumpToStart",
    "jumpToEnd",
    "changeSpeed",
  ]);

  /** Carries out what a screen asks for, after what was asked for before. */
  perform(command: MonitorCommand): void {
    switch (command.kind) {
      case "clear":
        return this.#enqueue(() => this.#timeline.clear());
      case "setTools":
        return this.#choose(this.#choice.withTools(command.names));
      case "setPivot":
        return this.#choose(this.#choice.withProcess(command.id, this.#timeline.model));
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
      case "jumpToStart":
        return this.#enqueue(() => this.#timeline.first());
      case "jumpToEnd":
        return this.#enqueue(() => this.#timeline.last());
    }
  }

  #choose(choice: Choice): void {
    this.#choice = choice;
    this.#publish();
  }

  /** Nothing moves after this. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#stopTimer();
    this.#timeline.close();
  }

  /** Does one move after those that were asked for before, shows where it led, and plays on. */
  #enqueue(move: () => Promise<void>): void {
    this.#stopTimer();
    this.#moves = this.#moves.then(async () => {
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

  /** Finds out whether there is a next tick, and waits for its time. */
  async #lookAhead(): Promise<void> {
    const move = ++this.#move;
    try {
      const next = await this.#timeline.nextTime();
      if (move !== this.#move || this.#closed) return;
      if (next === null) this.#end();
      else if (this.#playing) this.#wait(next);
    } catch (error) {
      if (move !== this.#move || this.#closed) return;
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

  /** Shows what is due by now: one tick, or at high speed the last of several. */
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

  #current(): ChosenModel {
    const state: ReplayStatus["state"] = this.#failure !== null
      ? "failed"
      : this.#ended
      ? "end"
      : this.#playing
      ? "playing"
      : "paused";
    const { position, total, model } = this.#timeline;
    return {
      ...this.#choice.of(model),
      replay: { position, total, speed: this.#speed, state, demo: this.#demo },
    };
  }

  #publish(): void {
    if (this.#closed) return;
    this.#model = this.#current();
    for (const listener of this.#listeners) listener();
  }
}
