/**
 * Reads a recording: the header once, then ticks forwards from any offset.
 *
 * @module
 */
import type { FlagValue, Peaks, Tick, ToolInfo } from "../model/mod.ts";
import { HISTORY_LIMITS } from "../monitor/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { RecordingError } from "./fields.ts";
import { MAX_LINE_BYTES, MAX_TICK_BYTES, type RecordedTick, type RecordingHeader } from "./format.ts";
import { type Line, readLines } from "./lines.ts";
import { isTrailer, parseHeader, parseLine, type RecordedLine, trailerSummary } from "./parse.ts";
import type { Source } from "./source.ts";

/** The lines of tools of a tick whose trailer was not read yet. */
interface ToolLines {
  readonly toolTicks: Map<string, Tick>;
  readonly dropped: Map<string, number>;
  readonly flags: Map<string, Readonly<Record<string, FlagValue>>>;
}

const noLines = (): ToolLines => ({ toolTicks: new Map(), dropped: new Map(), flags: new Map() });

function addLine(
  lines: ToolLines,
  { tick, dropped, flags }: Extract<RecordedLine, { readonly kind: "tool" }>,
): void {
  lines.toolTicks.set(tick.tool, tick);
  lines.dropped.set(tick.tool, dropped);
  if (flags) lines.flags.set(tick.tool, flags);
}

/** The position of a tick in the recording. */
export interface TickOffset {
  /** Ticks before it. */
  readonly position: number;
  /** Bytes before it, decompressed. */
  readonly offset: number;
}

/** One tick or several, and where the first is. */
export interface TickSpan extends TickOffset {
  readonly ticks: number;
  /** Time of the first tick, milliseconds since the epoch. */
  readonly time: number;
  /** Time of the last tick. */
  readonly lastTime: number;
  readonly peaks: Peaks;
}

/** A tick and its position. */
export interface LocatedTick extends TickOffset {
  readonly tick: RecordedTick;
}

/** What a replay reads: one file, or the segments of a directory. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly source: Pick<Source, "name" | "seekable">;
  /** Sentences for the user: what is not supported, and what is missing. */
  readonly warnings: readonly string[];
  /** Ticks that a move to a tick also reads before it, for its graphs. */
  readonly contextTicks: number;
  /** True after {@linkcode close}. */
  readonly closed: boolean;
  /** The position of the first tick. */
  readonly start: TickOffset;
  /**
   * The ticks from an offset on. A source that is not seekable can be read once, from the start.
   *
   * @param first Position of the first tick that is returned: those before it are read without parsing their rows.
   */
  ticks(from?: TickOffset, first?: number): AsyncGenerator<LocatedTick>;
  /** Where ticks are, in order. The source must be seekable. */
  offsets(): AsyncGenerator<TickSpan>;
  /**
   * The ticks of a span from its start on, one by one, without parsing rows. Absent: {@linkcode offsets} has a span for each tick.
   */
  ticksOfSpan?(start: TickOffset): AsyncGenerator<TickSpan>;
  /**
   * Ends all reads, those in flight too, as if the recording ended there. Resolves when nothing is read in the background any more.
   * May be called twice.
   */
  close(): Promise<void>;
}

/** An open recording. Made by {@linkcode RecordingReader.open}. */
export class RecordingReader implements Recording {
  readonly header: RecordingHeader;
  readonly source: Source;
  readonly contextTicks = HISTORY_LIMITS.fewestTicks;
  readonly #tools: ReadonlyMap<string, ToolInfo>;
  /** The lines after the header; null once ticks() has consumed them, because a pipe cannot be read again. */
  #lines: AsyncGenerator<Line> | null;
  readonly #firstOffset: number;
  readonly #closing: AbortController;
  readonly #maxLineBytes: number;
  #warnings: readonly string[];

  private constructor(
    source: Source,
    header: RecordingHeader,
    rest: {
      lines: AsyncGenerator<Line>;
      offset: number;
      closing: AbortController;
      maxLineBytes: number;
    },
  ) {
    this.source = source;
    this.header = header;
    this.#tools = new Map(header.tools.map(({ tool }) => [tool.name, tool]));
    this.#lines = rest.lines;
    this.#firstOffset = rest.offset;
    this.#closing = rest.closing;
    this.#maxLineBytes = rest.maxLineBytes;
    this.#warnings = header.warnings;
  }

