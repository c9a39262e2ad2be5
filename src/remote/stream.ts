/**
 * The stream of one host: connects, reads ticks into a bounded queue, and reconnects when the connection is lost.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import type { HostStatus } from "../model/mod.ts";
import { callAfter, realTimers, type Timers } from "../monitor/mod.ts";
import {
  joinBytes,
  type RecordedTick,
  RecordingError,
  type RecordingHeader,
  RecordingReader,
} from "../recording/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { type Attempt, newAttempt } from "./attempt.ts";
import type { Connect, Connection } from "./connection.ts";
import {
  connectionEnded,
  endFailure,
  type Failure,
  overdue,
  permanent,
  type Prompts,
  refusal,
  silence,
} from "./failure.ts";
import type { Gate } from "./gate.ts";
import type { Host } from "./hosts.ts";
import { withoutInstallLine } from "./install_line.ts";
import { Meter } from "./meter.ts";
import { TickQueue } from "./tick_queue.ts";

/** Seconds before the attempts that follow a lost connection; after the last, ktop does not retry. */
const RETRY_S = [1, 2, 4, 8, 16, 30, 60, 60, 60, 60];
/** A connection that lasted this long starts the list again, milliseconds. */
const STABLE_CONNECTION_MS = 60_000;
/** A host is stalled when its last tick is older than this many intervals, and than this many seconds. */
const STALLED = { intervals: 2.5, seconds: 2 } as const;
/** How long a run of limited length may take beyond its length, milliseconds: attaching, a busy host, reconnecting. */
const OVERTIME_MS = 10_000;
/** Least time that a host is asked for, seconds. */
const MIN_SECONDS = 0.001;
/** Pause after a dropped tick, so that a host that sends too fast waits, milliseconds. */
const DROP_PAUSE_MS = 50;
/** Bytes that are kept from the start of a stream, for a message. */
const START_BYTES = 64;
const MIB = 1024 * 1024;
/** How long to wait for the end of ssh after that of its output, milliseconds. */
const END_WAIT_MS = 2000;

/** Length of a run; null: it has none, and the host sends until the connection is closed. */
export type RunLimit = { readonly ticks?: number; readonly seconds?: number } | null;

/** What one connection is for. */
export interface ConnectionRequest {
  /** ssh may ask on the terminal. */
  readonly mayPrompt: boolean;
  /** What is left of the run. */
  readonly limit: RunLimit;
}

/** How the stream of a host is opened and read. */
export interface StreamOptions {
  readonly connect: Connect;
  /** The arguments of ssh. */
  readonly arguments: (host: Host, request: ConnectionRequest) => readonly string[];
  /** ssh may ask for a password at the first connection: there is one host, and no screen yet. */
  readonly mayPrompt: boolean;
  /** Path of the executable that is copied to a host that wants it; null: none is. */
  readonly install: string | null;
  /** The tools of this ktop. */
  readonly tools: readonly Tool[];
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  readonly limit: RunLimit;
  /** How long a host may take until its first line, from the start or the last bytes that were copied to it. Milliseconds. */
  readonly firstLineMs: number;
  readonly maxLineBytes: number;
  /** Of the queue. */
  readonly maxBytes: number;
  readonly gate: Gate;
  readonly timers?: Timers;
}

/** A host, its connection, and what has arrived. */
export class HostStream {
  readonly host: Host;
  readonly #options: StreamOptions;
  readonly #timers: Timers;
  readonly #onChange: () => void;
  readonly #queue: TickQueue;
  readonly #meter: Meter;
  #attempt: Attempt | null = null;
  #state: Exclude<HostStatus["state"], "stalled"> = "connecting";
  #failure: Failure | null = null;
  #header: RecordingHeader | null = null;
  /** When the first header arrived. */
  #startedAt = 0;
  #receivedTicks = 0;
  #arrivedAt: number | null = null;
  #retryAt: number | null = null;
  #retries = 0;
  #lostConnections = 0;
  #retryTimer: number | undefined;
  #cancelLimit = (): void => {};
  #closed = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  /** @param onChange called after a tick has arrived, and when the state changes */
  constructor(host: Host, options: StreamOptions, onChange: (stream: HostStream) => void) {
    this.host = host;
    this.#options = options;
    this.#timers = options.timers ?? realTimers;
    this.#onChange = () => onChange(this);
    this.#queue = new TickQueue(options.maxBytes);
    this.#meter = new Meter(this.#timers);
  }

