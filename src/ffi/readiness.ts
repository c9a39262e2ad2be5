/**
 * Waits until descriptors can be read or written without blocking: poll(2) in one worker thread.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";
import { withBuffer } from "./memory.ts";

/** Events of poll(2). */
export const PollEvent = { readable: 1, writable: 4 } as const;

const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
/** Bytes of struct pollfd: i32 fd, i16 events, i16 revents. */
const POLLFD = 8;
const REVENTS = 6;
/** Pause after a failed poll(2), milliseconds: without memory, it would be called without end. */
const FAILURE_PAUSE_MS = 100;

interface Wait {
  readonly fd: number;
  readonly events: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Waits for any number of descriptors. */
export class Readiness {
  #waits: Wait[] = [];
  /** An eventfd that ends the poll(2) in flight, so that the next one has all descriptors. */
  readonly #changed: number;
  #isPolling = false;
  #closed = false;

  /** @throws {BpfError} no descriptor or memory is left */
  constructor() {
    this.#changed = libc().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (this.#changed < 0) throw new BpfError("eventfd", errnoName(libc().errno()));
  }

  /**
   * Resolves when a descriptor may be ready, so that the caller tries again; rejects after {@linkcode cancel}.
   *
   * @param events bits of {@linkcode PollEvent}
   */
  wait(fd: number, events: number): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("closed"));
    return new Promise((resolve, reject) => {
      this.#waits.push({ fd, events, resolve, reject });
      if (this.#isPolling) this.#interrupt();
      else void this.#run();
    });
  }

  /** Ends the waits for a descriptor. Must be called before it is closed. */
  cancel(fd: number): void {
    const cancelled = this.#waits.filter((wait) => wait.fd === fd);
    if (cancelled.length === 0) return;
    this.#waits = this.#waits.filter((wait) => wait.fd !== fd);
    for (const { reject } of cancelled) reject(new Error("closed"));
    this.#interrupt();
  }

  /** Ends all waits. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waits.splice(0)) reject(new Error("closed"));
    if (this.#isPolling) this.#interrupt();
    else libc().close(this.#changed);
  }

  #interrupt(): void {
    libc().write(this.#changed, new Uint8Array(BigUint64Array.of(1n).buffer), 8n);
  }

  async #run(): Promise<void> {
    this.#isPolling = true;
    while (this.#waits.length > 0) await this.#poll();
    this.#isPolling = false;
    if (this.#closed) libc().close(this.#changed);
  }

  /** One poll(2). */
  async #poll(): Promise<void> {
    const waits = [...this.#waits];
    const polled = new Int32Array([
      this.#changed,
      PollEvent.readable,
      ...waits.flatMap(({ fd, events }) => [fd, events]),
    ]);
    const bytes = new Uint8Array(polled.buffer);
    const count = await withBuffer(bytes, () => libc().poll_async(bytes, BigInt(waits.length + 1), -1));
    if (count < 0) await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE_MS));
    libc().read(this.#changed, new Uint8Array(8), 8n);
    const view = new DataView(bytes.buffer);
    const isReady = (i: number): boolean => view.getInt16((i + 1) * POLLFD + REVENTS, true) !== 0;
    const ready = new Set(waits.filter((_, i) => count < 0 || isReady(i)));
    this.#waits = this.#waits.filter((wait) => !ready.has(wait));
    for (const { resolve } of ready) resolve();
  }
}