  /**
   * Reads the header.
   *
   * @param tools The tools of this ktop.
   * @param maxLineBytes Maximum length of a line.
   * @throws RecordingError if the source is not a recording, KtopError if it cannot be read.
   */
  static async open(
    source: Source,
    tools: readonly Tool[],
    maxLineBytes = MAX_LINE_BYTES,
  ): Promise<RecordingReader> {
    const closing = new AbortController();
    const lines = readLines(source.read(0), 0, closing.signal, maxLineBytes);
    try {
      const { done, value } = await lines.next().catch((error) => {
        if (!(error instanceof RecordingError)) throw error;
        throw new RecordingError(`is not a recording of ktop: its first line ${error.message}`, {
          cause: error,
          kind: "notARecording",
        });
      });
      if (done) throw new RecordingError("is empty", { kind: "empty" });
      if (!value.complete) {
        throw new RecordingError("is not a recording of ktop, or is truncated in its first line", {
          kind: "notARecording",
        });
      }
      return new RecordingReader(source, parseHeader(value.bytes, tools), {
        lines,
        offset: value.end,
        closing,
        maxLineBytes,
      });
    } catch (error) {
      await lines.return(undefined);
      throw error instanceof RecordingError ? RecordingReader.#named(error, source.name) : error;
    }
  }

  static #named(error: RecordingError, name: string): RecordingError {
    const { kind, remedy } = error;
    return new RecordingError(`${name} ${error.message}.`, { cause: error, kind, remedy });
  }

  /** Sentences for the user: what this version of ktop does not support, and whether the recording is truncated. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** See {@linkcode Recording.close}. */
  async close(): Promise<void> {
    this.#closing.abort();
    const lines = this.#lines;
    this.#lines = null;
    await lines?.return(undefined).catch(() => {});
  }

  /** True after {@linkcode close}. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** The position of the first tick. */
  get start(): TickOffset {
    return { position: 0, offset: this.#firstOffset };
  }

  /**
   * The ticks from an offset on. A truncated last tick is discarded, with a warning. A source that is not seekable can be
   * read once, from the start.
   *
   * @param first Position of the first tick that is returned: those before it are read without parsing their rows.
   * @throws RecordingError at an invalid line.
   */
  async *ticks(from: TickOffset = this.start, first = from.position): AsyncGenerator<LocatedTick> {
    const lines = this.#linesFrom(from);
    let read = noLines();
    let at = from;
    let bytes = 0;
    try {
      for await (const line of lines) {
        bytes += line.bytes.length;
        if (!line.complete) break;
        if (bytes > MAX_TICK_BYTES) throw new RecordingError("belongs to a tick that is too large");
        if (at.position < first) {
          if (!isTrailer(line.bytes)) continue;
          at = { position: at.position + 1, offset: line.end };
          bytes = 0;
          continue;
        }
        const parsed = parseLine(line.bytes, this.#tools);
        if (parsed.kind === "tool") addLine(read, parsed);
        if (parsed.kind !== "trailer") continue;
        yield { ...at, tick: { ...parsed.tick, ...read } };
        at = { position: at.position + 1, offset: line.end };
        read = noLines();
        bytes = 0;
      }
    } catch (error) {
      const { name } = this.source;
      if (!(error instanceof RecordingError)) throw error;
      throw RecordingReader.#named(error, `${name}: after ${at.position} ticks a line`);
    } finally {
      await lines.return(undefined);
    }
    if (bytes > 0 && !this.closed) {
      this.#warn("The recording is truncated; its incomplete last tick is left out.");
    }
  }

  /** The positions and times of all ticks, one by one, without parsing rows. The source must be seekable. */
  async *offsets(from: TickOffset = this.start): AsyncGenerator<TickSpan> {
    let at = from;
    for await (const { bytes, end, complete } of this.#readLines(at.offset)) {
      if (!complete || !isTrailer(bytes)) continue;
      const { time, peaks } = trailerSummary(bytes);
      yield { ...at, ticks: 1, time, lastTime: time, peaks };
      at = { position: at.position + 1, offset: end };
    }
  }

  #linesFrom(from: TickOffset): AsyncGenerator<Line> {
    const lines = this.#lines;
    this.#lines = null;
    if (lines && from.position === 0) return lines;
    lines?.return(undefined);
    return this.#readLines(from.offset);
  }

  #readLines(offset: number): AsyncGenerator<Line> {
    return readLines(this.source.read(offset), offset, this.#closing.signal, this.#maxLineBytes);
  }

  #warn(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings = [...this.#warnings, text];
  }
}
