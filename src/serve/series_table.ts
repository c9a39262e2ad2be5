/**
 * Sums by label values, limited in number: the rest is added up under the label value `other`.
 *
 * @module
 */

/** The label value of everything that has no series. */
export const OTHER = "other";

/** A series that has not grown for so long may be replaced by another, milliseconds. Times are those at the end of intervals. */
const IDLE_MS = 3_600_000;

/** The longest label value, UTF-16 code units; longer ones are cut. */
const MAX_LABEL = 256;

/** One series: label values, and the sum of each counter. */
export interface Sums {
  readonly values: readonly string[];
  readonly sums: Float64Array;
}

interface KeptSums extends Sums {
  grewAt: number;
}

/** Makes a label value of any text. */
export function labelValue(text: string): string {
  if (text.length <= MAX_LABEL) return text;
  const cut = text.slice(0, MAX_LABEL - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * The sums of one tool. A series never gives its sum to another one: what `other` counted before a series was made stays there, and
 * the sum of one that makes way disappears with it. So no series but a new one ever jumps.
 */
export class SeriesTable {
  readonly #counters: number;
  readonly #limit: number;
  readonly #kept = new Map<string, KeptSums>();
  readonly #other: Sums;
  /** What the current interval adds to label values that have no series. */
  #pending = new Map<string, Sums>();

  /**
   * @param labels number of labels
   * @param counters number of sums of a series
   * @param limit most series beside `other`
   */
  constructor(labels: number, counters: number, limit: number) {
    this.#counters = counters;
    this.#limit = limit;
    this.#other = { values: new Array<string>(labels).fill(OTHER), sums: new Float64Array(counters) };
    if (labels === 0) this.#kept.set("", { values: [], sums: this.#other.sums, grewAt: 0 });
  }

  /** The sums of these label values in the interval, to be added to. */
  sumsOf(values: readonly string[], time: number): Float64Array {
    const key = values.join("\0");
    const kept = this.#kept.get(key);
    if (kept) {
      kept.grewAt = time;
      return kept.sums;
    }
    if (values.every((value) => value === OTHER)) return this.#other.sums;
    const pending = this.#pending.get(key);
    if (pending) return pending.sums;
    const sums = new Float64Array(this.#counters);
    this.#pending.set(key, { values, sums });
    return sums;
  }

  /**
   * Ends an interval: the largest new label values, by the sum of all their counters, get a series where there is room, the others
   * are added to `other`.
   */
  endInterval(time: number): void {
    if (this.#pending.size === 0) return;
    const total = ({ sums }: Sums): number => sums.reduce((sum, value) => sum + value, 0);
    const largest = [...this.#pending].toSorted(([, a], [, b]) => total(b) - total(a));
    this.#pending = new Map();
    if (this.#kept.size + largest.length > this.#limit) this.#dropIdle(time);
    const room = Math.max(0, this.#limit - this.#kept.size);
    for (const [key, sums] of largest.slice(0, room)) this.#kept.set(key, { ...sums, grewAt: time });
    for (const [, { sums }] of largest.slice(room)) {
      sums.forEach((value, i) => this.#other.sums[i]! += value);
    }
  }

  /** All series; `other` is the last one if there are labels, also when it is empty. */
  series(): readonly Sums[] {
    const kept = [...this.#kept.values()];
    return this.#other.values.length === 0 ? kept : [...kept, this.#other];
  }

  #dropIdle(time: number): void {
    for (const [key, { grewAt }] of this.#kept) {
      if (time - grewAt >= IDLE_MS) this.#kept.delete(key);
    }
  }
}
