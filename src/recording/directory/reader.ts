/**
 * Reads the segments of a recorded directory as one recording. Indexes give the positions; a segment is opened when it is reached.
 *
 * @module
 */
import { KtopError } from "../../errors.ts";
import type { FlagValue, ToolState } from "../../model/mod.ts";
import type { Tool } from "../../tools/mod.ts";
import { RecordingError } from "../fields.ts";
import type { RecordedTick, RecordedTool, RecordingHeader } from "../format.ts";
import {
  type LocatedTick,
  type Recording,
  RecordingReader,
  type TickOffset,
  type TickSpan,
} from "../reader.ts";
import { parseSegmentName, type SegmentName } from "./names.ts";
import { type Block, completeIndex, readIndex, type SegmentIndex } from "./segment_index.ts";
import { segmentSource } from "./segment_source.ts";
import type { SegmentStore } from "./store.ts";

/** A block, and how many ticks are before it in the directory. */
interface PlacedBlock extends Block {
  readonly position: number;
}

/** A segment that holds ticks. */
interface Segment {
  readonly name: SegmentName;
  readonly digest: string | null;
  readonly blocks: readonly PlacedBlock[];
  /** Ticks before it, and up to its end. */
  readonly from: number;
  readonly to: number;
}

/** The state of a tool that only other segments have. */
const NOT_RECORDED: ToolState = { kind: "unavailable", reason: "not recorded at this time", remedy: "" };

/**
 * Ticks before a time that a move reads, so that graphs have a past. Few: a move should take at most 200 ms, and reading a tick of four
 * tools on a busy server takes 3 ms.
 */
const CONTEXT_TICKS = 20;

const SEGMENT_START: TickOffset = { position: 0, offset: 0 };

/** A recorded directory. Made by {@linkcode DirectoryReader.open}. Its offsets are positions only. */
export class DirectoryReader implements Recording {
  readonly header: RecordingHeader;
  readonly source: Recording["source"];
  readonly start = SEGMENT_START;
  readonly contextTicks = CONTEXT_TICKS;
  readonly #store: SegmentStore;
  readonly #tools: readonly Tool[];
  readonly #segments: readonly Segment[];
  readonly #warnings: Set<string>;
  #closed = false;
  #open: RecordingReader | null = null;

  private constructor(
    { store, tools, warnings }: { store: SegmentStore; tools: readonly Tool[]; warnings: Set<string> },
    segments: readonly Segment[],
    header: RecordingHeader,
  ) {
    this.#store = store;
    this.#tools = tools;
    this.#segments = segments;
    this.#warnings = warnings;
    this.header = header;
    this.source = { name: store.name, seekable: true };
  }

  /**
   * Reads the indexes, and the headers that differ.
   *
   * @param tools the tools of this ktop
   * @throws RecordingError if no segment holds a tick, KtopError if the directory cannot be read
   */
  static async open(store: SegmentStore, tools: readonly Tool[]): Promise<DirectoryReader> {
    const warnings = new Set<string>();
    const segments = place(await readIndexes(store, warnings));
    const header = await mergedHeader({ store, tools, warnings }, segments);
    if (header === null) {
      throw new RecordingError(`${store.name} is a directory without recorded ticks.`, {
        remedy: "ktop record DIR/ records into one.",
      });
    }
    return new DirectoryReader({ store, tools, warnings }, segments, header);
  }

  /** Sentences for the user: what this version of ktop does not support, and what cannot be read. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** True after {@linkcode close}. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends all reads. */
  close(): void {
    this.#closed = true;
    this.#open?.close();
  }

