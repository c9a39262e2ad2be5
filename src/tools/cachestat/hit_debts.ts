/**
 * Hits of an interval that were taken back in the next one.
 *
 * @module
 */

/** Debts that are kept; a process may have ended before it could pay. */
const MAX_DEBTS = 1024;

/**
 * A long read counts its pages as hits, and takes back those that turn out to be missing. When an interval ends in between, the next
 * one may have fewer hits than are taken back: the rest is subtracted from later intervals.
 */
export class HitDebts {
  readonly #debts = new Map<string, number>();

  /** Hits of an interval, at least 0. */
  settle(key: string, counted: bigint): number {
    const hits = Number(counted) + (this.#debts.get(key) ?? 0);
    this.#debts.delete(key);
    if (hits >= 0) return hits;
    this.#debts.set(key, hits);
    const [oldest] = this.#debts.keys();
    if (this.#debts.size > MAX_DEBTS) this.#debts.delete(oldest!);
    return 0;
  }
}

/**
 * All hits since the start, which never fall. A hit may be taken back on another CPU than it was counted on, so that the counter of a
 * CPU can be below 0.
 */
export class TotalHits {
  #most = 0n;

  /** @param sum of the unsigned 64-bit counters of all CPUs */
  of(sum: bigint): bigint {
    const total = BigInt.asIntN(64, sum);
    if (total > this.#most) this.#most = total;
    return this.#most;
  }
}
