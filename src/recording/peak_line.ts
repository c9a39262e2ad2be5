/**
 * The peaks of a recording over its whole time, in a bounded number of parts.
 *
 * @module
 */
import { joinPeaks, type PeakLine, type Peaks } from "../model/mod.ts";

/** Maximum number of parts, twice the columns of the widest screen; above it, each two parts are joined. */
const MAX_PARTS = 1024;
/** Length of a part at the start, milliseconds. */
const SHORTEST_MS = 1000;

/** Collects peaks. Times before the start are left out. */
export class PeakCollector {
  readonly #fromMs: number;
  #partMs = SHORTEST_MS;
  #parts: (Peaks | null)[] = [];
  #line: PeakLine | null = null;

  /** @param fromMs Start of the recording, milliseconds since the epoch. */
  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  /** Adds what was recorded between the times of two ticks, or in one. */
  add({ firstMs, lastMs, peaks }: {
    readonly firstMs: number;
    readonly lastMs: number;
    readonly peaks: Peaks;
  }): void {
    if (lastMs < this.#fromMs) return;
    while (this.#indexOf(lastMs) >= MAX_PARTS) this.#halve();
    const last = this.#indexOf(lastMs);
    for (let i = Math.max(0, this.#indexOf(firstMs)); i <= last; i++) this.#parts[i] ??= {};
    for (const [kind, peak] of Object.entries(peaks)) {
      const at = Math.min(last, Math.max(0, this.#indexOf(peak.atMs)));
      if (peak.atMs >= this.#fromMs) this.#parts[at] = joinPeaks(this.#parts[at] ?? {}, { [kind]: peak });
    }
    this.#line = null;
  }

  /** What was added so far; null: nothing. The same object until more is added. */
  get line(): PeakLine | null {
    if (this.#parts.length === 0) return null;
    return this.#line ??= {
      fromMs: this.#fromMs,
      partMs: this.#partMs,
      parts: Array.from(this.#parts, (part) => part ?? null),
    };
  }

  #indexOf(timeMs: number): number {
    return Math.floor((timeMs - this.#fromMs) / this.#partMs);
  }

  /** Makes each two parts one. */
  #halve(): void {
    this.#partMs *= 2;
    this.#parts = Array.from({ length: Math.ceil(this.#parts.length / 2) }, (_, i) => {
      const [one, other] = [this.#parts[2 * i] ?? null, this.#parts[2 * i + 1] ?? null];
      return one && other ? joinPeaks(one, other) : one ?? other;
    });
  }
}
