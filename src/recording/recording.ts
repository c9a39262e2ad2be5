/**
 * A recording as its header and its ticks, read forwards from wherever it is asked to.
 *
 * @module
 */
import type { Tick, ToolInfo } from "../model/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { RecordingError } from "./fields.ts";
import { MAX_TICK_BYTES, type RecordedTick, type RecordingHeader } from "./format.ts";
import { type Line, readLines } from "./lines.ts";
import { isTickLine, parseHeader, parseLine, tickTime } from "./parse.ts";
import type { Source } from "./source.ts";

/** Where a tick's lines begin. */
export interface Place {
  /** Ticks before it. */
  readonly position: number;
  /** Bytes before it, of the decompressed recording. */
  readonly offset: number;
}

/** A tick with its place, and the next one's. */
export interface PlacedTick extends Place {
  readonly tick: RecordedTick;
  readonly nextOffset: number;
}

/** A recording that was opened. Made by {@linkcode Recording.open}. */
export class Recording {
  readonly header: RecordingHeader;
  readonly source: Source;
  readonly #tools: ReadonlyMap<string, ToolInfo>;
  /** The lines after the header, until the first reader takes them. */
  #first: AsyncGenerator<Line> | null;
  /** Offset of the first tick. */
  readonly #begin: number;
  #notes: readonly string[];

  private constructor(
    source: Source,
    header: RecordingHeader,
    rest: { lines: AsyncGenerator<Line>; begin: number },
  ) {
    this.source = source;
    this.header = header;
    this.#tools = new Map(header.tools.map(({ tool }) => [tool.name, tool]));
    this.#first = rest.lines;
    this.#begin = rest.begin;
    this.#notes = header.notes;
  }

  /**
   * Reads the header.
   *
   * @param tools the tools this ktop knows
   * @throws RecordingError where the source holds none, KtopError where it cannot be read.
   */
  static async open(source: Source, tools: readonly Tool[]): Promise<Recording> {
    const lines = readLines(source.read(0));
    try {
      const { done, value } = await lines.next().catch((error) => {
        if (!(error instanceof RecordingError)) throw error;
        throw new RecordingError(`is not a recording of ktop: its first line ${error.message}`, {
          cause: error,
        });
      });
      if (done) throw new RecordingError("is empty");
      if (!value.whole) {
        throw new RecordingError("is not a recording of ktop, or was cut off in its first line");
      }
      return new Recording(source, parseHeader(value.bytes, tools), { lines, begin: value.end });
    } catch (error) {
      await lines.return(undefined);
      throw error instanceof RecordingError ? Recording.#named(error, source.name) : error;
    }
  }

  static #named(error: RecordingError, where: string): RecordingError {
    return new RecordingError(`${where} ${error.message}.`, { cause: error, remedy: error.remedy });
  }

  /** What is to be said about the recording: what this ktop does not know of it, that it was cut off. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Where the first tick begins. */
  get start(): Place {
    return { position: 0, offset: this.#begin };
  }

  /**
   * The ticks from a place on. A tick that was cut off is left out, with a note. A source that is not seekable gives
   * its ticks once, from the start.
   *
   * @throws RecordingError at a line that ktop cannot have written.
   */
  async *ticks(from: Place = this.start): AsyncGenerator<PlacedTick> {
    const lines = this.#take(from);
    let ticks = new Map<string, Tick>();
    let place = from;
    let bytes = 0;
    try {
      for await (const line of lines) {
        bytes += line.bytes.length;
        if (!line.whole) break;
        if (bytes > MAX_TICK_BYTES) throw new RecordingError("belongs to a tick that is too large");
        const parsed = parseLine(line.bytes, this.#tools);
        if (parsed.kind === "tool") ticks.set(parsed.tick.tool, parsed.tick);
        if (parsed.kind !== "tick") continue;
        yield { ...place, tick: { ...parsed.tick, ticks, bytes }, nextOffset: line.end };
        place = { position: place.position + 1, offset: line.end };
        ticks = new Map();
        bytes = 0;
      }
    } catch (error) {
      const { name } = this.source;
      if (!(error instanceof RecordingError)) throw error;
      throw Recording.#named(error, `${name}: after ${place.position} ticks a line`);
    } finally {
      await lines.return(undefined);
    }
    if (bytes > 0) this.#note("The recording was cut off in its last tick, which is left out.");
  }

  /** The places of all ticks and their times, without parsing rows. Only where the source is seekable. */
  async *places(): AsyncGenerator<Place & { readonly time: number }> {
    let place = this.start;
    for await (const { bytes, end, whole } of readLines(this.source.read(place.offset), place.offset)) {
      if (!whole || !isTickLine(bytes)) continue;
      yield { ...place, time: tickTime(bytes) };
      place = { position: place.position + 1, offset: end };
    }
  }

  #take(from: Place): AsyncGenerator<Line> {
    const first = this.#first;
    this.#first = null;
    if (first && from.position === 0) return first;
    first?.return(undefined);
    return readLines(this.source.read(from.offset), from.offset);
  }

  #note(text: string): void {
    if (!this.#notes.includes(text)) this.#notes = [...this.#notes, text];
  }
}
