/**
 * The times that `ktop replay` is given: `--at`, `--from`, `--to`, `--compare`.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { type Recording, recordingRange } from "../recording/mod.ts";
import {
  isRelative,
  localDate,
  type MomentBase,
  parseMoment,
  shownValue,
  startOfSecond,
  zonedTime,
} from "../text/mod.ts";

/** The options, as typed. */
export interface ReplayTimes {
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
}

/** How the times are read. */
export interface ReplayTimesOptions {
  /** The day of a time of day without a date: the last one of a directory, the first one of a file. */
  readonly day: "first" | "last";
}

/** Times of the first tick and of the last, milliseconds since the epoch. */
interface Bounds {
  readonly start: number;
  readonly end: number;
}

async function boundsOf(recording: Recording, option: string): Promise<Bounds> {
  if (!recording.source.seekable) {
    throw new UsageError(`${option} needs a recording in a file or a directory.`);
  }
  const start = recording.header.startedMs;
  let end = start;
  for await (const { lastTime } of recording.offsets()) end = lastTime;
  return { start, end };
}

const shown = (ms: number): string => `${localDate(ms)} ${zonedTime(ms)}`;

/** Parses a time. Throws UsageError. */
function moment(
  wanted: string,
  text: string,
  { start, end }: Bounds,
  options: ReplayTimesOptions & Pick<MomentBase, "edge">,
): number {
  const isLast = options.day === "last";
  const found = parseMoment(text, {
    now: Date.now(),
    from: isLast || isRelative(text) ? end : start,
    day: isLast ? "last" : "next",
    edge: options.edge,
  });
  if ("problem" in found) throw new UsageError(`${wanted}: ${found.problem}.`);
  return found.ms;
}

/** The time of `--at`, milliseconds since the epoch. Throws UsageError. */
export async function startTime(
  recording: Recording,
  text: string,
  options: ReplayTimesOptions,
): Promise<number> {
  const wanted = `--at ${shownValue(text)}`;
  const bounds = await boundsOf(recording, wanted);
  const ms = moment(wanted, text, bounds, options);
  if (ms < bounds.start || startOfSecond(ms) > bounds.end) {
    throw new UsageError(
      `${wanted}: the recording is from ${shown(bounds.start)} to ${shown(bounds.end)}.`,
    );
  }
  return ms;
}

/** Parses the end of a range. 22:00 to 02:00: it is on the day that follows the start. Throws UsageError. */
function endMoment(
  wanted: string,
  text: string,
  { bounds, from }: { readonly bounds: Bounds; readonly from: number | undefined },
  options: Parameters<typeof moment>[3],
): number {
  return from === undefined
    ? moment(wanted, text, bounds, options)
    : moment(wanted, text, { ...bounds, start: from }, { ...options, day: "first" });
}

/** The part of a recording from `--from` to `--to`. Throws UsageError. */
export async function rangeOf(
  recording: Recording,
  { from: fromText, to: toText }: ReplayTimes,
  options: ReplayTimesOptions,
): Promise<Recording> {
  if (fromText === undefined && toText === undefined) return recording;
  const wantedFrom = `--from ${shownValue(fromText ?? "")}`;
  const wantedTo = `--to ${shownValue(toText ?? "")}`;
  const bounds = await boundsOf(recording, fromText === undefined ? wantedTo : wantedFrom);
  const from = fromText === undefined
    ? undefined
    : moment(wantedFrom, fromText, bounds, { ...options, edge: "start" });
  const to = toText === undefined ? undefined : endMoment(wantedTo, toText, { bounds, from }, options);
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`${wantedFrom} is after ${wantedTo}: ${shown(from)}, ${shown(to)}.`);
  }
  if ((from ?? bounds.start) > bounds.end || (to ?? bounds.end) < bounds.start) {
    throw new UsageError(
      `${fromText === undefined ? wantedTo : wantedFrom}: the recording is from ${shown(bounds.start)} to ${
        shown(bounds.end)
      }.`,
    );
  }
  return await recordingRange(recording, { from, to });
}

/** A range of `--compare`: the first millisecond and the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Parses `FROM..TO`, of which the end is not a part. Throws UsageError. */
function spanOf(text: string, bounds: Bounds, options: ReplayTimesOptions): Span {
  const wanted = `--compare ${shownValue(text)}`;
  const [, fromText = "", toText = ""] = /^(.*?)\.\.(.*)$/s.exec(text.trim()) ?? [];
  if (fromText === "" && toText === "") {
    throw new UsageError(`${wanted}: not a range.`, { remedy: `For instance: ${RANGE_EXAMPLES}.` });
  }
  const edge = "start";
  const from = fromText === "" ? undefined : moment(wanted, fromText, bounds, { ...options, edge });
  const to = toText === ""
    ? undefined
    : endMoment(wanted, toText, { bounds, from }, { ...options, edge }) - 1;
  const span = { from: from ?? bounds.start, to: to ?? bounds.end };
  if (span.from > bounds.end || span.to < bounds.start) {
    throw new UsageError(`${wanted}: the recording is from ${shown(bounds.start)} to ${shown(bounds.end)}.`);
  }
  if (span.from > span.to) {
    throw new UsageError(`${wanted} ends before it starts: ${shown(span.from)}, ${shown(span.to + 1)}.`);
  }
  return span;
}

/** Ranges for help and messages. */
export const RANGE_EXAMPLES = "-90m..-60m, -30m.., 14:00..14:30, yesterday 14:00..14:30";

/** The two parts of a recording that `--compare` names. Throws UsageError. */
export async function comparedRanges(
  recording: Recording,
  texts: readonly string[],
  options: ReplayTimesOptions,
): Promise<readonly [Recording, Recording]> {
  const [textA, textB, ...more] = texts;
  if (textA === undefined || textB === undefined || more.length > 0) {
    throw new UsageError(`--compare needs two ranges.`, {
      remedy: "For instance: --compare -90m..-60m -30m..",
    });
  }
  const bounds = await boundsOf(recording, "--compare");
  const [a, b] = [spanOf(textA, bounds, options), spanOf(textB, bounds, options)];
  if (a.from <= b.to && b.from <= a.to) {
    const spans = [a, b].map(({ from, to }) => `${shown(from)} to ${shown(to)}`);
    throw new UsageError(`--compare: the ranges overlap: ${spans.join(", ")}.`);
  }
  return [await recordingRange(recording, a), await recordingRange(recording, b)];
}
