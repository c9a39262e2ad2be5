/**
 * The stream of one host: connects, reads ticks into a bounded queue, and connects again when the connection is lost.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import type { HostStatus } from "../model/mod.ts";
import { realTimers, type Timers } from "../monitor/mod.ts";
import {
  type RecordedTick,
  RecordingError,
  type RecordingHeader,
  RecordingReader,
} from "../recording/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { INSTALL_LINES } from "./command.ts";
import type { Connect, Connection } from "./connection.ts";
import { endFailure, type Failure, refusal, silence } from "./failure.ts";
import type { Gate } from "./gate.ts";
import type { Host } from "./hosts.ts";
import { Meter } from "./meter.ts";
import { TickQueue } from "./tick_queue.ts";

/** Seconds before the attempts that follow a lost connection; after the last, the host is given up. */
const RETRY_S = [1, 2, 4, 8, 16, 30, 60, 60, 60, 60];
/** A connection that lasted this long starts the list again, milliseconds. */
const LASTING_MS = 60_000;
/** Pause after a dropped tick, so that a host that sends too fast waits, milliseconds. */
const DROP_PAUSE_MS = 50;
/** Bytes that are kept from the start of a stream, for a message. */
const START_BYTES = 64;
/** Longest line before the recording, bytes. */
const MAX_PREFACE = 64;
const NEWLINE = 0x0a;
const MIB = 1024 * 1024;
/** How long the end of ssh is waited for after that of its output, milliseconds. */
const END_WAIT_MS = 2000;

/** How the stream of a host is opened and read. */
export interface StreamOptions {
  readonly connect: Connect;
  /** The arguments of ssh. @param asks whether it may ask on the terminal */
  readonly arguments: (host: Host, asks: boolean) => readonly string[];
  /** The first connection may ask for a password: there is one host, and no screen yet. */
  readonly asks: boolean;
  /** Path of the executable that is copied to a host that wants it; null: none is. */
  readonly install: string | null;
  /** The tools of this ktop. */
  readonly tools: readonly Tool[];
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  /** A number of ticks was requested, after which the host ends. */
  readonly isFinite: boolean;
  /** How long a host may take until its first line, milliseconds. */
  readonly firstLineMs: number;
  readonly maxLineBytes: number;
  /** Of the queue. */
  readonly maxBytes: number;
  readonly gate: Gate;
  readonly timers?: Timers;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A host, its connection, and what has arrived. */
export class HostStream {
  readonly host: Host;
  readonly #options: StreamOptions;
  readonly #timers: Timers;
  readonly #notify: (stream: HostStream) => void;
  readonly #queue: TickQueue;
  readonly #meter: Meter;
  #connection: Connection | null = null;
  #reader: RecordingReader | null = null;
  #state: Exclude<HostStatus["state"], "stalled"> = "connecting";
  #failure: Failure | null = null;
  #header: RecordingHeader | null = null;
  /** The first bytes of the recording. */
  #start = new Uint8Array();
  /** Bytes that arrived after the last tick. */
  #sinceTick = 0;
  #arrivedAt: number | null = null;
  #retryAt: number | null = null;
  #attempts = 0;
  #lostConnections = 0;
  #timer: number | undefined;
  #closed = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  /** @param onChange called after a tick has arrived, and when the state changes */
  constructor(host: Host, options: StreamOptions, onChange: (stream: HostStream) => void) {
    this.host = host;
    this.#options = options;
    this.#timers = options.timers ?? realTimers;
    this.#notify = onChange;
    this.#queue = new TickQueue(options.maxBytes);
    this.#meter = new Meter(this.#timers);
  }

  /** Connects. Resolves with the first header, or when the host has failed. */
  start(): Promise<void> {
    void this.#run(this.#options.asks);
    return this.#ready.promise;
  }

  /** The header of the newest connection; null before the first. */
  get header(): RecordingHeader | null {
    return this.#header;
  }

  /** Why it is lost or failed. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Resolves when it is not connected any more: it has failed, it was closed, or it has sent all. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Ticks that wait to be shown. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Removes the oldest tick that waits. */
  take(): RecordedTick | null {
    return this.#queue.take();
  }

