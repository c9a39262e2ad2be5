/**
 * From what is to be seen to what the terminal shows: one frame at a time, of the newest.
 *
 * @module
 */
import { diff, type Grid, type Palette } from "./canvas/mod.ts";
import { FrameWriter } from "./terminal/mod.ts";

/** What is to be seen. */
export interface Frame {
  readonly grid: Grid;
  readonly palette: Palette;
}

/** Paints the terminal at standard output. */
export class Painter {
  readonly #writer = new FrameWriter(Deno.stdout);
  readonly #newest: () => Frame | null;
  /** What the terminal shows; null: unknown. */
  #shown: Grid | null = null;
  /** Something changed while a frame was on its way. */
  #stale = false;

  /** @param newest what is to be seen now; null: nothing may be written */
  constructor(newest: () => Frame | null) {
    this.#newest = newest;
  }

  /**
   * Brings the terminal up to date. While a frame is on its way only a note is made: the next frame is computed when
   * that one has been sent, against it, from what is newest then.
   *
   * @returns false: the terminal is gone
   */
  async paint(): Promise<boolean> {
    if (this.#writer.busy) {
      this.#stale = true;
      return true;
    }
    this.#stale = false;
    const frame = this.#newest();
    if (frame === null) return true;
    const bytes = diff(this.#shown, frame.grid, frame.palette);
    this.#shown = frame.grid;
    if (bytes === "") return true;
    try {
      await this.#writer.write(bytes);
    } catch {
      return false;
    }
    return this.#stale ? this.paint() : true;
  }

  /** The terminal shows something else: the next frame is painted whole. */
  forget(): void {
    this.#shown = null;
  }

  /** Resolves when no frame is on its way; false: after so many milliseconds one still is. */
  settled(timeoutMs: number): Promise<boolean> {
    return this.#writer.settled(timeoutMs);
  }
}
