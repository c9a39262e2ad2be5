/**
 * Reads a tool's ring buffer as rows.
 *
 * @module
 */
import { type Attached, monotonicNs } from "../../bpf/mod.ts";
import { type Derived, keptRows, type Row, type RowOrder } from "../../model/mod.ts";
import type { Sampler } from "../tool.ts";
import { type EventQueue, type QueueLimits, RecordQueue, RowQueue } from "./event_queue.ts";
import { drainRing } from "./ring.ts";
import type { Struct, StructClass } from "./struct.ts";
import { WatchedQueue } from "./watched_queue.ts";
import { filtersCgroups, passesCgroupFilter } from "./who.ts";

/** Limits until {@linkcode Sampler.limit} is called. */
const DEFAULT_LIMITS: QueueLimits = { bytes: 16 * 1024 * 1024 };

/** A ring is filling when more than this part of it was used between two polls. */
const FILLING = 1 / 8;
/** Above this part it may be full before the next poll. */
const NEARLY_FULL = 1 / 2;

/** How long a sample may decode events that are watched, milliseconds: keys wait in the meantime. */
const WATCHED_MS = 10;

/** Times of events, from CLOCK_MONOTONIC in nanoseconds. */
export interface Clock {
  /** Wall-clock time, ISO 8601. */
  iso(ns: number): string;
  /** Seconds since the tool started, for the first time in a session. */
  seconds(ns: number): number;
}

class EventClock implements Clock {
  /** Wall clock at CLOCK_MONOTONIC 0, milliseconds since the epoch. */
  readonly #zeroMs = Date.now() - Number(monotonicNs()) / 1e6;
  readonly #startNs: number;
  /** The last result: a flood has hundreds of events in a millisecond. */
  #lastMs = NaN;
  #lastIso = "";

  /** @param startNs CLOCK_MONOTONIC when the tool started */
  constructor(startNs: number) {
    this.#startNs = startNs;
  }

  iso(ns: number): string {
    const ms = Math.floor(this.#zeroMs + ns / 1e6);
    if (ms !== this.#lastMs) {
      this.#lastMs = ms;
      this.#lastIso = new Date(ms).toISOString();
    }
    return this.#lastIso;
  }

  seconds(ns: number): number {
    return (ns - this.#startNs) / 1e9;
  }
}

/** Makes the row of an event; null discards the event. The event is valid during the call only. */
export type ReadEvent<E extends Struct> = (event: E, clock: Clock) => Row | null;

/** The row of an event, unless a filter by container, unit or pod drops it. */
const wanted = (row: Row | null): Row | null => row !== null && passesCgroupFilter(row) ? row : null;

/** How {@linkcode eventSampler} collects. */
export interface EventOptions {
  /** `read` can return null, and is called for each event in the order of arrival. */
  readonly selective?: boolean;
  /** The rows of what has not ended at this time, CLOCK_MONOTONIC; see {@linkcode Sampler.finish}. */
  readonly unfinished?: (nowNs: number, clock: Clock) => readonly Row[];
}

/** Collects the events of the ring buffer map `events` between samples, within limits; dropped events are counted. */
export function eventSampler<E extends Struct>(
  attached: Attached,
  Event: StructClass<E>,
  read: ReadEvent<E>,
  { selective = false, unfinished }: EventOptions = {},
): Required<Omit<Sampler<readonly Row[]>, "fill">> {
  const ring = attached.object.map("events").openRing();
  let startNs = Number(monotonicNs());
  let clock = new EventClock(startNs);
  const makeRow = (view: DataView<ArrayBuffer>, at: number, length: number): Row | null =>
    wanted(read(new Event(view, at, length), clock));
  const makeQueue = (limits: QueueLimits): EventQueue =>
    selective || filtersCgroups() ? new RowQueue(limits, makeRow) : new RecordQueue(limits, makeRow);
  let queue = makeQueue(DEFAULT_LIMITS);
  /** Rows of the interval that were taken from a queue before it was replaced, and how many events that queue dropped. */
  let taken: readonly Row[] = [];
  let dropped = 0;
  let isWatched = false;
  let orders: readonly RowOrder[] = [];
  const add = (view: DataView<ArrayBuffer>, at: number, length: number): void => queue.add(view, at, length);
  const drain = (deadline: number): boolean => {
    if (ring.backlog === 0) return true;
    // A clock for each time: the wall clock may be set while the tool runs.
    clock = new EventClock(startNs);
    return drainRing(ring, add, deadline);
  };
  /** As many of these rows as the limits of the queue allow. */
  const limited = (rows: readonly Row[]): readonly Row[] => {
    const { bytes: maxBytes, newest: most = Infinity } = queue.limits;
    const kept = keptRows(rows, { most, maxBytes, test: null, orders });
    dropped += rows.length - kept.length;
    return kept;
  };
  let streamed = false;
  return {
    poll(deadline) {
      if (ring.backlog === 0) return "empty";
      const fill = ring.backlog / ring.size;
      if (!drain(deadline) || fill > NEARLY_FULL) return "more";
      return fill > FILLING ? "filling" : "quiet";
    },
    stream() {
      drain(Infinity);
      streamed = true;
      if (taken.length === 0) return queue.stream();
      const before = taken;
      taken = [];
      return [...before, ...queue.take()];
    },
    sample() {
      if (streamed) {
        streamed = false;
        return [];
      }
      drain(isWatched ? performance.now() + WATCHED_MS : Infinity);
      const before = taken;
      taken = [];
      // Decoding takes long in a flood: drain the ring in between.
      const rows = queue.take(() => drain(Infinity));
      return before.length === 0 ? rows : limited([...before, ...rows]);
    },
    previous: () => [],
    finish() {
      drain(Infinity);
      const rows = unfinished?.(Number(monotonicNs()), new EventClock(startNs)) ?? [];
      if (rows.length > 0) taken = [...taken, ...queue.take(), ...rows];
    },
    countFrom(earlierNs) {
      startNs = earlierNs ?? startNs;
      clock = new EventClock(startNs);
      return startNs;
    },
    limit(limits) {
      queue.limits = limits;
    },
    watch(onArrival, first = []) {
      const { limits } = queue;
      const rows = limited([...taken, ...queue.take()]);
      dropped += queue.takeDropped();
      const isComplete = dropped === 0;
      isWatched = onArrival !== null;
      orders = onArrival ? first : [];
      taken = [];
      if (onArrival) {
        const watched = new WatchedQueue(limits, makeRow, onArrival, orders);
        for (const row of rows) watched.addRow(row);
        queue = watched;
      } else {
        taken = rows;
        queue = makeQueue(limits);
      }
      return isComplete;
    },
    dropped() {
      const sum = dropped + queue.takeDropped();
      dropped = 0;
      return sum;
    },
  };
}

/** `derive` of a tool whose rows are its events, in order of arrival. */
export function eventRows(events: readonly Row[], previous: readonly Row[] | null): Derived {
  return { rows: previous === null ? [] : events };
}
