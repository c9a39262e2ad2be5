/**
 * The timeline of a replay: what of its time is recorded, its notable peaks, and where the shown moment is.
 *
 * @module
 */
import {
  joinPeaks,
  type Model,
  notablePeaks,
  PEAK_KINDS,
  type PeakKind,
  type PeakLine,
  type Peaks,
  peakTimes,
} from "../../model/mod.ts";
import { clockTime, displayWidth, humanBytes, humanCount, localDate, shortNumber } from "../../text/mod.ts";
import type { Rect } from "../canvas/mod.ts";

/** A cell of the timeline. */
export interface TimelineCell {
  /** Reads per second, at most. */
  readonly reads: number;
  /** The notable peak in its time, by {@linkcode MARK_ORDER}; null: none. */
  readonly mark: PeakKind | null;
  /** When that was, milliseconds since the epoch. */
  readonly markMs: number | null;
}

/** What the legend says of a kind, beside its mark: its highest value in the recording, or on narrow screens what it is. */
export interface TimelineLegend {
  readonly kind: PeakKind;
  readonly text: string;
}

/** The timeline, arranged on one line. */
export interface ArrangedTimeline {
  readonly rect: Rect;
  /** First column of the cells. */
  readonly x: number;
  /** null: nothing was recorded. */
  readonly cells: readonly (TimelineCell | null)[];
  /** The cell of the shown moment; null: outside. */
  readonly cursor: number | null;
  /** Times at the left and the right of the cells. */
  readonly from: string;
  readonly to: string;
  readonly legend: readonly TimelineLegend[];
  /** Highest reads per second. */
  readonly mostReads: number;
  /** Where a click on a cell goes: its peak, else its end. Milliseconds since the epoch. */
  readonly clickTime: (cell: number) => number;
}

/** Minimum width of a screen whose legend has the highest values. */
const VALUES_WIDTH = 100;
/** Minimum width of a screen whose legend says what the marks are. */
const MARKS_WIDTH = 60;
const HOUR_MS = 3_600_000;

/** What is computed once for all frames of the same line. */
interface Computed {
  readonly marks: readonly Peaks[];
  readonly times: readonly number[];
  readonly highest: Peaks;
}

const computed = new WeakMap<PeakLine, Computed>();

function compute(line: PeakLine): Computed {
  const known = computed.get(line);
  if (known !== undefined) return known;
  const marks = notablePeaks(line);
  const highest = line.parts.reduce((all: Peaks, part) => joinPeaks(all, part ?? {}), {});
  const result = { marks, times: peakTimes(marks), highest };
  computed.set(line, result);
  return result;
}

/** The time of the next or the previous notable peak; null: none. */
export function nextPeakTime({ replay, time }: Model, direction: 1 | -1): number | null {
  const times = replay?.peaks ? compute(replay.peaks).times : [];
  return (direction > 0 ? times.find((one) => one > time) : times.findLast((one) => one < time)) ?? null;
}

/** Which peak a cell shows that has several. */
const MARK_ORDER: readonly PeakKind[] = ["lost", "latency", "written", "reads"];

/** The cell of these parts. */
function cellOf(parts: readonly (Peaks | null)[], marks: readonly Peaks[]): TimelineCell | null {
  if (parts.every((part) => part === null)) return null;
  const reads = parts.reduce((most, part) => Math.max(most, part?.reads?.value ?? 0), 0);
  const highest = marks.reduce(joinPeaks, {});
  const mark = MARK_ORDER.find((kind) => highest[kind] !== undefined) ?? null;
  return { reads, mark, markMs: mark === null ? null : highest[mark]!.atMs };
}

function latencyText(us: number): string {
  if (us < 1000) return `${Math.round(us)}us`;
  return us < 1e6 ? `${shortNumber(us / 1000)}ms` : `${shortNumber(us / 1e6)}s`;
}

const VALUES: Readonly<Record<PeakKind, (value: number) => string>> = {
  reads: (value) => `${humanCount(value)} reads/s`,
  written: (value) => `${humanBytes(value)}/s written`,
  latency: (value) => `LAT ${latencyText(value)}`,
  lost: (value) => `${humanCount(value)} lost`,
};

const MARKS: Readonly<Record<Exclude<PeakKind, "reads">, string>> = {
  written: "written",
  latency: "LAT",
  lost: "lost",
};

/** The highest value of each kind, as far as it fits; on narrow screens the kinds of the marks that are drawn. */
function legendOf({ highest, marks }: Computed, width: number): TimelineLegend[] {
  const kinds = PEAK_KINDS.filter((kind) => highest[kind] !== undefined);
  if (width >= VALUES_WIDTH) {
    return kinds.map((kind, i) => ({
      kind,
      text: `${i === 0 ? "max " : ""}${VALUES[kind](highest[kind]!.value)}`,
    }));
  }
  if (width < MARKS_WIDTH) return [];
  return kinds.flatMap((kind) =>
    kind !== "reads" && marks.some((one) => one[kind] !== undefined) ? [{ kind, text: MARKS[kind] }] : []
  );
}

/** Both ends of a time: time of day, with the date if they are on different days. */
function endLabels(from: number, to: number): readonly [string, string] {
  const dated = localDate(from) !== localDate(to);
  const length = to - from > HOUR_MS ? 5 : 8;
  const label = (ms: number): string =>
    `${dated ? `${localDate(ms).slice(5)} ` : ""}${clockTime(ms).slice(0, length)}`;
  return [label(from), label(to)];
}

/** All but reads, which are bars, begin with their mark. */
const legendWidth = (legend: readonly TimelineLegend[]): number =>
  legend.reduce((width, { kind, text }) => width + 2 + (kind === "reads" ? 0 : 2) + displayWidth(text), 0);

/** Arranges the timeline of a replay; null: nothing is known yet. */
export function arrangeTimeline({ replay, time }: Model, rect: Rect): ArrangedTimeline | null {
  const line = replay?.peaks ?? null;
  if (line === null) return null;
  const { fromMs, partMs, parts } = line;
  const all = compute(line);
  const { marks, highest } = all;
  const length = parts.length * partMs;
  const [from, to] = endLabels(fromMs, Math.min(replay?.range.to ?? Infinity, fromMs + length));
  const legend = legendOf(all, rect.width);
  const x = 1 + displayWidth(from) + 1;
  const count = Math.max(1, rect.width - x - displayWidth(to) - 2 - legendWidth(legend));
  const partAt = (cell: number): number => Math.floor(cell * parts.length / count);
  const partsEnd = (cell: number): number => Math.max(partAt(cell) + 1, partAt(cell + 1));
  const cells = Array.from({ length: count }, (_, cell) => {
    const [first, end] = [partAt(cell), partsEnd(cell)];
    return cellOf(parts.slice(first, end), marks.slice(first, end));
  });
  const cell = Math.floor((time - fromMs) / length * count);
  // A part that begins within a cell is drawn in the next one, and so is the cursor.
  const cursor = Math.floor((time - fromMs) / partMs) < partsEnd(cell) ? cell : cell + 1;
  return {
    rect,
    x,
    cells,
    cursor: cursor >= 0 && cursor < count ? cursor : null,
    from,
    to,
    legend,
    mostReads: highest.reads?.value ?? 0,
    clickTime: (cell) => cells[cell]?.markMs ?? fromMs + (cell + 1) * length / count,
  };
}
