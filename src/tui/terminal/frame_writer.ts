/**
 * Writes one frame at a time. Nothing is queued while a write is in flight: the caller draws again when it is done, so a
 * slow link skips frames and never falls behind.
 *
 * @module
 */

/** Where bytes go: standard output, or a test. */
export interface FrameSink {
  /** Writes some of the bytes, or waits a while for room; resolves with how many were taken. */
  write(bytes: Uint8Array): Promise<number>;
}

const encoder = new TextEncoder();

/** Writes frames in order, each completely, never two at once. */
export class FrameWriter {
  readonly #sink: FrameSink;
  #inFlight: Promise<void> | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** True while a frame is in flight. */
  get busy(): boolean {
    return this.#inFlight !== null;
  }

  /**
   * Starts writing a frame; must not be called while {@linkcode busy}. Resolves when every byte was written, rejects
   * when the sink is gone.
   */
  write(frame: string): Promise<void> {
    const writing = this.#writeAll(encoder.encode(frame)).finally(() => this.#inFlight = null);
    this.#inFlight = writing;
    return writing;
  }

  /** Waits at most `limitMs` until no frame is in flight. False: the link is stalled, and nothing more can be sent. */
  async settled(limitMs: number): Promise<boolean> {
    if (this.#inFlight === null) return true;
    const inFlight = this.#inFlight.then(() => true, () => true);
    let timer: number | undefined;
    const stalled = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    const outcome = await Promise.race([inFlight, stalled]);
    clearTimeout(timer);
    return outcome;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#sink.write(bytes.subarray(sent));
  }
}
