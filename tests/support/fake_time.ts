/**
 * A clock for code that uses setInterval: time passes only when the test advances it.
 *
 * @module
 */

/** Replaces setInterval and clearInterval until it is disposed; {@linkcode FakeTime.pass} advances the time. */
export class FakeTime implements Disposable {
  readonly #set = globalThis.setInterval;
  readonly #clear = globalThis.clearInterval;
  readonly #timers = new Map<number, { call: () => void; every: number; due: number }>();
  #now = 0;
  #next = 1;

  constructor() {
    globalThis.setInterval = ((call: () => void, every: number) => {
      this.#timers.set(this.#next, { call, every, due: this.#now + every });
      return this.#next++;
    }) as typeof globalThis.setInterval;
    globalThis.clearInterval = (id) => void this.#timers.delete(Number(id));
  }

  /** Advances the time, milliseconds, and calls the timers that are due. */
  pass(milliseconds: number): void {
    for (const end = this.#now + milliseconds; this.#now < end;) {
      this.#now++;
      for (const timer of this.#timers.values()) {
        if (timer.due > this.#now) continue;
        timer.due += timer.every;
        timer.call();
      }
    }
  }

  [Symbol.dispose](): void {
    globalThis.setInterval = this.#set;
    globalThis.clearInterval = this.#clear;
  }
}
