/**
 * A stream of a host whose connections and timers are in the hands of a test.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Timers } from "../../src/monitor/mod.ts";
import type { Connection, ConnectionEnd } from "../../src/remote/connection.ts";
import { Gate } from "../../src/remote/gate.ts";
import { type ConnectionRequest, HostStream, type StreamOptions } from "../../src/remote/stream.ts";
import { TOOLS } from "./recordings.ts";

export const encoder = new TextEncoder();
const HOST = { name: "web", destination: "web", port: null };

/** Timers that fire when the test says so. */
export class HandTimers implements Timers {
  #now = 0;
  #timers = new Map<number, { call: () => void; due: number }>();
  #next = 1;
  now = (): number => this.#now;
  set(call: () => void, delay: number): number {
    this.#timers.set(this.#next, { call, due: this.#now + delay });
    return this.#next++;
  }
  clear(id: number): void {
    this.#timers.delete(id);
  }
  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { call, due }] of [...this.#timers]) {
      if (due > this.#now) continue;
      this.#timers.delete(id);
      call();
    }
  }
}

/** A connection that sends chunks; it ends after them, unless it `stays`. */
export class FakeConnection implements Connection {
  readonly #end = Promise.withResolvers<ConnectionEnd>();
  readonly #closed = Promise.withResolvers<void>();
  readonly output: AsyncIterable<Uint8Array>;
  readonly end = this.#end.promise;
  sent: string | null = null;
  /** Sends the executable; tests replace it. */
  sending = (): Promise<void> => Promise.resolve();
  progress = (): void => {};
  errors: string;
  closed = false;

  constructor(chunks: Iterable<Uint8Array>, { code = 255, errors = "", stays = false } = {}) {
    const closed = this.#closed.promise;
    this.errors = errors;
    const finish = (): void => this.#end.resolve({ code, errors: this.errors });
    const isClosed = (): boolean => this.closed;
    this.output = (async function* () {
      for (const chunk of chunks) {
        if (isClosed()) break;
        yield await Promise.resolve(chunk);
      }
      if (stays) await closed;
      finish();
    })();
  }

  send(path: string, onProgress: () => void): Promise<void> {
    this.sent = path;
    this.progress = onProgress;
    return this.sending();
  }

  discardErrors(): void {
    this.errors = "";
  }

  close(): void {
    this.closed = true;
    this.#closed.resolve();
    this.#end.resolve({ code: 255, errors: "" });
  }
}

/** A chunk for each text. */
export const bytes = (...texts: readonly string[]): Uint8Array[] => texts.map((text) => encoder.encode(text));

/** A stream that uses these connections one after another. */
export function open(
  connections: readonly Connection[],
  { timers = new HandTimers(), ...more }: Partial<StreamOptions> & { readonly timers?: HandTimers } = {},
): { readonly stream: HostStream; readonly timers: HandTimers; readonly requests: ConnectionRequest[] } {
  const requests: ConnectionRequest[] = [];
  let next = 0;
  const stream = new HostStream(HOST, {
    connect: () => connections[next++]!,
    arguments: (_, request) => {
      requests.push(request);
      return [];
    },
    mayPrompt: true,
    install: null,
    tools: TOOLS,
    intervalS: 1,
    limit: null,
    firstLineMs: 1000,
    maxLineBytes: 1024 * 1024,
    maxBytes: 1024 * 1024,
    gate: new Gate(),
    timers,
    ...more,
  }, () => {});
  return { stream, timers, requests };
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    assert.ok(turns < 5000, "the condition does not hold");
    await new Promise((resolve) => setTimeout(resolve));
  }
}
