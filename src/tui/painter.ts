/**
 * Paints frames: one write in flight, the newest frame wins.
 *
 * @module
 */
import { diff, type Grid, type Palette } from "./canvas/mod.ts";
import { type FrameSink, FrameWriter } from "./terminal/mod.ts";

/** A frame to paint. */
export interface Frame {
  readonly grid: Grid;
  readonly palette: Palette;
}

/** Paints the terminal. */
export class Painter {
  readonly #writer: FrameWriter;
  readonly #newest: (spare: Grid | null) => Frame | null;
  /** What the terminal shows; null: unknown. */
  #shown: Grid | null = null;
  /** What it showed before. */
  #spare: Grid | null = null;
  /** Something changed while a frame was in flight. */
  #stale = false;

  /** @param newest returns the current frame, which may be drawn into `spare`; null: nothing may be written */
  constructor(sink: FrameSink, newest: (spare: Grid | null) => Frame | null) {
    this.#writer = new FrameWriter(sink);
    this.#newest = newest;
  }

  /**
   * Brings the terminal up to date. While a frame is in flight the next one is only marked as due: it is computed once
   * that frame was sent, from the state at that time.
   *
   * @returns false: the terminal is gone
   */
  async paint(): Promise<boolean> {
    if (this.#writer.busy) {
      this.#stale = true;
      return true;
    }
    this.#stale = false;
    const frame = this.#newest(this.#spare);
    if (frame === null) return true;
    const bytes = diff(this.#shown, frame.grid, frame.palette);
    this.#spare = this.#shown;
    this.#shown = frame.grid;
    if (bytes === "") return true;
    try {
      await this.#writer.write(bytes);
    } catch {
      return false;
    }
    return this.#stale ? this.paint() : true;
  }

  /** Makes the next frame a full one, because the terminal may show something else. */
  invalidate(): void {
    this.#shown = null;
  }

  /** Resolves with true when no frame is in flight; with false when one still is after this many milliseconds. */
  settled(timeoutMs: number): Promise<boolean> {
    return this.#writer.settled(timeoutMs);
  }
}
