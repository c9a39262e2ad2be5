/**
 * Where ticks begin, for a few thousand of them however many there are.
 *
 * @module
 */
import type { Place } from "./recording.ts";

/** Most places kept; beyond it every second is let go. */
const MAX_PLACES = 4096;

/** A place and the time of the tick that begins there. */
type TimedPlace = Place & { readonly time: number };

/** Filled from the first tick to the last, in order. */
export class TickIndex {
  #places: TimedPlace[] = [];
  /** Ticks from one kept place to the next. */
  #stride = 1;

  /** Notes where a tick begins. */
  add(place: TimedPlace): void {
    if (place.position % this.#stride !== 0) return;
    this.#places.push(place);
    if (this.#places.length <= MAX_PLACES) return;
    this.#stride *= 2;
    this.#places = this.#places.filter(({ position }) => position % this.#stride === 0);
  }

  /** How many places are kept. */
  get size(): number {
    return this.#places.length;
  }

  /** The last place kept with at most this many ticks before it; undefined where none is. */
  before(position: number): Place | undefined {
    return this.#last((place) => place.position <= position);
  }

  /** The last place kept whose tick is not later than this. */
  beforeTime(time: number): Place | undefined {
    return this.#last((place) => place.time <= time);
  }

  /** By bisection: in a sound recording positions and times only grow; in another the answer is one of its places. */
  #last(holds: (place: TimedPlace) => boolean): Place | undefined {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#places[middle] as TimedPlace)) low = middle + 1;
      else high = middle;
    }
    return this.#places[low - 1];
  }
}
