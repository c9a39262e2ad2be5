/**
 * Reads a tool's ring buffer as rows.
 *
 * @module
 */
import { type Attached, monotonicNs } from "../../bpf/mod.ts";
import type { Derived, Row } from "../../model/mod.ts";
import type { Sampler } from "../tool.ts";
import type { Struct, StructClass } from "./struct.ts";

/** Events kept of one interval; the others are dropped and counted as lost. */
const EVENTS_PER_TICK = 200_000;

/** A ring is filling when more than this part of it (1/8) was used between two polls. */
const FILLING = 8;

/** Times of events, from CLOCK_MONOTONIC in nanoseconds. */
export interface Clock {
  /** Wall-clock time, ISO 8601. */
  iso(ns: number): string;
  /** Seconds since the tool started. */
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

/** Makes the row of an event; null drops the event. The event is valid during the call only. */
export type ReadEvent<E extends Struct> = (event: E, clock: Clock) => Row | null;

/** Collects the events of the ring buffer map `events` between samples, up to a bound; dropped events are counted. */
export function eventSampler<E extends Struct>(
  attached: Attached,
  Event: StructClass<E>,
  read: ReadEvent<E>,
): Required<Omit<Sampler<readonly Row[]>, "fill">> {
  const ring = attached.object.map("events").openRing();
  const startNs = Number(monotonicNs());
  let events: Row[] = [];
  let dropped = 0;
  const poll = (): boolean => {
    const filling = ring.backlog > ring.size / FILLING;
    // A clock for each poll: the wall clock may be set while the tool runs.
    const clock = new EventClock(startNs);
    ring.consume((view, at, length) => {
      if (events.length >= EVENTS_PER_TICK) return void dropped++;
      const row = read(new Event(view, at, length), clock);
      if (row !== null) events.push(row);
    });
    return filling;
  };
  return {
    poll,
    sample() {
      poll();
      const taken = events;
      events = [];
      return taken;
    },
    dropped() {
      const count = dropped;
      dropped = 0;
      return count;
    },
  };
}

/** `derive` of a tool whose rows are its events, in order of arrival. */
export function eventRows(events: readonly Row[], previous: readonly Row[] | null): Derived {
  return { rows: previous === null ? [] : events };
}
