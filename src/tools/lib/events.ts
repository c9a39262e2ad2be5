/**
 * Reading a tool's ring buffer as rows: what every event tool shares.
 *
 * @module
 */
import { type Attached, monotonicNs } from "../../bpf/mod.ts";
import type { Derived, Row } from "../../model/mod.ts";
import type { Sampler } from "../tool.ts";
import { readCount } from "./records.ts";

/** Events kept of one interval; more of them are counted as lost. */
const EVENTS_PER_TICK = 200_000;

/** A ring is filling when more than this part of it (1/8) was used between two polls. */
const FILLING = 8;

/** Turns CLOCK_MONOTONIC into wall time, and into the time since the tool began. */
export class EventClock {
  /** Wall clock at CLOCK_MONOTONIC 0, milliseconds since the epoch. */
  readonly #zeroMs = Date.now() - Number(monotonicNs()) / 1e6;
  readonly #beginNs: number;
  /** The last time made: a flood has hundreds of events in a millisecond. */
  #lastMs = NaN;
  #lastIso = "";

  /** @param beginNs CLOCK_MONOTONIC when the tool began */
  constructor(beginNs: number) {
    this.#beginNs = beginNs;
  }

  /** A nanosecond u64 at `at` as ISO 8601. */
  iso(view: DataView, at: number): string {
    const ms = Math.floor(this.#zeroMs + readCount(view, at) / 1e6);
    if (ms !== this.#lastMs) {
      this.#lastMs = ms;
      this.#lastIso = new Date(ms).toISOString();
    }
    return this.#lastIso;
  }

  /** A nanosecond u64 at `at` as seconds since the tool began. */
  seconds(view: DataView, at: number): number {
    return (readCount(view, at) - this.#beginNs) / 1e9;
  }
}

/** Makes a row of the record of `length` bytes at `at`. Null: the event is not wanted. */
export type ReadEvent = (
  record: { view: DataView; at: number; length: number; clock: Pick<EventClock, "iso" | "seconds"> },
) => Row | null;

/**
 * Collects the events of a ring buffer map between samples, bounded, with what had to be let go counted.
 *
 * @param map name of the ring buffer in the BPF object
 */
export function eventSampler(
  attached: Attached,
  map: string,
  read: ReadEvent,
): Required<Omit<Sampler<readonly Row[]>, "fill">> {
  const ring = attached.object.map(map).openRing();
  const beginNs = Number(monotonicNs());
  let events: Row[] = [];
  let dropped = 0;
  const poll = (): boolean => {
    const filling = ring.backlog > ring.size / FILLING;
    // Once per poll: the two clocks drift when the wall clock is set.
    const clock = new EventClock(beginNs);
    ring.consume((view, at, length) => {
      if (events.length >= EVENTS_PER_TICK) return void dropped++;
      const row = read({ view, at, length, clock });
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

/** `derive` of a tool whose rows are its events as they came. */
export function eventRows(events: readonly Row[], previous: readonly Row[] | null): Derived {
  return { rows: previous === null ? [] : events };
}