  /** Its state now. */
  status(): HostStatus {
    const now = this.#timers.now();
    const ageS = this.#arrivedAt === null ? null : (now - this.#arrivedAt) / 1000;
    const isOverdue = ageS !== null && ageS > Math.max(2, 2.5 * this.#options.intervalS);
    return {
      name: this.host.name,
      state: this.#state === "running" && isOverdue ? "stalled" : this.#state,
      reason: this.#failure?.reason ?? "",
      ageS,
      retryS: this.#retryAt === null ? null : Math.max(0, (this.#retryAt - now) / 1000),
      bytesPerS: this.#meter.perSecond(),
      droppedTicks: this.#queue.dropped,
      lostConnections: this.#lostConnections,
    };
  }

  /** Ends the connection, and connects no more. May be called twice. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#reader?.close();
    this.#connection?.close();
    this.#ready.resolve();
    this.#done.resolve();
  }

  #onChange(): void {
    this.#notify(this);
  }

  async #run(asks: boolean): Promise<void> {
    const startedAt = this.#timers.now();
    const failure = await this.#attempt(asks);
    this.#connection?.close();
    if (this.#closed) return;
    if (failure === null) {
      this.#state = "ended";
      this.#done.resolve();
      return this.#onChange();
    }
    this.#failure = failure;
    if (this.#timers.now() - startedAt > LASTING_MS) this.#attempts = 0;
    const delay = RETRY_S[this.#attempts++];
    const retries = this.#header !== null && !failure.isLasting && delay !== undefined;
    this.#state = retries ? "lost" : "failed";
    this.#retryAt = retries ? this.#timers.now() + delay * 1000 : null;
    if (retries) this.#timer = this.#timers.set(() => void this.#retry(), delay * 1000);
    else this.#done.resolve();
    this.#ready.resolve();
    this.#onChange();
  }

  #retry(): Promise<void> {
    this.#timer = undefined;
    this.#retryAt = null;
    return this.#run(false);
  }

  /** Connects and reads until the connection ends or is refused; null: everything that was requested has arrived. */
  async #attempt(asks: boolean): Promise<Failure | null> {
    const { connect, arguments: words, firstLineMs } = this.#options;
    let isSilent = false;
    let started = false;
    let connection: Connection;
    try {
      connection = this.#connection = connect(words(this.host, asks));
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      return { reason: error.message.replace(/\.$/, ""), remedy: error.remedy, isLasting: true };
    }
    this.#start = new Uint8Array();
    this.#sinceTick = 0;
    const patience = this.#timers.set(() => {
      isSilent = true;
      connection.close();
    }, firstLineMs);
    let refused: Failure | null = null;
    try {
      const reader = await this.#open(connection);
      this.#timers.clear(patience);
      started = true;
      await this.#read(reader);
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      if (isSilent) return silence(firstLineMs / 1000);
      if (error instanceof RecordingError) refused = refusal(error, this.host, this.#start);
    } finally {
      this.#timers.clear(patience);
    }
    if (refused && this.#start.length > 0) return refused;
    const end = await this.#endOf(connection);
    if (end?.code === 0 && started && this.#options.isFinite) return null;
    if (end) return endFailure(end, this.host, { started, asks });
    return refused ?? { reason: "the connection has ended", remedy: "", isLasting: false };
  }

  /** How ssh ended; null: it has not, though its output has. */
  #endOf(connection: Connection): Promise<Awaited<Connection["end"]> | null> {
    const late = Promise.withResolvers<null>();
    const timer = this.#timers.set(() => late.resolve(null), END_WAIT_MS);
    return Promise.race([connection.end, late.promise]).finally(() => this.#timers.clear(timer));
  }

  async #open(connection: Connection): Promise<RecordingReader> {
    const source = { name: this.host.name, seekable: false, read: () => this.#chunks(connection) };
    const reader = await RecordingReader.open(source, this.#options.tools, this.#options.maxLineBytes);
    this.#reader = reader;
    this.#header = reader.header;
    this.#state = "running";
    this.#failure = null;
    this.#arrivedAt = this.#timers.now();
    this.#ready.resolve();
    this.#onChange();
    return reader;
  }

  async #read(reader: RecordingReader): Promise<void> {
    let hasTick = false;
    try {
      for await (const { tick } of reader.ticks()) {
        if (this.#closed) return;
        hasTick = true;
        this.#sinceTick = 0;
        this.#arrivedAt = this.#timers.now();
        const hadRoom = this.#queue.add(tick);
        this.#onChange();
        if (!hadRoom) await new Promise<void>((resolve) => this.#timers.set(resolve, DROP_PAUSE_MS));
      }
    } finally {
      if (hasTick) this.#lostConnections++;
    }
  }

  /** What the host sends, after the line of `--install`. Throws RecordingError for too much without a tick. */
  async *#chunks(connection: Connection): AsyncGenerator<Uint8Array> {
    let preface: Uint8Array | null = this.#options.install === null ? null : new Uint8Array();
    for await (const chunk of connection.output) {
      this.#meter.add(chunk.length);
      await this.#options.gate.pass();
      if (this.#closed) return;
      this.#sinceTick += chunk.length;
      if (this.#sinceTick > 4 * this.#options.maxLineBytes) {
        const size = Math.floor(this.#sinceTick / MIB);
        throw new RecordingError(`belongs to no tick: ${size} MiB have arrived since the last one`);
      }
      if (preface === null) {
        this.#keepStart(chunk);
        yield chunk;
        continue;
      }
      const all = concat(preface, chunk);
      const end = all.subarray(0, MAX_PREFACE).indexOf(NEWLINE);
      preface = end < 0 && all.length < MAX_PREFACE ? all : null;
      if (preface !== null) continue;
      const line = new TextDecoder().decode(all.subarray(0, Math.max(0, end)));
      const rest = this.#takeInstallLine(connection, line) ? all.subarray(end + 1) : all;
      this.#keepStart(rest);
      if (rest.length > 0) yield rest;
    }
  }

  /** Sends the executable to a host that wants it. False: the line is none of the installation. */
  #takeInstallLine(connection: Connection, line: string): boolean {
    if (line === INSTALL_LINES.present) return true;
    if (line !== INSTALL_LINES.wanted) return false;
    void connection.send(this.#options.install!);
    return true;
  }

  #keepStart(chunk: Uint8Array): void {
    if (this.#start.length < START_BYTES) this.#start = concat(this.#start, chunk.subarray(0, START_BYTES));
  }
}
