/**
 * Reads a recording: the header once, then ticks forwards from any offset.
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

/** Where the lines of a tick start. */
export interface TickOffset {
  /** Ticks before it. */
  readonly position: number;
  /** Bytes before it, decompressed. */
  readonly offset: number;
}

/** A tick and where it starts. */
export interface LocatedTick extends TickOffset {
  readonly tick: RecordedTick;
}

/** An open recording. Made by {@linkcode RecordingReader.open}. */
export class RecordingReader {
  readonly header: RecordingHeader;
  readonly source: Source;
  readonly #tools: ReadonlyMap<string, ToolInfo>;
  /** The lines after the header, until ticks() takes them: a pipe cannot be read again. */
  #lines: AsyncGenerator<Line> | null;
  readonly #firstOffset: number;
  #notes: readonly string[];

  private constructor(
    source: Source,
    header: RecordingHeader,
    rest: { lines: AsyncGenerator<Line>; offset: number },
  ) {
    this.source = source;
    this.header = header;
    this.#tools = new Map(header.tools.map(({ tool }) => [tool.name, tool]));
    this.#lines = rest.lines;
    this.#firstOffset = rest.offset;
    this.#notes = header.notes;
  }

  /**
   * Reads the header.
   *
   * @param tools The tools of this ktop.
   * @throws RecordingError where the source is not a recording, KtopError where it cannot be read.
   */
  static async open(source: Source, tools: readonly Tool[]): Promise<RecordingReader> {
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
      return new RecordingReader(source, parseHeader(value.bytes, tools), { lines, offset: value.end });
    } catch (error) {
      await lines.return(undefined);
      throw error instanceof RecordingError ? RecordingReader.#named(error, source.name) : error;
    }
  }

  static #named(error: RecordingError, where: string): RecordingError {
    return new RecordingError(`${where} ${error.message}.`, { cause: error, remedy: error.remedy });
  }

  /** Sentences for the user: what this ktop does not know, and whether the recording was cut off. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Where the first tick starts. */
  get start(): TickOffset {
    return { position: 0, offset: this.#firstOffset };
  }

  /**
   * The ticks from an offset on. A tick that was cut off is left out, with a note. A source that is not seekable can be read
   * once, from the start.
   *
   * @throws RecordingError at a line that ktop cannot have written.
   */
  async *ticks(from: TickOffset = this.start): AsyncGenerator<LocatedTick> {
    const lines = this.#linesFrom(from);
    let ticks = new Map<string, Tick>();
    let at = from;
    let bytes = 0;
    try {
      for await (const line of lines) {
        bytes += line.bytes.length;
        if (!line.whole) break;
        if (bytes > MAX_TICK_BYTES) throw new RecordingError("belongs to a tick that is too large");
        const parsed = parseLine(line.bytes, this.#tools);
        if (parsed.kind === "tool") ticks.set(parsed.tick.tool, parsed.tick);
        if (parsed.kind !== "tick") continue;
        yield { ...at, tick: { ...parsed.tick, ticks } };
        at = { position: at.position + 1, offset: line.end };
        ticks = new Map();
        bytes = 0;
      }
    } catch (error) {
      const { name } = this.source;
      if (!(error instanceof RecordingError)) throw error;
      throw RecordingReader.#named(error, `${name}: after ${at.position} ticks a line`);
    } finally {
      await lines.return(undefined);
    }
    if (bytes > 0) this.#note("The recording was cut off in its last tick, which is left out.");
  }

  /** Where all ticks start and their times, without parsing rows. The source must be seekable. */
  async *offsets(): AsyncGenerator<TickOffset & { readonly time: number }> {
    let at = this.start;
    for await (const { bytes, end, whole } of readLines(this.source.read(at.offset), at.offset)) {
      if (!whole || !isTickLine(bytes)) continue;
      yield { ...at, time: tickTime(bytes) };
      at = { position: at.position + 1, offset: end };
    }
  }

  #linesFrom(from: TickOffset): AsyncGenerator<Line> {
    const lines = this.#lines;
    this.#lines = null;
    if (lines && from.position === 0) return lines;
    lines?.return(undefined);
    return readLines(this.source.read(from.offset), from.offset);
  }

  #note(text: string): void {
    if (!this.#notes.includes(text)) this.#notes = [...this.#notes, text];
  }
}