  /** Connects. Resolves with the first header, or when the host has failed. */
  start(): Promise<void> {
    void this.#run(this.#options.mayPrompt ? "allowed" : "several hosts");
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
    const isOverdue = ageS !== null &&
      ageS > Math.max(STALLED.seconds, STALLED.intervals * this.#options.intervalS);
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
    if (this.#retryTimer !== undefined) this.#timers.clear(this.#retryTimer);
    this.#cancelLimit();
    this.#attempt?.reader?.close();
    this.#attempt?.connection.close();
    this.#ready.resolve();
    this.#done.resolve();
  }

  async #run(prompts: Prompts): Promise<void> {
    const startedAt = this.#timers.now();
    const failure = await this.#connect(prompts);
    const attempt = this.#attempt;
    attempt?.connection.close();
    if (this.#closed) return;
    if (failure === null) return this.#end("ended", null);
    if (attempt?.reader) this.#lostConnections++;
    if (this.#timers.now() - startedAt > STABLE_CONNECTION_MS) this.#retries = 0;
    const delayS = RETRY_S[this.#retries++];
    if (delayS === undefined || failure.isPermanent || this.#header === null || !this.#lasts(delayS)) {
      return this.#end("failed", failure);
    }
    this.#state = "lost";
    this.#failure = failure;
    this.#retryAt = this.#timers.now() + delayS * 1000;
    this.#retryTimer = this.#timers.set(() => void this.#retry(), delayS * 1000);
    this.#onChange();
  }

  #retry(): Promise<void> {
    this.#retryTimer = undefined;
    this.#retryAt = null;
    return this.#run(this.#options.mayPrompt ? "reconnecting" : "several hosts");
  }

  #end(state: "ended" | "failed", failure: Failure | null): void {
    this.#cancelLimit();
    this.#state = state;
    this.#failure = failure;
    this.#retryAt = null;
    this.#ready.resolve();
    this.#done.resolve();
    this.#onChange();
  }

  /** What is left of the run. */
  #limitLeft(): RunLimit {
    const { limit } = this.#options;
    if (limit === null) return null;
    const { ticks, seconds } = limit;
    const elapsedS = this.#header === null ? 0 : (this.#timers.now() - this.#startedAt) / 1000;
    return {
      ...(ticks === undefined ? {} : { ticks: ticks - this.#receivedTicks }),
      ...(seconds === undefined ? {} : { seconds: Math.max(MIN_SECONDS, seconds - elapsedS) }),
    };
  }

  /** Whether the run lasts longer than this, so that reconnecting is of use. */
  #lasts(delayS: number): boolean {
    return (this.#limitLeft()?.seconds ?? Infinity) > delayS;
  }

  /** Ends a run of limited length that takes too long: a host that stalls, or stays lost. */
  #startLimit(): void {
    const left = this.#limitLeft();
    if (left === null) return;
    const { ticks = Infinity, seconds = Infinity } = left;
    const leftS = Math.max(0, Math.min(ticks * this.#options.intervalS, seconds));
    this.#cancelLimit();
    this.#cancelLimit = callAfter(leftS * 1000 + OVERTIME_MS, () => this.#exceedLimit(), this.#timers);
  }

  #exceedLimit(): void {
    if (this.#retryTimer === undefined) return this.#attempt?.abort(this.#failure ?? overdue);
    this.#timers.clear(this.#retryTimer);
    this.#end("failed", this.#failure);
  }

  /** Connects and reads until the connection ends or is refused; null: everything that was requested has arrived. */
  async #connect(prompts: Prompts): Promise<Failure | null> {
    const { connect, arguments: words } = this.#options;
    this.#attempt = null;
    let attempt: Attempt;
    try {
      const request = { mayPrompt: prompts === "allowed", limit: this.#limitLeft() };
      attempt = this.#attempt = newAttempt(connect(words(this.host, request)), prompts);
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      return permanent(error.message.replace(/\.$/, ""), error.remedy);
    }
    this.#startFirstLineTimer(attempt);
    try {
      return await Promise.race([
        this.#receive(attempt).then((refused) => refused ?? this.#whyEnded(attempt)),
        attempt.aborted,
      ]);
    } finally {
      this.#timers.clear(attempt.firstLineTimer!);
    }
  }

  /** Reads until the output ends. Returns why it is refused, if it is. */
  async #receive(attempt: Attempt): Promise<Failure | null> {
    const { tools, maxLineBytes } = this.#options;
    const source = { name: this.host.name, seekable: false, read: () => this.#recording(attempt) };
    try {
      const reader = await RecordingReader.open(source, tools, maxLineBytes);
      if (attempt.isAborted) return null;
      this.#connected(attempt, reader);
      await this.#read(attempt, reader);
      return null;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      // Without a byte, the end of ssh is the better explanation.
      return attempt.start.length === 0 ? null : refusal(error, this.host, attempt.start);
    }
  }

  /** Why the output ended without a refusal; null: everything that was requested has arrived. */
  async #whyEnded({ connection, reader, prompts }: Attempt): Promise<Failure | null> {
    const left = this.#limitLeft();
    if (left?.ticks === 0) return null;
    const end = await this.#endOf(connection);
    const started = reader !== null;
    if (started && left !== null && end?.code === 0) return null;
    return end === null ? connectionEnded : endFailure(end, this.host, { started, prompts });
  }

  /** How ssh ended; null: it has not, though its output has. */
  #endOf(connection: Connection): Promise<Awaited<Connection["end"]> | null> {
    const late = Promise.withResolvers<null>();
    const timer = this.#timers.set(() => late.resolve(null), END_WAIT_MS);
    return Promise.race([connection.end, late.promise]).finally(() => this.#timers.clear(timer));
  }

  /** Starts the wait for the first line, also when bytes of the executable were sent. */
  #startFirstLineTimer(attempt: Attempt): void {
    const { firstLineMs } = this.#options;
    if (attempt.firstLineTimer !== undefined) this.#timers.clear(attempt.firstLineTimer);
    attempt.firstLineTimer = this.#timers.set(
      () => attempt.abort(silence(firstLineMs / 1000, attempt.isSending)),
      firstLineMs,
    );
  }

  #connected(attempt: Attempt, reader: RecordingReader): void {
    this.#timers.clear(attempt.firstLineTimer!);
    attempt.reader = reader;
    attempt.connection.discardErrors();
    const now = this.#timers.now();
    if (this.#header === null) this.#startedAt = now;
    this.#header = reader.header;
    this.#state = "running";
    this.#failure = null;
    this.#arrivedAt = now;
    this.#startLimit();
    this.#ready.resolve();
    this.#onChange();
  }

  async #read(attempt: Attempt, reader: RecordingReader): Promise<void> {
    for await (const { tick } of reader.ticks()) {
      if (this.#closed || attempt.isAborted) return;
      attempt.bytesSinceTick = 0;
      this.#arrivedAt = this.#timers.now();
      this.#receivedTicks++;
      this.#startLimit();
      // The flags of a host are those that it was started with.
      const hadRoom = this.#queue.add({ ...tick, flags: new Map() });
      this.#onChange();
      if (this.#limitLeft()?.ticks === 0) return;
      if (!hadRoom) await new Promise<void>((resolve) => this.#timers.set(resolve, DROP_PAUSE_MS));
    }
  }

  /** What the host sends, without the line of `--install`. */
  async *#recording(attempt: Attempt): AsyncGenerator<Uint8Array> {
    const { install } = this.#options;
    const chunks = this.#chunks(attempt);
    const recording = install === null ? chunks : withoutInstallLine(chunks, () => {
      void this.#send(attempt, install);
    });
    for await (const chunk of recording) {
      if (attempt.start.length < START_BYTES) {
        attempt.start = joinBytes([attempt.start, chunk.subarray(0, START_BYTES)]);
      }
      yield chunk;
    }
  }

  /** What arrives. Throws RecordingError for too much without a tick. */
  async *#chunks(attempt: Attempt): AsyncGenerator<Uint8Array> {
    for await (const chunk of attempt.connection.output) {
      this.#meter.add(chunk.length);
      await this.#options.gate.pass();
      if (this.#closed || attempt.isAborted) return;
      attempt.bytesSinceTick += chunk.length;
      if (attempt.bytesSinceTick > 4 * this.#options.maxLineBytes) {
        const size = Math.floor(attempt.bytesSinceTick / MIB);
        throw new RecordingError(`belongs to no tick: ${size} MiB have arrived since the last one`);
      }
      yield chunk;
    }
  }

  /** Sends the executable. The host has time for its first line again after each chunk. */
  async #send(attempt: Attempt, path: string): Promise<void> {
    attempt.isSending = true;
    try {
      await attempt.connection.send(path, () => {
        if (attempt.reader === null && !attempt.isAborted) this.#startFirstLineTimer(attempt);
      });
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      attempt.abort(permanent(error.message.replace(/\.$/, "")));
    }
    attempt.isSending = false;
  }
}