  /** One span for each block. */
  async *offsets(): AsyncGenerator<TickSpan> {
    for (const { blocks } of this.#segments) {
      for (const { position, ticks, firstMs, lastMs, peaks } of blocks) {
        if (this.#closed) return;
        yield await Promise.resolve({ position, offset: 0, ticks, time: firstMs, lastTime: lastMs, peaks });
      }
    }
  }

  /** The ticks from the start of a block to the end of its segment. A damaged part ends them. */
  async *ticksOfSpan({ position }: TickOffset): AsyncGenerator<TickSpan> {
    const segment = this.#segments.find(({ to }) => to > position);
    const block = segment?.blocks.findLast((one) => one.position <= position);
    if (segment === undefined || block === undefined) return;
    try {
      const reader = await RecordingReader.open(segmentSource(this.#store, segment.name), this.#tools);
      this.#open = reader;
      try {
        yield* reader.offsets({ position: block.position, offset: block.start });
      } finally {
        reader.close();
        this.#open = null;
      }
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
    }
  }

  /**
   * The ticks of all segments in order. What cannot be read is left out, with a warning: the rest of a damaged block, a
   * segment that is removed during the replay.
   */
  async *ticks({ position }: TickOffset = this.start, first = position): AsyncGenerator<LocatedTick> {
    let at = first;
    for (const segment of this.#segments) {
      if (segment.to <= at && segment !== this.#segments.at(-1)) continue;
      for await (const { tick } of this.#ticksOf(segment, at)) {
        yield { position: at++, offset: 0, tick };
      }
      if (this.#closed) return;
      at = Math.max(at, segment.to);
    }
  }

  /** The ticks of a segment from a position in the directory on. */
  async *#ticksOf(segment: Segment, from: number): AsyncGenerator<LocatedTick> {
    let at = from;
    let block = segment.blocks.findLast((one) => one.position <= from) ?? segment.blocks[0];
    let isDamaged = false;
    while (block !== undefined && !this.#closed) {
      const { start } = block;
      try {
        for await (const located of this.#read(segment.name, block, at)) {
          at = located.position + 1;
          yield located;
        }
        return;
      } catch (error) {
        if (!(error instanceof KtopError)) throw error;
        if (!isDamaged) this.#warnings.add(error.message);
        isDamaged = true;
        block = segment.blocks.find((one) => one.position >= at && one.start > start);
        at = block?.position ?? at;
      }
    }
  }

  /** The ticks of a segment from a position in a block on. */
  async *#read(name: SegmentName, block: PlacedBlock, first: number): AsyncGenerator<LocatedTick> {
    const reader = await RecordingReader.open(segmentSource(this.#store, name), this.#tools);
    this.#open = reader;
    try {
      const adapt = adapter(this.header, reader.header);
      const start = { position: block.position, offset: block.start };
      for await (const located of reader.ticks(start, first)) {
        yield { ...located, tick: adapt(located.tick) };
      }
    } finally {
      for (const warning of reader.warnings) this.#warnings.add(warning);
      reader.close();
      this.#open = null;
    }
  }
}

/** The segments in order, with their complete indexes. Adds a warning for each one of which ticks are missing. */
async function readIndexes(
  store: SegmentStore,
  warnings: Set<string>,
): Promise<{ name: SegmentName; index: SegmentIndex }[]> {
  const named = store.list().flatMap(({ name: file, bytes }) => {
    const name = parseSegmentName(file);
    return name?.data === file ? [{ name, bytes }] : [];
  });
  named.sort((a, b) => a.name.number - b.name.number);
  const indexes: { name: SegmentName; index: SegmentIndex }[] = [];
  for (const { name, bytes } of named) {
    const known = readIndex(store, name);
    const index = await completeIndex(store, name, { bytes, index: known });
    indexes.push({ name, index });
    const found = ticksIn(index);
    if (found < ticksIn(known)) {
      warnings.add(
        `${store.name}${name.data} is shorter than its index says: ${
          ticksIn(known) - found
        } ticks are missing.`,
      );
    } else if (found === 0 && bytes > 0 && !await isRecording(store, name)) {
      warnings.add(`${store.name}${name.data} is damaged and is left out.`);
    }
  }
  return indexes;
}

const ticksIn = ({ blocks }: SegmentIndex): number => blocks.reduce((sum, { ticks }) => sum + ticks, 0);

/** Whether a segment has a header. */
async function isRecording(store: SegmentStore, name: SegmentName): Promise<boolean> {
  try {
    (await RecordingReader.open(segmentSource(store, name), [])).close();
    return true;
  } catch (error) {
    if (error instanceof RecordingError) return false;
    throw error;
  }
}

/** Segments that hold ticks, with the positions of their blocks. */
function place(indexes: readonly { readonly name: SegmentName; readonly index: SegmentIndex }[]): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (const { name, index: { digest, blocks } } of indexes) {
    const from = position;
    const placed = blocks.flatMap((block) => {
      if (block.ticks === 0) return [];
      const one = { ...block, position };
      position += block.ticks;
      return [one];
    });
    if (placed.length > 0) segments.push({ name, digest, blocks: placed, from, to: position });
  }
  return segments;
}

/**
 * One header for all segments: the newest, with the start and the time zone of the oldest, and every tool. Null: no segment can be read.
 */
async function mergedHeader(
  { store, tools, warnings }: { store: SegmentStore; tools: readonly Tool[]; warnings: Set<string> },
  segments: readonly Segment[],
): Promise<RecordingHeader | null> {
  const known = new Set<string>();
  const headers: RecordingHeader[] = [];
  for (const segment of [...segments].reverse()) {
    const { digest } = segment;
    if (digest !== null && known.has(digest) && segment !== segments[0]) continue;
    try {
      const reader = await RecordingReader.open(segmentSource(store, segment.name), tools);
      reader.close();
      headers.push(reader.header);
      if (digest !== null) known.add(digest);
      for (const warning of reader.warnings) warnings.add(warning);
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      warnings.add(error.message);
    }
  }
  const oldest = headers.at(-1);
  if (oldest === undefined) return null;
  const all = headers.map((header) => header.tools).reduce(withMore);
  return { ...headers[0]!, tools: all, startedMs: oldest.startedMs, zones: oldest.zones };
}

/** The tools, and those that only older segments have. A tool that ran in any segment is running. */
function withMore(tools: readonly RecordedTool[], older: readonly RecordedTool[]): readonly RecordedTool[] {
  const all = tools.map((one) => {
    const before = older.find(({ tool }) => tool.name === one.tool.name);
    return one.state.kind !== "running" && before?.state.kind === "running" ? before : one;
  });
  return [...all, ...older.filter(({ tool }) => !tools.some((one) => one.tool.name === tool.name))];
}

/** Makes a tick of a segment one of the merged header: adds the states and flags that differ. */
function adapter(merged: RecordingHeader, header: RecordingHeader): (tick: RecordedTick) => RecordedTick {
  const states: [string, ToolState][] = [];
  const flags: [string, Readonly<Record<string, FlagValue>>][] = [];
  for (const one of merged.tools) {
    const { name } = one.tool;
    const here = header.tools.find(({ tool }) => tool.name === name);
    const state = here?.state ?? NOT_RECORDED;
    if (JSON.stringify(state) !== JSON.stringify(one.state)) states.push([name, state]);
    if (here && JSON.stringify(here.flags) !== JSON.stringify(one.flags)) flags.push([name, here.flags]);
  }
  if (states.length === 0 && flags.length === 0) return (tick) => tick;
  return (tick) => ({
    ...tick,
    failed: new Map([...states, ...tick.failed]),
    flags: new Map([...flags, ...tick.flags]),
  });
}
