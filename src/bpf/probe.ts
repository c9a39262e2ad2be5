/**
 * Answers of feature probes.
 *
 * @module
 */
import type { CapabilityName } from "./capabilities.ts";

/** The result of a feature probe. */
export interface Probe {
  /** "inconclusive": the probe could not run, or failed because of a temporary error. */
  readonly answer: "yes" | "no" | "inconclusive";
  /** The finding in a few words, without a full stop; empty when there is nothing to add to "yes". */
  readonly detail: string;
  /** What the user can do to get a yes, as a full sentence; empty when nothing helps. */
  readonly remedy: string;
  /** The first kernel release with the feature: "5.8". */
  readonly since?: string;
  /** The capability that this process does not have, and with which the answer would be yes. */
  readonly missing?: CapabilityName;
}

/** Keeps the conclusive answers of feature probes. */
export class ProbeCache {
  readonly #answers = new Map<string, Probe>();

  /** The cached answer, or that of `probe`; an inconclusive one is not cached. */
  async get(name: string, probe: () => Probe | Promise<Probe>): Promise<Probe> {
    const answer = this.#answers.get(name) ?? await probe();
    if (answer.answer !== "inconclusive") this.#answers.set(name, answer);
    return answer;
  }
}
